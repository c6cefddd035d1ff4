"""The onboarding of everybody in a course, as course staff see it (contract rest.md §5.17)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from proctoring import lms
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services.onboarding.approvals import approvals_elsewhere
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Shown
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One enrolment; ``status`` is a :class:`Shown` or None, ``modified`` when the attempt behind it last changed."""

    username: str
    enrollment_mode: str
    status: str | None
    modified: datetime | None


def rows_of_course(
    course_id: str, backend: str, text_search: str | None = None, statuses: Collection[str] = ()
) -> list[CourseRow]:
    """
    One row an enrolment that may take proctored exams, in the host's order, only of the ``statuses`` if there are any.

    Two statements of ours, however many learners there are.
    """
    enrollments = lms.enrollments().get_enrollments_can_take_proctored_exams(course_id, text_search)
    known = local_states(course_id, backend, enrollments)
    rows = [
        CourseRow(enrollment.user.get_username(), enrollment.mode, *known.get(enrollment.user.pk, NOTHING))
        for enrollment in enrollments
    ]
    return [row for row in rows if not statuses or row.status in statuses]


State = tuple[str | None, datetime | None]
NOTHING: State = (Shown.not_started.value, None)


def local_states(course_id: str, backend: str, enrollments: Collection[lms.Enrollment]) -> dict[int, State]:
    """User id -> status and last change, of those of whom we know anything."""
    users = [enrollment.user for enrollment in enrollments]
    if not users:
        return {}
    here = ProctoredExamStudentAttempt.objects.get_proctored_practice_attempts_by_course_id(course_id, users)
    by_user = groupby(sorted(here, key=attrgetter("user_id")), key=attrgetter("user_id"))
    counting = {user_id: _counting(list(made)) for user_id, made in by_user}
    states: dict[int, State] = {
        user_id: (Shown.other_course_approved.value, attempt.modified)
        for user_id, attempt in approvals_elsewhere(users, backend).items()
    }
    for user_id, attempt in counting.items():
        if user_id not in states or attempt.status == Status.verified:
            states[user_id] = (_shown(attempt), attempt.modified)
    return states


def _counting(made: list[ProctoredExamStudentAttempt]) -> ProctoredExamStudentAttempt:
    """
    A verified one if there is any, else the last changed; one that was reset gives way to what was made after it.

    ``made`` is sorted by last change.
    """
    chosen = next((attempt for attempt in made if attempt.status == Status.verified), made[0])
    for attempt in made:
        if chosen.status == Status.onboarding_reset and attempt.pk > chosen.pk:
            chosen = attempt
    return chosen


def _shown(attempt: ProctoredExamStudentAttempt) -> str | None:
    if attempt.status == Status.onboarding_reset:
        return Shown.onboarding_reset_past_due.value
    shown = Shown.get_onboarding_status_from_attempt_status(attempt.status)
    return shown.value if shown else None
