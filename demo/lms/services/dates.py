"""Due dates, personal ones first, and ends of courses."""

from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from demo.lms.models import Course, PersonalDueDate, Sequence
from proctoring.common.prepared import Prepared
from proctoring.lms import ExamRef


def _due_dates(course_id: str, content_id: str, user_id: int) -> "QuerySet[Sequence, datetime | None]":
    here = Sequence.objects.filter(course__course_id=course_id, content_id=content_id).order_by("pk")
    personal = PersonalDueDate.objects.filter(sequence=OuterRef("pk"), user_id=user_id).values("due")
    return here.values_list(Coalesce(Subquery(personal), F("due")), flat=True)[:1]


# Every poll of a learner's asks.
DUE_DATES: Prepared[datetime | None] = Prepared(_due_dates, str, str, int)


class DatesService:
    """Port ``dates``."""

    def get_due_date(self, exam: ExamRef, user_id: int | None, /) -> datetime | None:
        # Nobody has the number 0.
        return next(iter(DUE_DATES(exam.course_id, exam.content_id, user_id or 0)), None)

    def get_course_end(self, course_id: str, /) -> datetime | None:
        return Course.objects.filter(course_id=str(course_id)).values_list("end", flat=True).first()
