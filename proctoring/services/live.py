"""Who sits an exam of a course now: time left, when the learner's page was last heard of, what is worth a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import presence, timing
from proctoring.statuses import IN_PROGRESS
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

Attempt = ProctoredExamStudentAttempt
# The learner's page asks for the time once a minute; after this it has missed two of its calls.
SILENT_AFTER = timedelta(minutes=3)
LOW_SHARE = 0.2
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Session:
    """A running attempt; ``seen_at`` is None where nothing is known of its page."""

    attempt: Attempt
    username: str
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
    """A page of the sessions, those whose time is over first on top, and whether there are more behind it."""

    sessions: Sequence[Session]
    has_more: bool
    at: datetime


def board(exams: Sequence[ProctoredExam], page: int = 1, now: datetime | None = None) -> Board:
    """``PAGE_SIZE`` of the sessions that run at the exams; one statement and one look into the cache."""
    now, by_id, start = now or timezone.now(), {exam.pk: exam for exam in exams}, (page - 1) * PAGE_SIZE
    learner = get_user_model()._base_manager.filter(pk=OuterRef("user_id"))
    # Asked for like that, the names are looked up for what is shown, and not for all that is sorted.
    name = Subquery(learner.values(get_user_model().USERNAME_FIELD))
    running = Attempt.objects.filter(proctored_exam_id__in=list(by_id), status__in=IN_PROGRESS).annotate(name=name)
    found = list(running.order_by("deadline_at", "pk")[start : start + PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    heard = presence.last_seen(attempt.pk for attempt in shown)
    for attempt in shown:
        attempt.proctored_exam = by_id[attempt.proctored_exam_id]
    return Board([_session(one, heard.get(one.pk), now) for one in shown], len(found) > PAGE_SIZE, now)


def _session(attempt: Any, seen_at: datetime | None, now: datetime) -> Session:
    left = int(timing.time_remaining_seconds(attempt, now))
    allowed = (attempt.allowed_time_limit_mins or 0) * 60
    silent = seen_at is not None and now - seen_at > SILENT_AFTER
    return Session(attempt, attempt.name, left, seen_at, silent, is_low=0 < left <= allowed * LOW_SHARE)
