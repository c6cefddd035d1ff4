"""Onboarding (contract python.md §4.9)."""

import logging
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from proctoring import lms
from proctoring.backends import provider_named
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import onboarding

logger = logging.getLogger(__name__)


def get_onboarding_exam_link(course_id: str, user: Any, is_learning_mfe: bool) -> str:
    """
    Where the learner does the course's onboarding now; empty where there is none, or none that is open.

    Raises ``NotImplementedError`` for an unknown backend.
    """
    return onboarding.exam_link(course_id, user, is_learning_mfe=is_learning_mfe)


def get_last_verified_onboarding_attempts_per_user(
    users_list: Collection[Any], backend: str
) -> dict[int, ProctoredExamStudentAttempt]:
    """User id -> the latest approval that still counts with the backend, in any course. One statement."""
    return onboarding.approvals_elsewhere(users_list, backend)


def get_onboarding_attempt_data_for_learner(course_id: str, user: Any, backend: str) -> dict[str, Any]:
    """``onboarding_status`` and ``expiration_date``, a datetime; each may be None."""
    found = onboarding.of_learner(course_id, user, backend)
    return {"onboarding_status": found.status, "expiration_date": found.expiration_date}


def does_backend_support_onboarding(backend: str | None) -> bool:
    """Whether the backend, or the default one, has onboarding; one that is not available has not."""
    try:
        return bool(provider_named(backend).supports_onboarding)
    except (NotImplementedError, ImproperlyConfigured):
        logger.exception("The backend is not available: backend=%s", backend)
        return False


def get_enrollments_can_take_proctored_exams(course_id: str, text_search: str | None = None) -> Any:
    """What the host's ``enrollments`` service answers: enrolments with ``user`` and ``mode``."""
    return lms.enrollments().get_enrollments_can_take_proctored_exams(course_id, text_search)
