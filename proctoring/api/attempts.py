"""Attempts, ids in and dicts out (contract python.md §4.5, §4.6)."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from proctoring.exceptions import StudentExamAttemptDoesNotExistsException, UserNotFoundException
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.serializers import attempt_dict
from proctoring.services import attempts, exams
from proctoring.statuses import Actor


def create_exam_attempt(exam_id: int, user_id: int, taking_as_proctored: bool = False) -> int:
    """
    Create an attempt, registered with the vendor when ``taking_as_proctored``; its id.

    Raises ``ProctoredExamNotFoundException``, ``UserNotFoundException`` and what ``services.attempts.create`` raises.
    """
    user = get_user_model().objects.filter(pk=user_id).first()
    if user is None:
        raise UserNotFoundException
    return attempts.create(exams.by_id(exam_id), user, proctored=taking_as_proctored).pk


def get_exam_attempt_by_id(attempt_id: int) -> dict[str, Any] | None:
    """AttemptDict or None; an attempt whose time is over is closed first."""
    return _dict(ProctoredExamStudentAttempt.objects.get_exam_attempt_by_id(attempt_id))


def get_current_exam_attempt(exam_id: int, user_id: int) -> dict[str, Any] | None:
    """AttemptDict of the learner's latest attempt at the exam, or None; one whose time is over is closed first."""
    return _dict(ProctoredExamStudentAttempt.objects.get_current_exam_attempt(exam_id, user_id))


def start_exam_attempt(exam_id: int, user_id: int) -> int:
    """Start the learner's latest attempt; its id. Raises ``StudentExamAttemptDoesNotExistsException`` and more."""
    attempt = ProctoredExamStudentAttempt.objects.get_current_exam_attempt(exam_id, user_id)
    if attempt is None:
        raise StudentExamAttemptDoesNotExistsException
    return attempts.start(attempt).pk


def stop_exam_attempt(attempt_id: int) -> int:
    """The learner asks to finish; the attempt's id."""
    return attempts.stop(attempts.by_id(attempt_id)).pk


def mark_exam_attempt_as_ready(attempt_id: int) -> int:
    """The vendor's software is up; the attempt's id."""
    return attempts.mark_ready(attempts.by_id(attempt_id)).pk


def update_attempt_status(
    attempt_id: int,
    to_status: str,
    raise_if_not_found: bool = True,
    cascade_effects: bool = True,
    timeout_timestamp: datetime | None = None,
    update_attributable_to: AbstractBaseUser | None = None,
) -> int | None:
    """
    Move an attempt as the LMS; its id, or None when it is not there and ``raise_if_not_found`` is false.

    ``timeout_timestamp`` is when the time ran out, ``update_attributable_to`` who decided. Raises
    ``StudentExamAttemptDoesNotExistsException`` and ``ProctoredExamIllegalStatusTransition``.
    """
    try:
        moved = attempts.set_status(
            attempt_id,
            to_status,
            actor=Actor.SYSTEM,
            by=update_attributable_to,
            timeout_at=timeout_timestamp,
            cascade=cascade_effects,
        )
    except StudentExamAttemptDoesNotExistsException:
        if raise_if_not_found:
            raise
        return None
    return moved.pk


def _dict(attempt: ProctoredExamStudentAttempt | None) -> dict[str, Any] | None:
    return attempt_dict(attempts.close_if_overdue(attempt)) if attempt else None
