"""One learner looking at one exam: what is loaded, and what sort of exam it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.exceptions import UserNotFoundException
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.screens import ExamKind
from proctoring.serializers import exam_dict
from proctoring.services import attempts

CAN_TAKE = "edx_proctoring.can_take_proctored_exam"


@dataclass(frozen=True, slots=True)
class View:
    """One learner looking at one exam, everything loaded."""

    exam: ProctoredExam
    user_id: int
    attempt: ProctoredExamStudentAttempt | None
    provider: ProctoringBackendProvider | None
    context: Mapping[str, Any]
    now: datetime

    @property
    def status(self) -> str | None:
        return self.attempt.status if self.attempt else None

    @property
    def kind(self) -> ExamKind | None:
        return exam_kind(self.exam, self.provider)

    @property
    def ready_to_resume(self) -> bool:
        return self.attempt is not None and self.attempt.ready_to_resume and not self.attempt.resumed


def exam_kind(exam: ProctoredExam, provider: ProctoringBackendProvider | None) -> ExamKind | None:
    """What sort of exam it is; None for practice without proctoring, which nobody supports."""
    if not exam.is_proctored:
        return None if exam.is_practice_exam else ExamKind.TIMED
    if not exam.is_practice_exam:
        return ExamKind.PROCTORED
    return ExamKind.ONBOARDING if provider is not None and provider.supports_onboarding else ExamKind.PRACTICE


def current_attempt(user_id: int, exam: ProctoredExam, now: datetime) -> ProctoredExamStudentAttempt | None:
    """The learner's latest attempt, closed first if its time is over."""
    attempt = ProctoredExamStudentAttempt.objects.get_current_exam_attempt(exam.pk, user_id)
    return attempts.close_if_overdue(attempt, now) if attempt else None


def learner(user_id: int) -> Any:
    """The user. Raises ``UserNotFoundException``."""
    user = get_user_model()._default_manager.filter(pk=user_id).first()
    if user is None:
        raise UserNotFoundException
    return user


def may_take(user: Any, exam: ProctoredExam) -> bool:
    """Whether the host lets the learner take this exam proctored (contract python.md §6.6)."""
    # Hosts' rules take the exam as a dictionary, which Django's own type for this argument does not foresee.
    return bool(user.has_perm(CAN_TAKE, exam_dict(exam)))
