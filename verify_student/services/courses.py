"""What a learner's verification means for each of their courses (contract §5.5)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from verify_student.conf import config
from verify_student.services import deadlines, standing
from verify_student.services.standing import NEVER, AnyVerification, Standing
from verify_student.services.user_status import VERIFIED_MODES, as_date
from verify_student.statuses import IDVerificationStatus as Status
from verify_student.statuses import VerificationAttemptStatus

NEED_TO_VERIFY, NEED_TO_REVERIFY = "verify_need_to_verify", "verify_need_to_reverify"
SUBMITTED, SUBMITTED_AGAIN = "verify_submitted", "re_verify_submitted"
APPROVED, MISSED_DEADLINE = "verify_approved", "verify_missed_deadline"
# The side panel speaks of these; the course card stays silent.
SILENT = frozenset({Status.must_retry, Status.denied, VerificationAttemptStatus.PENDING})


class Enrollment(Protocol):
    """What the host knows of an enrolment; the course's key as an object or as text."""

    course_id: Any
    mode: str


def of_user(user: Any, enrollments: Iterable[Enrollment]) -> dict[Any, dict[str, Any]]:
    """
    Course key -> ``status``, ``days_until_deadline``, ``should_display`` and, where an approval that ends is concerned,
    ``verification_good_until``. Courses of which there is nothing to say are left out.
    """
    due = _due(enrollments)
    return _entries(standing.of_user(user), due) if due else {}


def of(learner: Standing, enrollments: Iterable[Enrollment]) -> dict[Any, dict[str, Any]]:
    """As :func:`of_user`, of a learner who has been looked at already."""
    return _entries(learner, _due(enrollments))


def _due(enrollments: Iterable[Enrollment]) -> dict[Any, datetime | None]:
    """The courses that want their learners verified, and until when."""
    if config.integrity_signature:
        return {}
    courses = [enrollment.course_id for enrollment in enrollments if enrollment.mode in VERIFIED_MODES]
    due = deadlines.for_courses(str(course) for course in courses)
    return {course: due.get(str(course)) for course in courses}


def _entries(learner: Standing, courses: Mapping[Any, datetime | None]) -> dict[Any, dict[str, Any]]:
    entries: dict[Any, dict[str, Any]] = {}
    approvals: list[datetime] = []
    for course, deadline in courses.items():
        relevant = standing.relevant(deadline, learner.rows)
        if relevant is not None and relevant.status == Status.approved:
            approvals.append(relevant.expiration_datetime or NEVER)
        status = _status(learner, relevant, deadline)
        if status is not None:
            entries[course] = {
                "status": status,
                "days_until_deadline": _days_left(deadline, learner.now),
                "should_display": relevant.should_display_status_to_user() if relevant else True,
            }
    until = max(approvals, default=NEVER)
    if until != NEVER:
        for entry in entries.values():
            entry["verification_good_until"] = as_date(until)
    return entries


def _status(learner: Standing, relevant: AnyVerification | None, deadline: datetime | None) -> str | None:
    ends_soon = standing.is_expiring_soon(learner.expiration([Status.approved]))
    if relevant is not None and relevant.status in SILENT:
        return None
    if relevant is not None and relevant.status == Status.approved:
        return NEED_TO_REVERIFY if ends_soon else APPROVED
    if relevant is not None and standing.is_pending(relevant):
        return SUBMITTED_AGAIN if ends_soon else SUBMITTED
    if deadline is not None and deadline <= learner.now:
        return APPROVED if learner.is_valid_or_pending else MISSED_DEADLINE
    if learner.approval is None:
        return NEED_TO_VERIFY
    return NEED_TO_REVERIFY if ends_soon else None


def _days_left(deadline: datetime | None, now: datetime) -> int | None:
    return (deadline - now).days if deadline is not None and deadline > now else None
