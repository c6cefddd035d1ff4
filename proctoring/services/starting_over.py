"""Course staff let a learner begin an exam again, as if nothing had been (contract rest.md §5.7)."""

from contextlib import suppress

from django.contrib.auth.models import AbstractBaseUser

from proctoring.exceptions import StudentExamAttemptDoesNotExistsException
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import removal


def remove_all(exam_id: int, user_id: int, *, by: AbstractBaseUser | None) -> bool:
    """
    Remove every attempt of the learner at the exam, whatever its status; whether there was any.

    The oldest goes first, each by itself: where a vendor refuses, that attempt and the later ones stay, and doing it
    again removes them. Raises as ``removal.remove``, and as that never within a transaction.
    """
    rows = ProctoredExamStudentAttempt.objects.filter(user_id=user_id, proctored_exam_id=exam_id)
    attempt_ids = list(rows.order_by("created", "pk").values_list("pk", flat=True))
    for attempt_id in attempt_ids:
        # Somebody else may be removing the same ones.
        with suppress(StudentExamAttemptDoesNotExistsException):
            removal.remove(attempt_id, by=by)
    return bool(attempt_ids)
