"""
What reviews mean, decided again: for attempts that were judged by an older rule (contract since_6_1.md 1, 12).

The review is not saved, so it keeps its time and its archive gets no copy. Where the attempt has the status already,
nothing follows.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from proctoring.common.batches import FAILED, Batch, in_batches
from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import reviews
from proctoring.statuses import ATTEMPT_MACHINE
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview
UNCHANGED, WITHOUT_ATTEMPT, UNFIT = "unchanged", "without an attempt to decide", "that may not move their attempt"


@dataclass(frozen=True, slots=True)
class _Facts:
    """The attempts of a batch of reviews by code, and those of them that were ever timed out."""

    attempts: Mapping[str | None, list[Attempt]]
    timed_out: frozenset[int]

    def submitted(self, attempt: Attempt) -> bool:
        return attempt.completed_at is not None or attempt.pk in self.timed_out


def changed_between(first: datetime, last: datetime, exams: Collection[int] | None = None) -> "QuerySet[Review]":
    """The reviews that were last changed then, both ends included; at any exam, or at ``exams`` only."""
    rows = Review.objects.filter(modified__gte=first, modified__lte=last)
    if exams is not None:
        rows = rows.filter(exam__in=exams)
    return rows.select_related("reviewed_by").defer("raw_data", "encrypted_video_url")


def decide(rows: "QuerySet[Review]", size: int, *, after: int = 0) -> Iterator[Batch]:
    """
    Give the attempts the statuses that ``rows`` mean now, with all that follows from a move; each by itself.

    What moves is counted as ``from -> to``. Reading takes three statements a batch; an attempt that moves takes a
    transaction of its own, with some twenty.
    """
    return _decided(rows, size, after, _moved)


def rehearse(rows: "QuerySet[Review]", size: int, *, after: int = 0) -> Iterator[Batch]:
    """What :func:`decide` would come to, with nothing changed."""
    return _decided(rows, size, after, _possible)


def _decided(
    rows: "QuerySet[Review]", size: int, after: int, act: Callable[[Review, Attempt, Status], str]
) -> Iterator[Batch]:
    for batch in in_batches(rows, size, after=after):
        facts = _facts(batch)
        yield Batch(len(batch), Counter(_tried(review, facts, act) for review in batch), batch[-1].pk)


def _facts(batch: list[Review]) -> _Facts:
    attempts = defaultdict(list)
    codes = [review.attempt_code for review in batch]
    for attempt in Attempt.objects.filter(attempt_code__in=codes).select_related("proctored_exam"):
        attempts[attempt.attempt_code].append(attempt)
    unfinished = [one.pk for found in attempts.values() for one in found if one.completed_at is None]
    timed_out = Attempt.history.filter(id__in=unfinished, status=Status.timed_out)
    return _Facts(attempts, frozenset(timed_out.values_list("id", flat=True)))


def _tried(review: Review, facts: _Facts, act: Callable[[Review, Attempt, Status], str]) -> str:
    try:
        return _outcome(review, facts, act)
    except Exception as error:
        # Whatever is wrong with one review, the others are decided.
        logger.error("A review could not be decided again: review=%s error=%s", review.pk, type(error).__name__)
        return FAILED


def _outcome(review: Review, facts: _Facts, act: Callable[[Review, Attempt, Status], str]) -> str:
    found = facts.attempts.get(review.attempt_code, [])
    if len(found) > 1:
        # Picking one would be a guess.
        raise Attempt.MultipleObjectsReturned
    if not found or found[0].status == Status.onboarding_reset:
        return WITHOUT_ATTEMPT
    target = reviews.verdict(review, found[0], facts.submitted)
    return UNCHANGED if found[0].status == target else act(review, found[0], target)


def _possible(review: Review, attempt: Attempt, target: Status) -> str:
    try:
        allowed = ATTEMPT_MACHINE.allows(Status(attempt.status), target, reviews.who_says(review))
    except ValueError:
        # A status of an old release; whether people of ours may move it is for the move itself to say.
        allowed = review.reviewed_by_id is not None
    return f"{attempt.status} -> {target}" if allowed else UNFIT


def _moved(review: Review, attempt: Attempt, target: Status) -> str:
    with transaction.atomic():
        # Judged again under the lock: somebody may have decided meanwhile, or removed it.
        held = reviews.held(review.attempt_code)
        current = reviews.held_attempt(review)
        if held is None or current is None or current.status == Status.onboarding_reset:
            return WITHOUT_ATTEMPT
        moved = reviews.follow(held, current)
    if moved is None:
        return UNFIT
    return f"{moved.source} -> {moved.attempt.status}" if moved.changed else UNCHANGED
