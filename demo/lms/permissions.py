"""Permissions the exam app leaves to its host (contract python.md §6.6)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from demo.lms.models import MODES_WITH_PROCTORED_EXAMS, Enrollment
from proctoring.common.prepared import Prepared

CAN_TAKE_PROCTORED_EXAM = "edx_proctoring.can_take_proctored_exam"
CAN_RETIRE_USER = "accounts.can_retire_user"

ENROLLED: Prepared[int] = Prepared(
    lambda user_id, course_id: Enrollment.objects.filter(
        user_id=user_id, course__course_id=course_id, is_active=True, mode__in=MODES_WITH_PROCTORED_EXAMS
    ).values_list("pk", flat=True)[:1],
    int,
    str,
)


class EnrolledCanTakeExams(BaseBackend):
    """
    Answers for exams as objects: a mapping with ``course_id``. Signs nobody in.

    Retiring learners' data is left to superusers, whom Django grants everything before it asks.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if perm != CAN_TAKE_PROCTORED_EXAM or obj is None or not user_obj.is_active:
            return False
        # Asked once for a user object, as Django's own backend does: lists ask about every exam of a course.
        known: dict[str, bool] = user_obj.__dict__.setdefault("_may_take_exams_of", {})
        course_id = obj["course_id"]
        if course_id not in known:
            known[course_id] = _is_enrolled(user_obj, course_id)
        return known[course_id]


def _is_enrolled(user: Any, course_id: str) -> bool:
    return bool(ENROLLED(user.pk, course_id))
