"""Analytics events for whoever has dicts (contract python.md §4.12, §8.6)."""

from collections.abc import Mapping
from typing import Any

from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import events

EXAM_FIELDS = "id course_id content_id exam_name time_limit_mins is_proctored is_practice_exam is_active".split()
ATTEMPT_FIELDS = "id started_at completed_at attempt_code allowed_time_limit_mins status".split()


def emit_event(
    exam: Mapping[str, Any],
    short_name: str,
    attempt: Mapping[str, Any] | None = None,
    override_data: Mapping[str, Any] | None = None,
) -> None:
    """
    Tell the tracker, after commit, that ``short_name`` happened to the exam (an ExamDict), or to the attempt at it.

    ``override_data`` is added to what is said of exam and attempt, and wins.
    """
    events.emit(_exam(exam), short_name, _attempt(attempt) if attempt else None, **override_data or {})


def _exam(exam: Mapping[str, Any]) -> ProctoredExam:
    return ProctoredExam(**{name: exam[name] for name in EXAM_FIELDS})


def _attempt(attempt: Mapping[str, Any]) -> ProctoredExamStudentAttempt:
    fields = {name: attempt[name] for name in ATTEMPT_FIELDS}
    return ProctoredExamStudentAttempt(user_id=attempt["user"]["id"], **fields)
