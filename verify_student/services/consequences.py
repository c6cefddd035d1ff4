"""What follows from a photo verification's status: who is told, and which mail is sent (contract §6.2, §8.1)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from proctoring.common.announce import announce
from verify_student import lms
from verify_student.models import OutboxMessage, PhotoVerification, SoftwareSecurePhotoVerification
from verify_student.services import outbox
from verify_student.signals import PHOTO_VERIFICATION_APPROVED, idv_update_signal
from verify_student.statuses import IDVerificationStatus as Status

Verification = SoftwareSecurePhotoVerification

UPDATE_SENDER = "idv_update"
UPDATE = "announce.update"
# Whoever hears of it may be at work for long, on every course of the learner: no provider waits for that (W26).
SLOW = {Status.approved: "announce.approved"}
MAILS = {Status.approved: "mail.approved", Status.denied: "mail.denied"}


def of(verification: Verification, source: str) -> Iterator[OutboxMessage]:
    """What follows from the move ``source`` -> ``verification.status``, not yet written."""
    status = Status(verification.status)
    yield update_of(verification)
    if status in SLOW:
        yield outbox.slow_effect(SLOW[status], verification.pk)
    if status in MAILS:
        yield outbox.mail(MAILS[status], verification.pk)


def kinds(status: Status) -> list[str]:
    """The kinds of messages that follow from coming to ``status``, as :func:`of` makes them."""
    return [UPDATE, *(table[status] for table in (SLOW, MAILS) if status in table)]


def update_of(verification: Verification) -> OutboxMessage:
    """
    Tell who listens that something about the verification changed (W58), with the status of this moment. The name stays
    where it is until then: messages are kept, and seen by people who have nothing to do with names.
    """
    return outbox.effect(UPDATE, verification.pk, status=str(verification.status))


def _announce_update(payload: Mapping[str, Any]) -> None:
    verification = Verification.objects.select_related("user").filter(pk=payload["verification_id"]).first()
    if verification is None:
        return
    user = verification.user
    full_name = lms.profiles().get_pending_name(user) or lms.profiles().get_full_name(user)
    said = update_said(verification, full_name) | {"status": payload["status"]}
    announce(idv_update_signal, UPDATE_SENDER, **said)


def update_said(verification: Verification, full_name: str) -> dict[str, Any]:
    """What ``idv_update_signal`` says of a verification as it stands (contract §6.2)."""
    return {
        "attempt_id": verification.pk,
        "user_id": verification.user_id,
        "status": str(verification.status),
        "photo_id_name": verification.name,
        "full_name": full_name,
    }


def _announce_approval(payload: Mapping[str, Any]) -> None:
    verification = Verification.objects.select_related("user").filter(pk=payload["verification_id"]).first()
    if verification is not None:
        announce(PHOTO_VERIFICATION_APPROVED, PhotoVerification, user=verification.user)


# Listeners hear of it before it is marked as told: a process that dies in between has somebody tell them again.
HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    UPDATE: _announce_update,
    "announce.approved": _announce_approval,
}
