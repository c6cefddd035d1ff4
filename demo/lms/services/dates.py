"""Due dates, personal ones first, and ends of courses."""

from datetime import datetime

from demo.lms.models import Course, PersonalDueDate, Sequence
from proctoring.lms import ExamRef


class DatesService:
    """Port ``dates``."""

    def get_due_date(self, exam: ExamRef, user_id: int, /) -> datetime | None:
        here = {"course__course_id": exam.course_id, "content_id": exam.content_id}
        personal = PersonalDueDate.objects.filter(user_id=user_id, sequence__in=Sequence.objects.filter(**here)).first()
        if personal is not None:
            return personal.due
        return Sequence.objects.filter(**here).values_list("due", flat=True).first()

    def get_course_end(self, course_id: str, /) -> datetime | None:
        return Course.objects.filter(course_id=str(course_id)).values_list("end", flat=True).first()
