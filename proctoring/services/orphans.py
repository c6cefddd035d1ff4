"""Reviews whose attempt is gone, and which still say that it is there: rows of an old release."""

import logging
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from proctoring.common.batches import Batch, in_batches
from proctoring.models import (
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAttempt,
)

logger = logging.getLogger(__name__)

REVIEWS, FORMER = "reviews", "archived reviews"
KINDS: dict[str, type[Any]] = {
    REVIEWS: ProctoredExamSoftwareSecureReview,
    FORMER: ProctoredExamSoftwareSecureReviewHistory,
}


def flagged() -> int:
    """How many rows are looked at: those that say their attempt is there."""
    return sum(_flagged(model).count() for model in KINDS.values())


def mark(size: int) -> Iterator[Batch]:
    """
    Say of them that their attempt is gone: the reviews first, each with its archive, then what is left of the archive.

    Nothing follows from it: the rows are not saved, so that no review decides anything. It may be broken off and called
    again. A batch takes two statements to read and two to write.
    """
    for kind, rows, orphans in _looked_through(size):
        with transaction.atomic():
            counts = _marked({orphan.attempt_code for orphan in orphans}) if orphans else {}
        for orphan in orphans:
            logger.info("Its attempt is gone: kind=%s id=%s", kind, orphan.pk)
        if orphans:
            logger.info("Marked: reviews=%d archived=%d", counts[REVIEWS], counts[FORMER])
        yield Batch(len(rows), counts, rows[-1].pk)


def rehearse_marking(size: int) -> Iterator[Batch]:
    """What :func:`mark` would come to, with nothing changed."""
    for kind, rows, orphans in _looked_through(size):
        yield Batch(len(rows), {kind: len(orphans)} if orphans else {}, rows[-1].pk)


def _looked_through(size: int) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Batches of rows of each kind, and those of the rows whose attempt is gone."""
    for kind, model in KINDS.items():
        logger.info("Looking for %s of attempts that are gone", kind)
        for rows in in_batches(_flagged(model), size):
            codes = {row.attempt_code for row in rows}
            there = ProctoredExamStudentAttempt.objects.filter(attempt_code__in=codes)
            gone = codes.difference(there.values_list("attempt_code", flat=True))
            yield kind, rows, [row for row in rows if row.attempt_code in gone]


def _flagged(model: type[Any]) -> "QuerySet[Any]":
    # Together with the question whether there is an attempt, databases would go through all attempts for each batch.
    flagged: QuerySet[Any] = model._default_manager.filter(is_attempt_active=True).only("attempt_code")
    return flagged


def _marked(codes: set[str]) -> dict[str, int]:
    def update(model: type[Any]) -> int:
        flagged = model._default_manager.filter(attempt_code__in=codes, is_attempt_active=True)
        return int(flagged.update(is_attempt_active=False))

    return {kind: update(model) for kind, model in KINDS.items()}
