"""What is taken when a learner is retired, kind by kind; each function says what it took, and whether there was any."""

from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from proctoring.common import inbox
from proctoring.common.courier import HERE
from proctoring.common.retention.erasures import Tally, taken
from proctoring.common.retention.remarks import erase_log, erase_reasons
from verify_student.conf import config
from verify_student.models import (
    InboxDelivery,
    ManualVerification,
    OutboxMessage,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    StaffAction,
    StoredPhoto,
    VerificationAttempt,
)
from verify_student.services import holds, outbox
from verify_student.services.retention import BLANK, said

Taken = tuple[list[Tally], bool]
# Staff act on these, and write why.
DECIDED_ON: tuple[Any, ...] = (SoftwareSecurePhotoVerification, SSOVerification, ManualVerification)


def attempts(user_id: int, key: bytes) -> Taken:
    """Vendor-neutral attempts, which are deleted."""
    rows = VerificationAttempt.objects.filter(user_id=user_id)
    tally = taken("plugin_names", key, [rows], ["name", "status", "created_at"])
    return [tally], bool(rows.delete()[0])


def photo_rows(user_id: int, key: bytes) -> Taken:
    """What photo verifications say, what was sent for them, and what providers said. The files are left to others."""
    rows = SoftwareSecurePhotoVerification.objects.filter(user_id=user_id)
    tally = taken("names", key, [rows.filter(said(BLANK))], BLANK)
    # A query-set update: nobody is told of a verification that was only blanked, and ``updated_at`` stays.
    matched = rows.update(**dict.fromkeys(BLANK, ""))
    return [tally, *_messages(rows, key)], matched > 0


def sign_ons(user_id: int, key: bytes) -> Taken:
    """Names that single sign-on has told."""
    rows = SSOVerification.objects.filter(user_id=user_id).exclude(name="")
    tally = taken("sign_on_names", key, [rows], ["name"])
    return [tally], rows.update(name="") > 0


def vouched(user_id: int, key: bytes) -> Taken:
    """What staff vouched for."""
    rows = ManualVerification.objects.filter(user_id=user_id)
    tally = taken("staff_words", key, [rows], ["name", "reason"])
    return [tally], delete_vouched(rows) > 0


def delete_vouched(rows: "QuerySet[ManualVerification]") -> int:
    """Blank and delete these; how many there were."""
    # Blanked first: deleted rows may live on in a copy of the database that is told of updates only.
    rows.update(name="", reason="")
    return rows.delete()[0]


def remarks(user_id: int, key: bytes) -> Taken:
    """What staff wrote about the learner's verifications, as far as no hold keeps what they wrote of others as well."""
    # Staff lift holds, which leads here.
    from verify_student.services import staff_actions

    tally = Tally("staff_remarks", key)
    of_verb: dict[str, type[Model]] = {verb.name: verb.model for verb in staff_actions.actions.verbs}
    keys: dict[type[Model], set[int]] = {model: _keys(model, user_id) for model in DECIDED_ON}
    erase_reasons(StaffAction.objects.all(), of_verb, keys, tally, holds.free_actions)
    erase_log(keys, tally)
    return [tally], tally.items > 0


def files(user_id: int, key: bytes, since: datetime) -> Tally:
    """Photos whose files were deleted since then."""
    gone = StoredPhoto.objects.filter(verification__user_id=user_id, deleted_at__gte=since)
    return taken("photos", key, [gone], ["kind", "size", "sha256"])


def _keys(model: Any, user_id: int) -> set[int]:
    return set(model.objects.filter(user_id=user_id).values_list("pk", flat=True))


def _messages(rows: "QuerySet[SoftwareSecurePhotoVerification]", key: bytes) -> list[Tally]:
    """Nothing is sent for the learner any more, and nothing that was sent or received says the name or reasons."""
    known = list(rows.values_list("pk", "provider", "receipt_id"))
    streams = [
        f"{destination}:{pk}"
        for pk, provider, _ in known
        for destination in (HERE, outbox.HOST, outbox.MAIL, provider or config.provider)
    ]
    sent = OutboxMessage.objects.filter(stream__in=streams)
    told = taken("sent_messages", key, [sent], ["kind", "payload"])
    sent.delete()
    received = list(InboxDelivery.objects.filter(subject__in=[receipt for _, _, receipt in known], body_size__gt=0))
    tally = Tally("provider_messages", key)
    for delivery in received:
        tally.add(InboxDelivery._meta.db_table, delivery.pk, {"body": bytes(delivery.body)})
    inbox.empty(received, config.keyring)
    return [told, tally]
