"""Which exams an operator means."""

from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.models import ProctoredExam
from proctoring.services.references import is_storable, key_of


def exam_ids(*, exam_id: object = None, course_id: str | None = None) -> frozenset[int] | None:
    """
    The exams, active or not, with this id or in this course; None, which means all, where neither is given.

    Raises ``ProctoredExamNotFoundException`` where there is none, so that a slip of the pen is not taken for success.
    """
    exams = ProctoredExam.objects.all()
    if exam_id is None and course_id is None:
        return None
    if exam_id is not None:
        exams = exams.filter(pk=key_of(exam_id))
    if course_id is not None:
        exams = exams.filter(course_id=course_id) if is_storable(course_id) else exams.none()
    found = frozenset(exams.values_list("pk", flat=True))
    if not found:
        raise ProctoredExamNotFoundException
    return found
