"""Grades of sequences and their overrides."""

from typing import Any

from demo.lms.models import Course, Sequence, SubsectionGrade


class GradesService:
    """Port ``grades``."""

    def should_override_grade_on_rejected_exam(self, course_id: str, /) -> bool:
        return Course.objects.filter(course_id=str(course_id), rejected_exam_costs_grade=True).exists()

    def override_subsection_grade(
        self,
        *,
        user_id: int,
        course_key_or_id: str,
        usage_key_or_id: str,
        earned_all: float,
        earned_graded: float,
        overrider: Any | None,
        comment: str,
    ) -> None:
        SubsectionGrade.objects.update_or_create(
            user_id=user_id,
            sequence=Sequence.objects.get(course__course_id=str(course_key_or_id), content_id=str(usage_key_or_id)),
            defaults={
                "overridden": True,
                "override_earned_all": earned_all,
                "override_earned_graded": earned_graded,
                "overrider": overrider,
                "comment": comment,
            },
        )

    def undo_override_subsection_grade(self, *, user_id: int, course_key_or_id: str, usage_key_or_id: str) -> None:
        SubsectionGrade.objects.filter(
            user_id=user_id,
            sequence__course__course_id=str(course_key_or_id),
            sequence__content_id=str(usage_key_or_id),
        ).update(overridden=False, override_earned_all=None, override_earned_graded=None, overrider=None, comment="")
