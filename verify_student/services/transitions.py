"""
The only writer of a photo verification's status.

A change locks the row, asks the table whether this actor may make it, stamps times, and commits together with the list
of what follows from it. The guard looks at the database, never at an instance in somebody's memory.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from model_utils.models import StatusModel

from verify_student.conf import config
from verify_student.exceptions import VerificationException, VerificationNotFound
from verify_student.models import SoftwareSecurePhotoVerification, VerificationAttempt
from verify_student.services import consequences, outbox
from verify_student.statuses import PHOTO_MACHINE, Actor
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification
Row = TypeVar("Row", bound=StatusModel)
ROWS_A_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class Transition:
    """What came of a request to change a status: the fresh row, where it was, and whether anything changed."""

    verification: Verification
    source: str
    changed: bool


def locked(verification_id: int) -> Verification:
    """The verification, held until the running transaction ends. Raises ``VerificationNotFound``."""
    try:
        return Verification.objects.select_for_update().get(pk=verification_id)
    except Verification.DoesNotExist:
        raise VerificationNotFound from None


def change_status(
    verification_id: int, target: Status, *, actor: Actor, fields: Mapping[str, Any] | None = None
) -> Transition:
    """
    Move a verification to ``target``, and write ``fields`` with it; what follows is committed with the move.

    The same status again changes nothing. Raises ``VerificationNotFound`` and ``VerificationException``.
    """
    with transaction.atomic():
        verification = locked(verification_id)
        source = verification.status
        if source == target:
            return Transition(verification, source, changed=False)
        if not PHOTO_MACHINE.allows(Status(source), target, actor):
            raise VerificationException(from_status=source, to_status=str(target))
        write(verification, {"status": target, **_stamps(target), **(fields or {})})
        outbox.write(consequences.of(verification, source))
    logger.info("Verification moved: verification=%s from=%s to=%s by=%s", verification_id, source, target, actor)
    return Transition(verification, source, changed=True)


def write(row: Verification | VerificationAttempt, fields: Mapping[str, Any]) -> None:
    """Save ``fields`` of a held row, and nothing else: what others write meanwhile stays."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "status_changed", "updated_at"])


def made(row: Row, status: str) -> Row:
    """Save a new row, of a kind that has no table of moves, in the status it begins with."""
    row.status = status
    row.save(force_insert=True)
    return row


def made_many(rows: Sequence[Row], status: str) -> None:
    """As :func:`made`, many rows of one kind in few statements. Databases need not tell the ids."""
    for row in rows:
        row.status = status
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=ROWS_A_STATEMENT)


def _stamps(target: Status) -> dict[str, Any]:
    now = timezone.now()
    if target == Status.submitted:
        return {"submitted_at": now}
    if target == Status.approved:
        return {"expiration_date": now + config.validity}
    return {}
