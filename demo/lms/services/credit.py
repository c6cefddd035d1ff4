"""Credit requirements and where learners stand."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from demo.lms.models import CreditRequirement as Requirement
from demo.lms.models import CreditRequirementStatus, Enrollment
from proctoring.common.prepared import Prepared
from proctoring.lms import CreditRequirement, CreditState


class CreditService:
    """Port ``credit``."""

    def get_credit_state(self, user_id: int, course_id: str, /, return_course_info: bool = False) -> CreditState | None:
        enrollment = next(iter(ENROLLMENTS(user_id, course_id)), None)
        if enrollment is None:
            return None
        state = CreditState(
            enrollment_mode=enrollment.mode,
            profile_fullname=_full_name(enrollment.user),
            student_email=enrollment.user.email,
            credit_requirement_status=_requirements(user_id, enrollment.course_id),
        )
        if return_course_info:
            state["course_name"] = enrollment.course.display_name
            state["course_end_date"] = enrollment.course.end
        return state

    def set_credit_requirement_status(
        self, *, user_id: int, course_key_or_id: str, req_namespace: str, req_name: str, status: str
    ) -> None:
        # Exams that no credit depends on are told about too; there is nothing to keep for them.
        requirement = _requirement(course_key_or_id, req_namespace, req_name)
        if requirement is None:
            return
        row, _ = CreditRequirementStatus.objects.get_or_create(
            user_id=user_id, requirement=requirement, defaults={"status": status}
        )
        CreditRequirementStatus.objects.filter(pk=row.pk).update(status=status, writes=F("writes") + 1)

    def remove_credit_requirement_status(
        self, *, user_id: int, course_key_or_id: str, req_namespace: str, req_name: str
    ) -> None:
        CreditRequirementStatus.objects.filter(
            user_id=user_id, requirement=_requirement(course_key_or_id, req_namespace, req_name)
        ).delete()


def _full_name(user: Any) -> str:
    # Accounts made in the admin have no profile.
    profile = getattr(user, "profile", None)
    return profile.name if profile else user.get_full_name() or user.get_username()


def _requirement(course_id: str, namespace: str, name: str) -> Requirement | None:
    return next(iter(REQUIREMENTS(course_id, namespace, name)), None)


def _with_status(user_id: int, course_pk: int) -> "QuerySet[Any]":
    status = CreditRequirementStatus.objects.filter(requirement=OuterRef("pk"), user_id=user_id).values("status")
    return Requirement.objects.filter(course_id=course_pk).annotate(status=Subquery(status))


# Asked whenever an attempt is made or ends.
ENROLLMENTS: Prepared[Enrollment] = Prepared(
    lambda user_id, course_id: Enrollment.objects.select_related("user__profile", "course").filter(
        user_id=user_id, course__course_id=course_id, is_active=True
    ),
    int,
    str,
)
REQUIREMENTS: Prepared[Requirement] = Prepared(
    lambda course_id, namespace, name: Requirement.objects.filter(
        course__course_id=course_id, namespace=namespace, name=name
    ),
    str,
    str,
    str,
)
WITH_STATUS: Prepared[Any] = Prepared(_with_status, int, int)


def _requirements(user_id: int, course_pk: int) -> list[CreditRequirement]:
    return [
        CreditRequirement(
            namespace=requirement.namespace,
            name=requirement.name,
            display_name=requirement.display_name,
            status=requirement.status,
            order=requirement.order,
        )
        for requirement in WITH_STATUS(user_id, course_pk)
    ]
