"""Due dates, personal ones first, and ends of courses."""

from datetime import datetime

from demo.lms.models import Course, PersonalDueDate, Sequence
from proctoring.lms import ExamRef


class DatesService:
    """Port ``dates``."""

    def get_due_date(self, exam: ExamRef, user_id: int | None, /) -> datetime | None:
        here = {"course__course_id": exam.course_id, "content_id": exam.content_id}
        personal = PersonalDueDate.objects.filter(sequence__in=Sequence.objects.filter(**here))
        if user_id is not None and (own := personal.filter(user_id=user_id).first()) is not None:
            return own.due
        return Sequence.objects.filter(**here).values_list("due", flat=True).first()

    def get_course_end(self, course_id: str, /) -> datetime | None:
        return Course.objects.filter(course_id=str(course_id)).values_list("end", flat=True).first()
