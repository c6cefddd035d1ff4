"""
A photo verification, one verb a move, with the special cases of contract §1.7: the first approval wins, a denial may be
given again with other reasons, a failure of the provider's system changes nothing that has been decided.
"""

import json
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from proctoring.common.audit import ActorKind
from verify_student.exceptions import VerificationException, VerificationNotFound
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import audit, consequences, outbox, transitions
from verify_student.services.transitions import Transition, change_status
from verify_student.statuses import DECIDED, Actor
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification
MAX_NAME = 255


def by_receipt(receipt_id: object) -> Verification:
    """The verification of a receipt. Raises ``VerificationNotFound``, also where several have it (W17)."""
    receipt = str(receipt_id)
    if not receipt.isprintable():
        # Some databases refuse to look for it.
        raise VerificationNotFound
    try:
        found = Verification.get_verification_from_receipt(receipt)
    except Verification.MultipleObjectsReturned:
        logger.error("Several verifications have one receipt.")
        found = None
    if found is None:
        raise VerificationNotFound
    return found


def ready(verification_id: int, *, name: str) -> Transition:
    """The photos are there; ``name`` is the learner's, unless the verification has one already."""
    with transaction.atomic():
        held = transitions.locked(verification_id)
        fields = {} if held.name else {"name": name[:MAX_NAME]}
        return change_status(verification_id, Status.ready, actor=Actor.LEARNER, fields=fields)


def submitted(verification_id: int) -> Transition:
    """
    The provider has the request. It may have answered already (W11): then only the moment is recorded.
    """
    with transaction.atomic():
        held = transitions.locked(verification_id)
        if held.status in DECIDED | {Status.submitted}:
            transitions.write(held, {"submitted_at": timezone.now()})
            return Transition(held, held.status, changed=False)
        return change_status(verification_id, Status.submitted, actor=Actor.SYSTEM)


def must_retry(verification_id: int, error: str = "") -> Transition:
    """The request has to be made again. A blank ``error`` leaves what is known (W20); decisions stay."""
    with transaction.atomic():
        held = transitions.locked(verification_id)
        if held.status in DECIDED:
            return Transition(held, held.status, changed=False)
        fields = {"error_msg": error} if error else {}
        return change_status(verification_id, Status.must_retry, actor=Actor.SYSTEM, fields=fields)


def approve(verification_id: int, *, actor: Actor, reviewer: Any = None, service: str = "") -> Transition:
    """The learner is who they say they are. Of two approvals the first one counts."""
    with transaction.atomic():
        held = transitions.locked(verification_id)
        if held.status != Status.approved:
            _stop_reminders(held.user_id)
        fields = {"error_msg": "", "error_code": "", "reviewing_user": reviewer, "reviewing_service": service}
        moved = change_status(verification_id, Status.approved, actor=actor, fields=fields)
        return _on_record("verification.approved", moved, actor, reviewer)


def deny(
    verification_id: int,
    reasons: str,
    *,
    actor: Actor,
    code: str = "",
    reviewer: Any = None,
    service: str = "",
) -> Transition:
    """
    The learner could not be recognised; ``reasons`` as the provider gives them, or JSON text of ours.

    A denial for other reasons replaces them, and is mailed too; a repetition of the same one changes nothing.
    """
    fields = {"error_msg": reasons, "error_code": code, "reviewing_user": reviewer, "reviewing_service": service}
    with transaction.atomic():
        held = transitions.locked(verification_id)
        if held.status != Status.denied:
            moved = change_status(verification_id, Status.denied, actor=actor, fields=fields)
            return _on_record("verification.denied", moved, actor, reviewer)
        if (held.error_msg, held.error_code) == (reasons, code):
            return Transition(held, held.status, changed=False)
        transitions.write(held, fields)
        outbox.write([consequences.update_of(held), outbox.mail("mail.denied", held.pk)])
        moved = Transition(held, Status.denied, changed=True)
        return _on_record("verification.denied", moved, actor, reviewer)


def system_error(verification_id: int, reasons: str, *, code: str = "", service: str = "") -> Transition:
    """The provider's system failed. What has been decided stays."""
    fields = {"error_msg": reasons, "error_code": code, "reviewing_service": service}
    with transaction.atomic():
        held = transitions.locked(verification_id)
        if held.status in DECIDED:
            return Transition(held, held.status, changed=False)
        if held.status == Status.must_retry:
            transitions.write(held, fields)
            return Transition(held, held.status, changed=True)
        return change_status(verification_id, Status.must_retry, actor=Actor.PROVIDER, fields=fields)


def _on_record(event: str, moved: Transition, actor: Actor, reviewer: Any) -> Transition:
    if moved.changed:
        who = ActorKind.VENDOR if actor == Actor.PROVIDER else reviewer
        facts = {"from_status": audit.code(moved.source), "by": audit.code(moved.verification.reviewing_service)}
        audit.record(event, moved.verification, actor=who, **facts)
    return moved


def denial_reasons(*codes: str) -> str:
    """Reasons of ours as the column holds them, beside those of providers (contract §3.4)."""
    return json.dumps([{"codes": list(codes)}])


def require(verification: Verification, *allowed: str) -> None:
    """Raise ``VerificationException`` unless the verification is in one of the statuses."""
    if verification.status not in allowed:
        raise VerificationException(from_status=verification.status)


def _stop_reminders(user_id: int) -> None:
    """A new approval: of the one before, nobody has to be reminded any more (contract §3.3)."""
    approved = Verification.objects.filter(user_id=user_id, status=Status.approved).order_by("-updated_at")
    latest = approved.values_list("pk", flat=True).first()
    if latest is not None:
        Verification.objects.filter(pk=latest).update(expiry_email_date=None)
