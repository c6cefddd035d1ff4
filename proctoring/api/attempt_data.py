"""An attempt as a timer needs it, ids in and dict out (contract python.md §5.9)."""

from typing import Any

from proctoring.exceptions import StudentExamAttemptDoesNotExistsException
from proctoring.services import attempts, exams
from proctoring.services.attempt_data import attempt_data


def get_exam_attempt_data(exam_id: int, attempt_id: int, is_learning_mfe: bool = False) -> dict[str, Any]:
    """
    The timer payload of an attempt, which is closed first if its time is over.

    While the learner sets up, the vendor is asked: call it outside of transactions. Raises
    ``ProctoredExamNotFoundException``, and ``StudentExamAttemptDoesNotExistsException`` also for an attempt at another
    exam.
    """
    exam = exams.by_id(exam_id)
    attempt = attempts.by_id(attempt_id)
    if attempt.proctored_exam_id != exam.pk:
        raise StudentExamAttemptDoesNotExistsException
    return attempt_data(attempt, is_learning_mfe=is_learning_mfe)
