"""An exam and the attempt that runs, as the learning micro-frontend shows them (contract python.md §5.8)."""

import logging
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from proctoring.common.prepared import Prepared
from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.screens import Prerequisites
from proctoring.serializers import exam_dict
from proctoring.services import access, attempts, onboarding, prerequisites, timing
from proctoring.services.attempt_data import attempt_data
from proctoring.services.kinds import exam_type
from proctoring.services.vendors import backend_if_configured
from proctoring.statuses import IN_PROGRESS, ONBOARDING_ERRORS

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
# Polled by every learning application with an exam in it.
ACTIVE_OR_AT: Prepared[Attempt] = Prepared(
    lambda user_id, course_id, content_id: Attempt.objects.get_active_or_at(
        user_id, course_id, content_id
    ).without_learner(),
    int,
    str,
    str,
)


def active_attempt_data(user_id: int, *, is_learning_mfe: bool) -> dict[str, Any]:
    """Timer payload of the learner's newest attempt in progress, in any course; empty where there is none."""
    active = attempts.active_of(user_id)
    return attempt_data(active, is_learning_mfe=is_learning_mfe) if active else {}


def exam_and_active_attempt(
    user_id: int, course_id: str, content_id: str, *, reader: Any, is_learning_mfe: bool
) -> dict[str, dict[str, Any]]:
    """
    ``exam`` and ``active_attempt`` of the learner, each empty where there is none. To a ``reader`` who may not see the
    exam it is not there, unless there is an attempt already.

    Where a requirement before the exam was declined, the exam is declined too, as on its page (contract python.md
    §4.7). It may ask vendors, so call it outside of transactions.
    """
    found = ACTIVE_OR_AT(user_id, course_id, content_id or "")
    exam = _exam_at(course_id, content_id, found)
    running = next((one for one in found if one.status in IN_PROGRESS), None)
    attempt = next((one for one in found if exam is not None and one.proctored_exam_id == exam.pk), None)
    # Both may be the same, whose end then shows in both.
    for one in filter(None, (running, attempt)):
        attempts.close_if_overdue(one)
    active = attempt_data(running, is_learning_mfe=is_learning_mfe) if running else {}
    shown = {}
    if exam is not None and attempt is not None:
        shown = _begun(exam, attempt, active, is_learning_mfe=is_learning_mfe)
    elif exam is not None and _is_there_for(reader, exam):
        shown = _not_begun(exam, user_id, is_learning_mfe=is_learning_mfe)
    return {"exam": shown, "active_attempt": active}


def _exam_at(course_id: str, content_id: str, found: list[Attempt]) -> ProctoredExam | None:
    """The exam, which comes with an attempt at it."""
    loaded = (one.proctored_exam for one in found)
    here = (course_id, content_id)
    known = next((exam for exam in loaded if (exam.course_id, exam.content_id) == here), None)
    return known or (ProctoredExam.get_exam_by_content_id(course_id, content_id) if content_id else None)


def _is_there_for(reader: Any, exam: ProctoredExam) -> bool:
    try:
        access.require_reader_of_exam(reader, exam)
    except ProctoredExamPermissionDenied:
        return False
    return True


def _exam(exam: ProctoredExam, user_id: int) -> dict[str, Any]:
    return exam_dict(exam) | {
        "type": exam_type(exam, backend_if_configured(exam)).value,
        "passed_due_date": timing.is_past_due(exam, user_id),
        "use_legacy_attempt_api": True,
    }


def _begun(exam: ProctoredExam, attempt: Attempt, active: dict[str, Any], *, is_learning_mfe: bool) -> dict[str, Any]:
    shown = _exam(exam, attempt.user_id)
    if attempt.pk == active.get("attempt_id"):
        return shown | {"attempt": active}
    shown["attempt"] = attempt_data(attempt, is_learning_mfe=is_learning_mfe)
    if exam.is_proctored and attempt.status in ONBOARDING_ERRORS:
        shown["onboarding_link"] = _onboarding_link(attempt, is_learning_mfe=is_learning_mfe)
    return shown


def _not_begun(exam: ProctoredExam, user_id: int, *, is_learning_mfe: bool) -> dict[str, Any]:
    graded = exam.is_proctored and not exam.is_practice_exam
    before = prerequisites.of_learner(exam.course_id, exam.content_id, user_id) if graded else None
    if before is not None and before.outcome is Prerequisites.DECLINED:
        declined = access.decline_like_prerequisite(user_id, exam)
        if declined is not None:
            return _begun(exam, declined, {}, is_learning_mfe=is_learning_mfe)
    total = {"attempt": {}, "total_time": timing.humanized_time(timing.allowed_minutes(exam, user_id))}
    told = {"prerequisite_status": before.as_dict(exam.course_id)} if before is not None else {}
    return _exam(exam, user_id) | total | told


def _onboarding_link(attempt: Attempt, *, is_learning_mfe: bool) -> str:
    """For the learner whose attempt it is, whoever asks (contract rest.md §9.6 D7)."""
    course_id = attempt.proctored_exam.course_id
    try:
        return onboarding.exam_link(course_id, attempt.user, is_learning_mfe=is_learning_mfe)
    except (NotImplementedError, ImproperlyConfigured):
        logger.warning("The vendor of an onboarding exam is not configured: attempt=%s", attempt.pk)
        return ""
