"""Course staff, completion, resets, support."""

from typing import Any

from django.contrib.auth import get_user_model

from demo.lms.models import Answer, Completion, Course, CourseRole, Sequence, SubsectionGrade, SupportNotification
from proctoring.common.prepared import Prepared

# Every page and list for course staff asks.
IS_STAFF: Prepared[int] = Prepared(
    lambda user_id, course_id: CourseRole.objects.filter(
        user_id=user_id, course__course_id=course_id, role=CourseRole.STAFF
    ).values_list("pk", flat=True)[:1],
    int,
    str,
)


class InstructorService:
    """Port ``instructor``."""

    def complete_student_attempt(self, username: str, content_id: str, /) -> None:
        user_id = get_user_model().objects.values_list("pk", flat=True).get(username=username)
        sequences = Sequence.objects.filter(content_id=str(content_id)).values_list("pk", flat=True)
        completed = [Completion(user_id=user_id, sequence_id=sequence) for sequence in sequences]
        Completion.objects.bulk_create(completed, ignore_conflicts=True)

    def delete_student_attempt(
        self, username: str, course_id: str, content_id: str, /, *, requesting_user: Any
    ) -> None:
        here = {"course__course_id": str(course_id), "content_id": str(content_id)}
        sequences = Sequence.objects.filter(**here)
        Answer.objects.filter(user__username=username, question__sequence__in=sequences).delete()
        Completion.objects.filter(user__username=username, sequence__in=sequences).delete()
        SubsectionGrade.objects.filter(user__username=username, sequence__in=sequences).update(earned=0.0)

    def get_proctoring_escalation_email(self, course_id: str, /) -> str | None:
        return Course.objects.get(course_id=str(course_id)).escalation_email or None

    def is_course_staff(self, user: Any, course_id: str, /) -> bool:
        if not (user.is_authenticated and user.is_active):
            return False
        return bool(IS_STAFF(user.pk, course_id))

    def send_support_notification(
        self, *, course_id: str, exam_name: str, student_username: str, review_status: str, review_url: str
    ) -> None:
        SupportNotification.objects.get_or_create(
            course=Course.objects.get(course_id=str(course_id)),
            exam_name=exam_name,
            student_username=student_username,
            review_status=review_status,
            review_url=review_url,
        )
