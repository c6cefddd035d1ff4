"""Who sits an exam of a course now: time left, when the learner's page was last heard of, what is worth a look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import presence, timing
from proctoring.statuses import IN_PROGRESS
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

Attempt = ProctoredExamStudentAttempt
# The learner's page asks for the time once a minute; after this it has missed two of its calls.
SILENT_AFTER = timedelta(minutes=3)
LOW_SHARE = 0.2
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Session:
    """A running attempt; ``seen_at`` is None where nothing is known of its page."""

    attempt: Attempt
    seconds_left: int
    seen_at: datetime | None
    is_silent: bool
    is_low: bool

    @property
    def is_over(self) -> bool:
        """Whether the time is over; the clock hands the attempt in."""
        return self.seconds_left <= 0

    @property
    def is_handing_in(self) -> bool:
        """Whether the learner is about to hand in."""
        return self.attempt.status == Status.ready_to_submit


@dataclass(frozen=True, slots=True)
class Board:
    """The sessions whose time is over first, and whether there are more of them than are shown."""

    sessions: Sequence[Session]
    has_more: bool
    at: datetime


def board(exam_ids: Iterable[int], now: datetime | None = None) -> Board:
    """The sessions that run at the exams, at most ``MOST_SHOWN``; one statement and one look into the cache."""
    now = now or timezone.now()
    running = Attempt.objects.filter(proctored_exam_id__in=list(exam_ids), status__in=IN_PROGRESS)
    ordered = running.select_related("user", "proctored_exam").order_by("deadline_at", "pk")
    found = list(ordered[: MOST_SHOWN + 1])
    heard = presence.last_seen(attempt.pk for attempt in found)
    shown = [_session(attempt, heard.get(attempt.pk), now) for attempt in found[:MOST_SHOWN]]
    return Board(shown, len(found) > MOST_SHOWN, now)


def _session(attempt: Attempt, seen_at: datetime | None, now: datetime) -> Session:
    left = int(timing.time_remaining_seconds(attempt, now))
    allowed = (attempt.allowed_time_limit_mins or 0) * 60
    silent = seen_at is not None and now - seen_at > SILENT_AFTER
    return Session(attempt, left, seen_at, silent, is_low=0 < left <= allowed * LOW_SHARE)
