"""
The public JSON shapes, shared by ``api/`` and ``rest/`` (contract python.md §4.1, rest.md §3).

Plain functions over loaded rows: give them rows whose user and exam are loaded, and they ask the database nothing.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proctoring.models import (
    ProctoredExam,
    ProctoredExamReviewPolicy,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)


def exam_dict(exam: ProctoredExam) -> dict[str, Any]:
    """ExamDict; ``due_date`` is a datetime or None."""
    return {
        "id": exam.pk,
        "course_id": exam.course_id,
        "content_id": exam.content_id,
        "external_id": exam.external_id,
        "exam_name": exam.exam_name,
        "time_limit_mins": exam.time_limit_mins,
        "is_proctored": exam.is_proctored,
        "is_practice_exam": exam.is_practice_exam,
        "is_active": exam.is_active,
        "due_date": exam.due_date,
        "hide_after_due": exam.hide_after_due,
        "backend": exam.backend,
    }


def user_dict(user: Any) -> dict[str, Any]:
    """UserDict."""
    return {"id": user.pk, "username": user.get_username(), "email": user.email}


def attempt_dict(attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
    """AttemptDict; ``created`` and ``modified`` are ISO 8601 text in the current time zone."""
    return {
        "id": attempt.pk,
        "created": _text(attempt.created),
        "modified": _text(attempt.modified),
        "user": user_dict(attempt.user),
        "started_at": attempt.started_at,
        "completed_at": attempt.completed_at,
        "external_id": attempt.external_id,
        "status": str(attempt.status),
        "proctored_exam": exam_dict(attempt.proctored_exam),
        "allowed_time_limit_mins": attempt.allowed_time_limit_mins,
        "attempt_code": attempt.attempt_code,
        "is_sample_attempt": attempt.is_sample_attempt,
        "taking_as_proctored": attempt.taking_as_proctored,
        "review_policy_id": attempt.review_policy_id,
        "is_status_acknowledged": attempt.is_status_acknowledged,
        "time_remaining_seconds": attempt.time_remaining_seconds,
        "is_resumable": attempt.is_resumable,
        "ready_to_resume": attempt.ready_to_resume,
        "resumed": attempt.resumed,
    }


def allowance_dict(allowance: ProctoredExamStudentAllowance) -> dict[str, Any]:
    """AllowanceDict; ``created`` and ``modified`` are ISO 8601 text in the current time zone."""
    return {
        "id": allowance.pk,
        "created": _text(allowance.created),
        "modified": _text(allowance.modified),
        "user": user_dict(allowance.user),
        "key": allowance.key,
        "value": allowance.value,
        "proctored_exam": exam_dict(allowance.proctored_exam),
    }


def policy_dict(policy: ProctoredExamReviewPolicy) -> dict[str, Any]:
    """PolicyDict; ``created`` and ``modified`` are ISO 8601 text in the current time zone."""
    return {
        "id": policy.pk,
        "created": _text(policy.created),
        "modified": _text(policy.modified),
        "set_by_user": user_dict(policy.set_by_user),
        "proctored_exam": exam_dict(policy.proctored_exam),
        "review_policy": policy.review_policy,
    }


def _text(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat().replace("+00:00", "Z")
