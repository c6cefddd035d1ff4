"""What the exam app and identity verification ask this platform; what a port's class leaves out does nothing."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from campus.courses import COURSES
from proctoring.lms import CreditPort, CreditState, InstructorPort
from verify_student.lms.ports import PagesPort


class InstructorService(InstructorPort):
    """Needed first: who is staff of a course. It can also be told what a finished or a reset exam means."""

    def is_course_staff(self, user: Any, course_id: str, /) -> bool:
        return course_id in COURSES and user.get_username() in COURSES[course_id].staff


class CreditService(CreditPort):
    """The learner's name, and the course's for mail. No credit is given here, so no requirement is kept."""

    def get_credit_state(self, user_id: int, course_id: str, /, return_course_info: bool = False) -> CreditState | None:
        user, course = get_user_model().objects.get(pk=user_id), COURSES.get(course_id)
        if course is None or user.get_username() not in course.learners:
            return None
        state = CreditState(
            enrollment_mode="verified",
            profile_fullname=user.get_full_name(),
            student_email=user.email,
            credit_requirement_status=[],
        )
        return state | CreditState(course_name=course.name, course_end_date=None) if return_course_info else state


class PagesService(PagesPort):
    """Where identity verification leads back to."""

    def get_verify_location(self, url: str) -> str:
        return url

    def get_dashboard_url(self) -> str:
        return settings.LMS_ROOT_URL + reverse("home")

    def get_course_url(self, course_id: str) -> str:
        return settings.LMS_ROOT_URL + reverse("course", args=[course_id]) if course_id in COURSES else ""
