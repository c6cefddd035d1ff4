"""Starting practice and onboarding over (contract python.md §2.13)."""

from django.contrib.auth.models import AbstractBaseUser

from proctoring.exceptions import ProctoredExamIllegalStatusTransition
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import attempts, creation
from proctoring.statuses import INCOMPLETE
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status


def reset(exam: ProctoredExam, user_id: int, *, by: AbstractBaseUser | None) -> ProctoredExamStudentAttempt:
    """
    A new attempt at a practice exam in place of the latest one, which stays as it is where none can be made.

    Raises ``StudentExamAttemptDoesNotExistsException``, ``ProctoredExamIllegalStatusTransition`` for a graded exam and
    for an attempt that is unfinished or verified, and what ``creation.replace`` raises.
    """
    latest = attempts.current(exam.pk, user_id)
    if not exam.is_practice_exam or latest.status in INCOMPLETE or latest.status == Status.verified:
        raise ProctoredExamIllegalStatusTransition
    return creation.replace(latest, by=by)
