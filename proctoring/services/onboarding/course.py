"""The onboarding of everybody in a course, as course staff see it (contract rest.md §5.17)."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet, prefetch_related_objects

from proctoring import lms
from proctoring.common import remembered
from proctoring.common.prepared import PreparedForPage
from proctoring.exceptions import OnboardingStatusUnknown
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services.onboarding.approvals import approved_elsewhere
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Shown
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status


class Made(NamedTuple):
    """What matters here of an attempt at onboarding."""

    user_id: int
    pk: int
    status: str
    modified: datetime


def _made(course_id: str, users: Collection[int]) -> "QuerySet[Any, Any]":
    rows = ProctoredExamStudentAttempt.objects.get_proctored_practice_attempts_by_course_id(course_id, users)
    return rows.values_list(*Made._fields)


MADE: PreparedForPage[tuple[Any, ...]] = PreparedForPage(_made, str)


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One enrolment; ``status`` is a :class:`Shown` or None, ``modified`` when the attempt behind it last changed."""

    username: str
    enrollment_mode: str
    status: str | None
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class CourseRows:
    """
    Rows that are made when they are looked at: a page of them costs what a page costs, however many there are.

    ``asked`` is what the database was asked for them; a large number of rows may be a minute old.
    """

    sources: Any
    shown: Callable[[list[Any]], list[CourseRow]]
    asked: tuple[object, ...] = ()
    large: int = remembered.LARGE

    def __len__(self) -> int:
        if isinstance(self.sources, QuerySet):
            return remembered.count("onboarding", self.asked, self.sources.count, self.large)
        return len(self.sources)

    def __getitem__(self, part: slice) -> list[CourseRow]:
        return self.shown(list(self.sources[part]))

    def __iter__(self) -> Iterator[CourseRow]:
        return iter(self[:])


def rows_of_course(
    course_id: str, backend: str, text_search: str | None = None, statuses: Collection[str] = ()
) -> CourseRows:
    """
    One row an enrolment that may take proctored exams, in the host's order, only of the ``statuses`` if there are any.

    Two statements of ours for the rows that are looked at; with ``statuses`` for all rows, as nobody knows before.
    Raises ``OnboardingStatusUnknown``.
    """
    if not set(statuses) <= {str(status) for status in Shown}:
        raise OnboardingStatusUnknown
    enrollments = eligible(course_id, text_search)
    shown = partial(_local_rows, course_id, backend)
    if not statuses:
        return CourseRows(enrollments, shown, (course_id, text_search))
    return CourseRows([row for row in shown(list(enrollments)) if row.status in statuses], list)


def eligible(course_id: str, text_search: str | None) -> Sequence[lms.Enrollment]:
    """Who may take proctored exams in the course, in the host's order."""
    found: Any = lms.enrollments().get_enrollments_can_take_proctored_exams(course_id, text_search)
    if not isinstance(found, QuerySet):
        return list(found)
    # Left to the database, where a page is cut out of it; without an order every page could be any.
    ordered: Any = found if found.ordered else found.order_by("pk")
    return ordered  # type: ignore[no-any-return]


def with_users(enrollments: list[lms.Enrollment]) -> list[lms.Enrollment]:
    """The enrolments with their users, in one statement where they are rows that came without."""
    rows: list[Any] = [each for each in enrollments if hasattr(getattr(type(each), "user", None), "is_cached")]
    prefetch_related_objects(rows, "user")
    return enrollments


def _local_rows(course_id: str, backend: str, enrollments: list[lms.Enrollment]) -> list[CourseRow]:
    known = local_states(course_id, backend, with_users(enrollments))
    return [
        CourseRow(enrollment.user.get_username(), enrollment.mode, *known.get(enrollment.user.pk, NOTHING))
        for enrollment in enrollments
    ]


State = tuple[str | None, datetime | None]
NOTHING: State = (Shown.not_started.value, None)


def local_states(course_id: str, backend: str, enrollments: Collection[lms.Enrollment]) -> dict[int, State]:
    """User id -> status and last change, of those of whom we know anything."""
    users = [enrollment.user.pk for enrollment in enrollments]
    here = [Made(*row) for row in MADE(course_id, users)]
    by_user = groupby(sorted(here, key=attrgetter("user_id")), key=attrgetter("user_id"))
    counting = {user_id: _counting(list(made)) for user_id, made in by_user}
    states: dict[int, State] = {
        user_id: (Shown.other_course_approved.value, modified)
        for user_id, modified in approved_elsewhere(users, backend).items()
    }
    for user_id, attempt in counting.items():
        if user_id not in states or attempt.status == Status.verified:
            states[user_id] = (_shown(attempt), attempt.modified)
    return states


def _counting(made: list[Made]) -> Made:
    """
    A verified one if there is any, else the last changed; one that was reset gives way to what was made after it.

    ``made`` is sorted by last change.
    """
    chosen = next((attempt for attempt in made if attempt.status == Status.verified), made[0])
    for attempt in made:
        if chosen.status == Status.onboarding_reset and attempt.pk > chosen.pk:
            chosen = attempt
    return chosen


def _shown(attempt: Made) -> str | None:
    if attempt.status == Status.onboarding_reset:
        return Shown.onboarding_reset_past_due.value
    shown = Shown.get_onboarding_status_from_attempt_status(attempt.status)
    return shown.value if shown else None
