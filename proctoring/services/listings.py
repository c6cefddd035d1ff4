"""
Lists of attempts as every door shows them.

A list writes nothing: an attempt whose time is over, and which nobody has closed yet, is shown as what it will be. So a
list costs the same however many rows it has, and a learner whose time is up never looks busy (contract python.md §9.1
no. 35, §9.2 no. 45).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from proctoring.conf import config
from proctoring.models import ProctoredExamStudentAllowance, ProctoredExamStudentAttempt
from proctoring.serializers import attempt_dict
from proctoring.services import timing
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

Attempt = ProctoredExamStudentAttempt


@dataclass(frozen=True, slots=True)
class ActiveExam:
    """An attempt in progress and what its learner is granted for the exam."""

    attempt: Attempt
    allowances: Sequence[ProctoredExamStudentAllowance]


def listed(attempts: Iterable[Attempt]) -> list[dict[str, Any]]:
    """AttemptDicts in the given order. A queryset may be sliced before: rows outside of the page are not read."""
    now = timezone.now()
    return [attempt_dict(attempt) | ending(attempt, now) for attempt in attempts]


def ending(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """What closing the attempt will change; nothing where its time is not over (contract python.md §2.7)."""
    if not timing.is_overdue(attempt, now):
        return {}
    if config.allow_timed_out_state:
        return {"status": str(Status.timed_out)}
    return {"status": str(Status.submitted), "completed_at": timing.deadline(attempt), "is_resumable": False}


def active(user_id: int, course_id: str | None = None) -> list[ActiveExam]:
    """The learner's attempts whose clock runs now, newest first, in one course or in all."""
    now = timezone.now()
    rows = Attempt.objects.get_active_student_attempts(user_id, course_id)
    running = [attempt for attempt in rows if not timing.is_overdue(attempt, now)]
    granted = _allowances(user_id, {attempt.proctored_exam_id for attempt in running})
    return [ActiveExam(attempt, granted[attempt.proctored_exam_id]) for attempt in running]


def _allowances(user_id: int, exam_ids: set[int]) -> dict[int, list[ProctoredExamStudentAllowance]]:
    by_exam: dict[int, list[ProctoredExamStudentAllowance]] = defaultdict(list)
    if exam_ids:
        rows = ProctoredExamStudentAllowance.objects.filter(user_id=user_id, proctored_exam_id__in=exam_ids)
        for allowance in rows.select_related("user", "proctored_exam").order_by("id"):
            by_exam[allowance.proctored_exam_id].append(allowance)
    return by_exam
