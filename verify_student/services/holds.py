"""
Legal holds: what they cover is neither purged nor erased.

All of it is decided in the statement that looks for rows, so a purge asks as many questions with holds as without.
"""

from typing import Any, TypeVar

from django.db import transaction
from django.db.models import BigIntegerField, Exists, Model, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from proctoring.common.retention import holds
from proctoring.common.retention.holds import IN_FORCE, NothingToHold
from verify_student.models import InboxDelivery, OutboxMessage, RetentionHold, SoftwareSecurePhotoVerification
from verify_student.services import audit

Row = TypeVar("Row", bound=Model)


def place(by: Any, reason: str, *, case: str = "", learner: Any = None) -> RetentionHold:
    """Keep what there is of a learner, until :func:`lift`. Raises ``ReasonMissing`` and ``ActionRefused``."""
    if learner is None:
        raise NothingToHold
    hold = RetentionHold(user=learner, reason=reason, case_reference=case)
    with transaction.atomic():
        holds.place(hold, by)
        audit.record("hold.placed", hold, actor=by, learner=hold.user_id)
    return hold


def lift(hold: RetentionHold, by: Any, reason: str) -> None:
    """
    The data need not be kept any more; what was to be erased meanwhile is left to ``retirement.erase_waiting``.

    Raises ``ReasonMissing`` and ``LiftedAlready``.
    """
    with transaction.atomic():
        holds.lift(hold, by, reason)
        audit.record("hold.lifted", hold, actor=by)


def cover(learner: int) -> bool:
    """Whether what there is of the learner may not be erased now."""
    return RetentionHold.objects.filter(IN_FORCE, user_id=learner).exists()


def free(rows: "QuerySet[Row]", learner: str = "user_id") -> "QuerySet[Row]":
    """Those of ``rows`` that no hold covers; they name their learner's id."""
    return rows.exclude(Exists(RetentionHold.objects.filter(IN_FORCE, user_id=OuterRef(learner))))


def free_deliveries(rows: "QuerySet[InboxDelivery]") -> "QuerySet[InboxDelivery]":
    """Providers' results about verifications that no hold covers."""
    return rows.exclude(Exists(_held().filter(receipt_id=OuterRef("subject"))))


def free_messages(rows: "QuerySet[OutboxMessage]") -> "QuerySet[OutboxMessage]":
    """Messages about verifications, and learners, that no hold covers."""
    about = {name: Cast(KT(f"payload__{name}"), BigIntegerField()) for name in ("verification_id", "user_id")}
    told: Any = rows.alias(**about)
    kept = told.exclude(Exists(_held().filter(pk=OuterRef("verification_id"))))
    return free(kept)


def any_in_force() -> bool:
    """Whether anybody's data is held."""
    return RetentionHold.objects.filter(IN_FORCE).exists()


def free_actions(rows: "QuerySet[Row]") -> "QuerySet[Row]":
    """What staff did may be about anybody: while any hold is in force, all of it stays."""
    return rows.exclude(Exists(RetentionHold.objects.filter(IN_FORCE)))


def _held() -> "QuerySet[SoftwareSecurePhotoVerification]":
    over = RetentionHold.objects.filter(IN_FORCE, user_id=OuterRef("user_id"))
    return SoftwareSecurePhotoVerification.objects.filter(Exists(over))
