"""
Telling who listens about many photo verifications again (contract §7.5), newest first, a batch at a time.

No row is written (W70), so there is nothing to commit, and no message in the outbox: listeners are told at once. What
changes while a batch is being told is told again, so that the last word that listeners hear is the present one.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from proctoring.common.batches import FAILED, Batch
from verify_student import lms
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services.consequences import UPDATE_SENDER, update_said
from verify_student.signals import idv_update_signal

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification
ANNOUNCED = "announced"


def made_since(start: datetime) -> "QuerySet[Verification]":
    """Verifications made at ``start`` or later."""
    return Verification.objects.filter(created_at__gte=start)


def older_than(rows: "QuerySet[Verification]", row: Verification) -> "QuerySet[Verification]":
    """Those of ``rows`` that come after ``row`` where the newest comes first."""
    older = Q(created_at__lt=row.created_at) | Q(pk__lt=row.pk)
    return rows.filter(older, created_at__lte=row.created_at)


def announce_each(rows: "QuerySet[Verification]", size: int) -> Iterator[Batch]:
    """Announce ``rows``, newest first. Rows and names are read for a batch at once, whatever its size."""
    rows = rows.select_related("user").order_by("-created_at", "-pk")
    waiting = rows
    while batch := list(waiting[:size]):
        yield Batch(len(batch), _announced(batch), batch[-1].pk)
        waiting = older_than(rows, batch[-1])


def _announced(batch: Sequence[Verification]) -> Counter[str]:
    try:
        names = _names(batch)
    # Whatever the host's service raises: the other batches can do without it.
    except Exception as error:
        ids = [row.pk for row in batch]
        logger.error("Names could not be read: verifications=%s error=%s", ids, type(error).__name__)
        return Counter({FAILED: len(batch)})
    counts = Counter(_announce(row, names[row.user_id]) for row in batch)
    changed = _changed(batch)
    while changed:
        for row in changed:
            _announce(row, names[row.user_id])
        changed = _changed(changed)
    return counts


def _names(batch: Sequence[Verification]) -> Mapping[int, str]:
    """By learner, the name that was asked for, or the profile's."""
    users = {row.user_id: row.user for row in batch}
    profiles = lms.profiles()
    full = profiles.get_full_names(list(users.values()))
    # Hosts are asked for these one by one: the port knows no other question.
    return {pk: profiles.get_pending_name(user) or full.get(pk, "") for pk, user in users.items()}


def _changed(rows: Sequence[Verification]) -> list[Verification]:
    """Those of ``rows`` of which something else has to be said now."""
    told = {row.pk: (row.status, row.name) for row in rows}
    present = Verification.objects.filter(pk__in=told)
    return [row for row in present if (row.status, row.name) != told[row.pk]]


def _announce(row: Verification, full_name: str) -> str:
    outcomes = idv_update_signal.send_robust(sender=UPDATE_SENDER, **update_said(row, full_name))
    errors = [type(outcome).__name__ for _, outcome in outcomes if isinstance(outcome, Exception)]
    if errors:
        logger.error("Listeners failed: verification=%s errors=%s", row.pk, errors)
        return FAILED
    logger.info("Announced again: verification=%s", row.pk)
    return ANNOUNCED
