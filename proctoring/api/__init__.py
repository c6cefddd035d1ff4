"""The LMS's door (contract python.md §4): ids in, plain dicts out; thin over the services."""

from proctoring.api.attempts import (
    create_exam_attempt,
    get_current_exam_attempt,
    get_exam_attempt_by_id,
    mark_exam_attempt_as_ready,
    start_exam_attempt,
    stop_exam_attempt,
    update_attempt_status,
)
from proctoring.api.exams import create_exam, get_exam_by_content_id, get_exam_by_id
from proctoring.api.screens import get_student_view, get_timer_view
from proctoring.backends import get_backend_provider

__all__ = [
    "create_exam",
    "create_exam_attempt",
    "get_backend_provider",
    "get_current_exam_attempt",
    "get_exam_attempt_by_id",
    "get_exam_by_content_id",
    "get_exam_by_id",
    "get_student_view",
    "get_timer_view",
    "mark_exam_attempt_as_ready",
    "start_exam_attempt",
    "stop_exam_attempt",
    "update_attempt_status",
]
