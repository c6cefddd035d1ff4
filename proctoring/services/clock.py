"""
The clock of running attempts: moved when what a learner is granted changes, and enforced whether anybody looks or not.

``services.timing`` computes; what it computes is kept and acted on here.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from proctoring.common.batches import FAILED, Batch, in_batches
from proctoring.conf import config
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import timing, transitions
from proctoring.services.timing import deadline
from proctoring.statuses import IN_PROGRESS, INCOMPLETE, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

__all__ = [
    "Sweep",
    "candidates",
    "close_if_no_time",
    "close_if_overdue",
    "close_overdue",
    "close_running",
    "closing",
    "deadline",
    "foreseen_ends",
    "rehearsed_closing",
    "reschedule",
    "reschedule_all",
]

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
BATCH = 500
CLOSED, IN_TIME = "closed", "in time"
RUNNING = Q(status__in=IN_PROGRESS, started_at__isnull=False)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep came to: attempts closed, and attempts that could not be closed."""

    closed: int = 0
    failed: int = 0


def reschedule(user_id: int, exam: ProctoredExam) -> None:
    """
    Give the learner's running attempt the time that the exam, the allowances and the due date mean now.

    The attempt keeps its start. Time that has been used is not taken back: the earliest new end is now.
    """
    _reschedule(RUNNING & Q(user_id=user_id, proctored_exam=exam))


def reschedule_all(exam: ProctoredExam) -> None:
    """:func:`reschedule` for every learner who is sitting ``exam``."""
    _reschedule(RUNNING & Q(proctored_exam=exam))


def foreseen_ends(user_id: int, exam: ProctoredExam, granted: int) -> list[tuple[datetime, datetime]]:
    """
    Where :func:`reschedule` would move the end of the learner's running attempt, with ``granted`` minutes on top of the
    exam's time: from when, and to when. Empty where nothing moves.
    """
    running = Attempt.objects.filter(RUNNING, user_id=user_id, proctored_exam=exam).order_by("pk")
    ends = ((timing.deadline(one), _new_end(one, timing.seconds_with(exam, granted))) for one in running)
    return [(end, new) for end, new in ends if end is not None and end >= timezone.now() and end != new]


def _reschedule(which: Q) -> None:
    for attempt_id in Attempt.objects.filter(which).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            attempt = Attempt.objects.select_for_update().filter(RUNNING, pk=attempt_id).first()
            if attempt is not None and not timing.is_overdue(attempt):
                _move_deadline(attempt)


def _move_deadline(attempt: Attempt) -> None:
    end = _new_end(attempt, timing.entitled_seconds(attempt.proctored_exam, attempt.user_id))
    if end == timing.deadline(attempt):
        return
    attempt.deadline_at = end
    attempt.allowed_time_limit_mins = timing.whole_minutes(end - _start(attempt))
    attempt._change_reason = "the learner's time has changed"
    attempt.save(update_fields=["deadline_at", "allowed_time_limit_mins"])
    logger.info("Deadline moved: attempt=%s", attempt.pk)


def _new_end(attempt: Attempt, seconds: int) -> datetime:
    return max(_fair_end(attempt, seconds), timezone.now())


def _fair_end(attempt: Attempt, seconds: int) -> datetime:
    """The end the attempt would have, had all that is known now been known when it started."""
    exam, carried = attempt.proctored_exam, attempt.time_remaining_seconds
    if carried is not None:
        used = _used_before(attempt)
        seconds = carried if used is None else seconds - used
    return timing.end_of_time(exam, attempt.user_id, _start(attempt), seconds)


def _used_before(attempt: Attempt) -> int | None:
    """Seconds spent in the attempts that this one goes on from; None where they are gone."""
    earlier = Attempt.objects.get_user_attempts_by_exam_id(attempt.user_id, attempt.proctored_exam_id)
    chain = list(takewhile(lambda one: one.resumed, earlier.filter(pk__lt=attempt.pk)))
    return sum(_used(one) for one in chain) if chain else None


