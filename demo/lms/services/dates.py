"""Due dates, personal ones first, and ends of courses."""

from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from demo.lms.models import Course, PersonalDueDate, Sequence
from proctoring.lms import ExamRef


class DatesService:
    """Port ``dates``."""

    def get_due_date(self, exam: ExamRef, user_id: int | None, /) -> datetime | None:
        here = Sequence.objects.filter(course__course_id=exam.course_id, content_id=exam.content_id)
        due: F | Coalesce = F("due")
        if user_id is not None:
            personal = PersonalDueDate.objects.filter(sequence=OuterRef("pk"), user_id=user_id).values("due")
            due = Coalesce(Subquery(personal), due)
        return here.values_list(due, flat=True).first()

    def get_course_end(self, course_id: str, /) -> datetime | None:
        return Course.objects.filter(course_id=str(course_id)).values_list("end", flat=True).first()
