"""
Analytics events: what happened to an exam, an allowance, an attempt or a review (contract python.md §8.6).

What an event says is taken down when it happens, and told to the LMS's tracker after commit. A tracker that fails is
logged and never fatal.
"""

import logging
import re
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from proctoring import lms
from proctoring.models import (
    ProctoredExam,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)

logger = logging.getLogger(__name__)

# course-v1:Org+Course+Run, or Org/Course/Run of old.
COURSE_ID = re.compile(r"course-v1:([^+/]+)\+[^+/]+\+[^+/]+|([^+/:]+)/[^+/]+/[^+/]+")


def emit(exam: ProctoredExam, verb: str, attempt: ProctoredExamStudentAttempt | None = None, /, **more: Any) -> None:
    """
    Tell the tracker, after commit, that ``verb`` happened to the exam, or to ``attempt`` at it.

    ``more`` is added to what is said of exam and attempt, and wins.
    """
    name = f"edx.special_exam.{_kind(exam)}.{'attempt.' if attempt else ''}{verb}"
    data = _about_exam(exam) | (_about_attempt(attempt) if attempt else {}) | more
    transaction.on_commit(partial(_tell, name, data, _context(exam.course_id)))


def emit_allowance(allowance: ProctoredExamStudentAllowance, verb: str) -> None:
    """An allowance was ``created``, ``updated`` or ``deleted``."""
    emit(
        allowance.proctored_exam,
        f"allowance.{verb}",
        allowance_user_id=allowance.user_id,
        allowance_key=allowance.key,
        allowance_value=allowance.value,
    )


def emit_review(review: ProctoredExamSoftwareSecureReview, attempt: ProctoredExamStudentAttempt) -> None:
    """A review was saved; ``attempt`` may be the last known state of a deleted one."""
    try:
        exam = attempt.proctored_exam
    except ProctoredExam.DoesNotExist:
        # Reviews go with their exam, but for those of an old release that do not know it.
        logger.warning("The exam of a review is gone: review=%s", review.pk)
        return
    received = {"review_attempt_code": review.attempt_code, "review_status": str(review.review_status)}
    emit(exam, "review_received", attempt, **received)


def _kind(exam: ProctoredExam) -> str:
    if not exam.is_proctored:
        return "timed"
    return "practice" if exam.is_practice_exam else "proctored"


def _about_exam(exam: ProctoredExam) -> dict[str, Any]:
    return {
        "exam_id": exam.pk,
        "exam_content_id": exam.content_id,
        "exam_name": exam.exam_name,
        "exam_default_time_limit_mins": exam.time_limit_mins,
        "exam_is_proctored": exam.is_proctored,
        "exam_is_practice_exam": exam.is_practice_exam,
        "exam_is_active": exam.is_active,
    }


def _about_attempt(attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
    return {
        "attempt_id": attempt.pk,
        "attempt_user_id": attempt.user_id,
        "attempt_started_at": attempt.started_at,
        "attempt_completed_at": attempt.completed_at,
        "attempt_code": attempt.attempt_code,
        "attempt_allowed_time_limit_mins": attempt.allowed_time_limit_mins,
        "attempt_status": str(attempt.status),
        "attempt_event_elapsed_time_secs": _seconds_since_start(attempt),
    }


def _seconds_since_start(attempt: ProctoredExamStudentAttempt) -> int | None:
    if attempt.started_at is None:
        return None
    return int((timezone.now() - attempt.started_at).total_seconds())


def _context(course_id: str) -> dict[str, str]:
    parsed = COURSE_ID.fullmatch(course_id)
    org = {"org_id": parsed[1] or parsed[2]} if parsed else {}
    return {"course_id": course_id, **org}


def _tell(name: str, data: dict[str, Any], context: dict[str, str]) -> None:
    try:
        lms.tracker().emit(name, data, context=context)
    except Exception as error:  # the host's tracker may raise anything, with any text
        logger.error("The tracker refused an event: name=%s error=%s", name, type(error).__name__)
