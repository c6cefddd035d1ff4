"""
Lists of attempts, ids in and dicts out (contract python.md §4.5).

An attempt whose time is over is listed as what closing it makes of it. The number of SQL statements does not grow.
"""

from typing import Any

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import listings

Attempt = ProctoredExamStudentAttempt


def get_all_exam_attempts(course_id: str) -> list[dict[str, Any]]:
    """AttemptDicts of a course, newest first."""
    return listings.listed(Attempt.objects.get_all_exam_attempts(course_id))


def get_filtered_exam_attempts(course_id: str, search_by: str) -> list[dict[str, Any]]:
    """AttemptDicts of a course whose learner's username or e-mail contains the text, newest first."""
    return listings.listed(Attempt.objects.get_filtered_exam_attempts(course_id, search_by))


def get_user_attempts_by_exam_id(user_id: int, exam_id: int) -> list[dict[str, Any]]:
    """AttemptDicts of a learner at an exam, newest first."""
    return listings.listed(Attempt.objects.get_user_attempts_by_exam_id(user_id, exam_id))


def get_active_exams_for_user(user_id: int, course_id: str | None = None) -> list[dict[str, Any]]:
    """``exam``, ``attempt`` and ``allowances`` of each attempt whose clock runs now, newest first."""
    return [active.as_dict() for active in listings.active(user_id, course_id)]
