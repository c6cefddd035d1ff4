"""Exams, ids in and dicts out (contract python.md §4.2)."""

from datetime import datetime
from typing import Any

from proctoring.serializers import exam_dict
from proctoring.services import exams


def create_exam(
    course_id: str,
    content_id: str,
    exam_name: str,
    time_limit_mins: int,
    due_date: datetime | None = None,
    is_proctored: bool = True,
    is_practice_exam: bool = False,
    external_id: str | None = None,
    is_active: bool = True,
    hide_after_due: bool = False,
    backend: str | None = None,
) -> int:
    """Create an exam; its id. Raises ``ProctoredExamAlreadyExists``."""
    exam = exams.create(
        course_id=course_id,
        content_id=content_id,
        exam_name=exam_name,
        time_limit_mins=time_limit_mins,
        due_date=due_date,
        is_proctored=is_proctored,
        is_practice_exam=is_practice_exam,
        external_id=external_id,
        is_active=is_active,
        hide_after_due=hide_after_due,
        backend=backend,
    )
    return exam.pk


def get_exam_by_id(exam_id: int) -> dict[str, Any]:
    """ExamDict. Raises ``ProctoredExamNotFoundException``."""
    return exam_dict(exams.by_id(exam_id))


def get_exam_by_content_id(course_id: str, content_id: str) -> dict[str, Any]:
    """ExamDict. Raises ``ProctoredExamNotFoundException``."""
    return exam_dict(exams.by_content_id(course_id, content_id))
