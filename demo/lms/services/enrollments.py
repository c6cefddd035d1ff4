"""Who may take proctored exams."""

from django.db.models import Q, QuerySet

from demo.lms.models import MODES_WITH_PROCTORED_EXAMS, Enrollment


class EnrollmentsService:
    """Port ``enrollments``."""

    def get_enrollments_can_take_proctored_exams(
        self, course_id: str, text_search: str | None, /
    ) -> QuerySet[Enrollment]:
        found = Enrollment.objects.filter(
            course__course_id=str(course_id), is_active=True, mode__in=MODES_WITH_PROCTORED_EXAMS
        )
        if text_search:
            found = found.filter(Q(user__username__icontains=text_search) | Q(user__email__icontains=text_search))
        # Not a list: whoever shows a page of them cuts it out in the database.
        return found.select_related("user").order_by("user__username")
