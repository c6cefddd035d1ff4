"""
Registering an attempt with the vendor: asked while the learner waits, outside any transaction.

The row is committed first, so that a vendor's message about the attempt can never come too early, and a registration
whose answer was lost can be repeated under the same code (contract python.md §2.13, docs/differences.rst).
"""

import logging
from datetime import datetime
from typing import Any

from proctoring import lms
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.common.http import VendorUnreachable
from proctoring.conf import config
from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderNotConfigured,
    BackendProviderOnboardingException,
)
from proctoring.models import (
    ProctoredExam,
    ProctoredExamReviewPolicy,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)
from proctoring.serializers import exam_dict
from proctoring.services import timing
from proctoring.services.vendors import backend_name, backend_of, obscured_user_id, sync_exam

logger = logging.getLogger(__name__)


def register(attempt: ProctoredExamStudentAttempt, context: dict[str, Any]) -> str | None:
    """
    Ask the exam's vendor to register ``attempt``; the vendor's id of it.

    Raises ``BackendProviderOnboardingException``, ``BackendProviderCannotRegisterAttempt`` for every other way in
    which a vendor can fail, ``BackendProviderNotConfigured``.
    """
    exam = attempt.proctored_exam
    backend = backend_of(exam)
    if backend is None:
        raise BackendProviderNotConfigured
    try:
        return _ask(backend, _known_to_vendor(exam), context)
    except (BackendProviderOnboardingException, BackendProviderCannotRegisterAttempt):
        raise
    except VendorUnreachable as error:
        logger.warning("The vendor was not reached for a registration: attempt=%s error=%s", attempt.pk, error.code)
        raise BackendProviderCannotRegisterAttempt(http_status=error.http_status) from error
    except Exception as error:
        # A vendor's plugin may raise anything; the learner gets one clear sentence whatever it was.
        logger.error("Registration failed: attempt=%s error=%s", attempt.pk, type(error).__name__)
        raise BackendProviderCannotRegisterAttempt from error


def _ask(backend: ProctoringBackendProvider, exam: ProctoredExam, context: dict[str, Any]) -> str | None:
    external_id = backend.register_exam_attempt(exam_dict(exam), context=context)
    return str(external_id) if external_id else None


def _known_to_vendor(exam: ProctoredExam) -> ProctoredExam:
    """The exam with the vendor's id, which the vendor is asked for where it has not come yet."""
    if not exam.external_id:
        sync_exam(exam.pk)
        exam.refresh_from_db(fields=["external_id"])
    return exam


def registration_context(attempt: ProctoredExamStudentAttempt, now: datetime | None = None) -> dict[str, Any]:
    """What the vendor gets to know (contract vendors_admin_screens.md §1.3.1)."""
    exam, user = attempt.proctored_exam, attempt.user
    state = lms.credit().get_credit_state(user.pk, exam.course_id) or {}
    context = {
        "lms_host": f"{config.scheme}://{config.site_name}",
        "time_limit_mins": timing.allowed_minutes(exam, user.pk, now, attempt.time_remaining_seconds),
        "attempt_code": attempt.attempt_code,
        "is_sample_attempt": attempt.is_sample_attempt,
        "user_id": obscured_user_id(user.pk, backend_name(exam)),
        "full_name": _verified_name(user) or state.get("profile_fullname") or "",
        "email": state.get("student_email"),
    }
    policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(exam.pk)
    if policy is not None:
        context["review_policy"] = policy.review_policy
    exception = ProctoredExamStudentAllowance.get_review_policy_exception(exam.pk, user.pk)
    if exception is not None:
        context["review_policy_exception"] = exception
    return context


def _verified_name(user: Any) -> str:
    name = lms.name_affirmation().get_verified_name(user, is_verified=False, statuses_to_exclude=["denied"])
    return name.verified_name if name else ""
