"""A course's attempts in figures: how many there are in each state, and how many were begun day by day."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.core.cache import cache
from django.db.models import Case, Count, F, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services.wording import BAD, GOOD, PLAIN, WAIT
from proctoring.statuses import IN_PROGRESS, ONBOARDING_ERRORS, PRE_START
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

DAYS = 30
# Seconds for which figures may be old: they are for an overview, not for a decision about a learner.
CACHE_TIME = 60


@dataclass(frozen=True, slots=True)
class State:
    """Statuses that mean the same in an overview; ``name`` is stable, ``tone`` that of the stylesheet."""

    name: str
    label: Promise
    tone: str
    statuses: frozenset[str]


STATES: tuple[State, ...] = (
    State("beginning", _("Setting up"), PLAIN, frozenset(PRE_START | {Status.eligible})),
    State("working", _("Working"), WAIT, frozenset(IN_PROGRESS)),
    State(
        "waiting",
        _("Wait for a review"),
        WAIT,
        frozenset({Status.submitted, Status.timed_out, Status.second_review_required}),
    ),
    State("passed", _("Passed"), GOOD, frozenset({Status.verified})),
    State("failed", _("Not passed"), BAD, frozenset({Status.rejected})),
    State("error", _("Errors"), BAD, frozenset({Status.error} | ONBOARDING_ERRORS)),
    State("other", _("Otherwise ended"), PLAIN, frozenset({Status.declined, Status.expired, Status.onboarding_reset})),
)
STATE_OF = {status: state.name for state in STATES for status in state.statuses}


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and the number of attempts begun on it by the state that they are in now."""

    day: date
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of the day's attempts."""
        return sum(self.counts.values())


def days(exam_ids: Sequence[int], zone: tzinfo, now: datetime | None = None) -> list[Day]:
    """The last ``DAYS`` days in ``zone``, oldest first, today included; one statement, remembered for a minute."""
    today = timezone.localtime(now, zone).date()
    first = today - timedelta(days=DAYS - 1)
    key = _key(exam_ids, zone, today)
    counted: dict[date, dict[str, int]] | None = cache.get(key)
    if counted is None:
        counted = _counted(exam_ids, first, zone)
        cache.set(key, counted, CACHE_TIME)
    return [Day(day, counted.get(day, {})) for day in (first + timedelta(days=number) for number in range(DAYS))]


def _counted(exam_ids: Sequence[int], first: date, zone: tzinfo) -> dict[date, dict[str, int]]:
    begins = [datetime.combine(first + timedelta(days=number), time.min, zone) for number in range(DAYS)]
    rows = ProctoredExamStudentAttempt.objects.filter(proctored_exam_id__in=exam_ids, created__gte=begins[0])
    # The days' beginnings as instants: not every database server has been told of time zones.
    latest_first = reversed(list(enumerate(begins)))
    number_of_day = Case(*(When(created__gte=begin, then=Value(number)) for number, begin in latest_first))
    by_day = rows.values(day=number_of_day, state=F("status")).annotate(number=Count("pk"))
    counted: dict[date, dict[str, int]] = {}
    for row in by_day.order_by():
        counts = counted.setdefault(first + timedelta(days=row["day"]), {})
        state = STATE_OF.get(row["state"], "other")
        counts[state] = counts.get(state, 0) + row["number"]
    return counted


def _key(exam_ids: Sequence[int], zone: tzinfo, today: date) -> str:
    asked = f"{sorted(exam_ids)} {zone} {today}"
    return f"proctoring.course_figures.{hashlib.sha256(asked.encode()).hexdigest()}"