def _used(attempt: Attempt) -> int:
    end, left = timing.deadline(attempt), attempt.time_remaining_seconds
    if end is None or left is None:
        return 0
    return int((end - _start(attempt)).total_seconds()) - left


def _start(attempt: Attempt) -> datetime:
    return attempt.started_at or attempt.created


def close_if_overdue(attempt: Attempt, now: datetime | None = None) -> Attempt:
    """The attempt, handed in at the instant its time ran out if that has passed (contract python.md §2.7)."""
    now = now or timezone.now()
    return _close(attempt, now) if timing.is_overdue(attempt, now) else attempt


def close_running(user_id: int, exam: ProctoredExam) -> bool:
    """Hand in what the learner has running at the exam, if its time is over; whether there was any."""
    running = Attempt.objects.filter(RUNNING, user_id=user_id, proctored_exam=exam)
    over = [attempt for attempt in running if timing.is_overdue(attempt)]
    for attempt in over:
        close_if_overdue(attempt)
    return bool(over)


def close_if_no_time(attempt: Attempt) -> Attempt:
    """The attempt that has just started, handed in at once where it has no time at all."""
    end = timing.deadline(attempt)
    return _close(attempt, end) if end is not None and end <= _start(attempt) else attempt


def _close(attempt: Attempt, now: datetime) -> Attempt:
    target = Status.timed_out if config.allow_timed_out_state else Status.submitted
    with transaction.atomic():
        # Judged again under the lock: somebody may have handed in meanwhile, or moved the deadline.
        current = transitions.locked(attempt.pk)
        end = timing.deadline(current)
        if current.status in INCOMPLETE and end is not None and end <= now:
            transitions.change_held(current, target, actor=Actor.SYSTEM, at=end)
    attempt.refresh_from_db()
    return attempt


def close_overdue(now: datetime | None = None, batch: int = BATCH) -> Sweep:
    """
    Close every attempt whose time is over, whether or not anybody looks at it.

    One row that cannot be closed never stops the others.
    """
    counts: Counter[str] = Counter()
    for done in closing(now, batch):
        counts.update(done.counts)
    return Sweep(closed=counts[CLOSED], failed=counts[FAILED])


def closing(now: datetime | None = None, size: int = BATCH) -> Iterator[Batch]:
    """:func:`close_overdue`, batch by batch; each attempt is closed in a transaction of its own."""
    return _sweep(_close, now or timezone.now(), size)


def rehearsed_closing(now: datetime | None = None, size: int = BATCH) -> Iterator[Batch]:
    """What :func:`closing` would come to, with nothing changed."""
    return _sweep(lambda attempt, moment: attempt, now or timezone.now(), size)


def candidates(now: datetime | None = None) -> "QuerySet[Attempt]":
    """The attempts that :func:`closing` looks at."""
    # Rows of an old release have no stored deadline, so each of those is looked at.
    late = Q(deadline_at__lt=now or timezone.now()) | Q(deadline_at__isnull=True)
    return Attempt.objects.filter(RUNNING & late)


def _sweep(act: Callable[[Attempt, datetime], Attempt], now: datetime, size: int) -> Iterator[Batch]:
    for rows in in_batches(candidates(now), size):
        outcomes = Counter(_tried(act, attempt, now) for attempt in rows)
        del outcomes[IN_TIME]
        yield Batch(len(rows), outcomes, rows[-1].pk)


def _tried(act: Callable[[Attempt, datetime], Attempt], attempt: Attempt, now: datetime) -> str:
    try:
        with transaction.atomic():
            if not timing.is_overdue(attempt, now):
                return IN_TIME
            act(attempt, now)
            return CLOSED
    except Exception as error:
        # Whatever is wrong with one learner's row, the others' time is over too.
        logger.error("An overdue attempt could not be closed: attempt=%s error=%s", attempt.pk, type(error).__name__)
        return FAILED
