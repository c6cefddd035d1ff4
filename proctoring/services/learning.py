"""An exam and the attempt that runs, as the learning micro-frontend shows them (contract python.md §5.8)."""

from typing import Any

from django.utils import timezone

from proctoring.models import ProctoredExam
from proctoring.screens import Prerequisites
from proctoring.serializers import exam_dict
from proctoring.services import access, attempts, onboarding, prerequisites, timing
from proctoring.services.attempt_data import attempt_data, provider_of
from proctoring.services.kinds import exam_type
from proctoring.statuses import ONBOARDING_ERRORS


def active_attempt_data(user_id: int, *, is_learning_mfe: bool) -> dict[str, Any]:
    """Timer payload of the learner's newest attempt in progress, in any course; empty where there is none."""
    active = attempts.active_of(user_id)
    return attempt_data(active, is_learning_mfe=is_learning_mfe) if active else {}


def exam_and_active_attempt(
    user_id: int, course_id: str, content_id: str | None, *, is_learning_mfe: bool
) -> dict[str, dict[str, Any]]:
    """
    ``exam`` and ``active_attempt``, each empty where there is none.

    Where a requirement before the exam was declined, the exam is declined too, as on its page (contract python.md
    §4.7). It may ask vendors, so call it outside of transactions.
    """
    active = active_attempt_data(user_id, is_learning_mfe=is_learning_mfe)
    exam = ProctoredExam.get_exam_by_content_id(course_id, content_id) if content_id else None
    if exam is None:
        return {"exam": {}, "active_attempt": active}
    return {"exam": _exam(exam, user_id, active, is_learning_mfe=is_learning_mfe), "active_attempt": active}


def _exam(exam: ProctoredExam, user_id: int, active: dict[str, Any], *, is_learning_mfe: bool) -> dict[str, Any]:
    shown = exam_dict(exam) | {
        "type": exam_type(exam, provider_of(exam)).value,
        "passed_due_date": timing.is_past_due(exam, user_id),
        "use_legacy_attempt_api": True,
    }
    attempt = access.current_attempt(user_id, exam, timezone.now())
    if attempt is None:
        return shown | {"attempt": {}} | _before_an_attempt(exam, user_id)
    if attempt.pk == active.get("attempt_id"):
        return shown | {"attempt": active}
    shown["attempt"] = attempt_data(attempt, is_learning_mfe=is_learning_mfe)
    if exam.is_proctored and attempt.status in ONBOARDING_ERRORS:
        link = onboarding.exam_link(exam.course_id, attempt.user, is_learning_mfe=is_learning_mfe)
        shown["onboarding_link"] = link
    return shown


def _before_an_attempt(exam: ProctoredExam, user_id: int) -> dict[str, Any]:
    shown: dict[str, Any] = {"total_time": timing.humanized_time(timing.allowed_minutes(exam, user_id))}
    if not exam.is_proctored or exam.is_practice_exam:
        return shown
    before = prerequisites.of_learner(exam.course_id, exam.content_id, user_id)
    if before is None:
        return shown
    if before.outcome is Prerequisites.DECLINED:
        access.decline_like_prerequisite(user_id, exam)
    return shown | {"prerequisite_status": before.as_dict(exam.course_id)}
