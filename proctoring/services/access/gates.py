"""
Who may do what in general. Each gate is asked of the object that is acted on, and raises where it stays shut: ids and
courses that a request names are never taken for granted (contract rest.md §9.1 S1).
"""

from typing import Any

from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services.access.callers import is_course_staff
from proctoring.services.access.views import may_take

CAN_RETIRE = "accounts.can_retire_user"


def require_site_staff(user: Any) -> None:
    """Staff of the whole site. Raises ``ProctoredExamPermissionDenied``, as all of these do."""
    _require(is_site_staff(user))


def require_course_staff(user: Any, course_id: str) -> None:
    """Staff of the course, or of the whole site."""
    _require(is_course_staff(user, course_id))


def require_staff_of_exam(user: Any, exam: ProctoredExam) -> None:
    """Staff of the exam's own course, or of the whole site."""
    require_course_staff(user, exam.course_id)


def require_owner(user: Any, attempt: ProctoredExamStudentAttempt) -> None:
    """The learner whose attempt it is; nobody else, staff included."""
    _require(attempt.user_id == user.pk)


def require_retirement_service(user: Any) -> None:
    """The service that retires learners; the host defines its permission."""
    _require(user.has_perm(CAN_RETIRE))


def require_reader_of_exam(user: Any, exam: ProctoredExam) -> None:
    """Staff of its course read every exam; learners an active one, if proctored only where they may take it."""
    if not is_course_staff(user, exam.course_id):
        _require(exam.is_active and (not exam.is_proctored or may_take(user, exam)))


def is_site_staff(user: Any) -> bool:
    """Staff of the whole site."""
    return bool(user.is_staff or user.is_superuser)


def _require(permitted: bool) -> None:
    if not permitted:
        raise ProctoredExamPermissionDenied
