"""The demo LMS's list of courses, where learners meet identity verification."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from demo.lms.models import Course, Enrollment, EnrollmentMode, UserProfile
from demo.lms.seeding.course import COURSE_ID
from tests.verify_student.factories import DeadlineFactory, VerificationFactory
from verify_student import lms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_site")]


def page_of(client: Client, url: str = "/") -> str:
    return " ".join(client.get(url).content.decode().split())


def test_a_course_says_that_photos_are_wanted_and_where(signed_in: Client) -> None:
    page = page_of(signed_in)
    assert "Almost there: your identity is not verified yet." in page
    assert 'href="/id-verification?course_id=course-v1%3ADemo%2BEXAMS%2B2026"' in page
    assert "data-identity-screen" not in page


def test_the_panel_says_where_the_learner_stands(signed_in: Client, learner: Any) -> None:
    VerificationFactory(user=learner, status="denied")
    page = page_of(signed_in)
    assert 'data-identity-screen="must_reverify"' in page
    assert 'href="/id-verification/photos"' in page


@pytest.mark.parametrize("values", [{"mode": EnrollmentMode.AUDIT}, {"is_active": False}])
def test_nobody_else_is_asked(signed_in: Client, values: dict[str, Any]) -> None:
    Enrollment.objects.update(**values)
    assert "data-identity-course" not in page_of(signed_in)


def test_times_are_the_learners(signed_in: Client, learner: Any) -> None:
    UserProfile.objects.filter(user=learner).update(time_zone="Asia/Shanghai")
    DeadlineFactory(course_key=COURSE_ID, deadline=timezone.now() + timedelta(days=3))
    assert "(Asia/Shanghai)" in page_of(signed_in, f"/id-verification?course_id={COURSE_ID.replace('+', '%2B')}")


def test_the_way_back_to_a_course(course: Course, settings: Any) -> None:
    assert lms.pages().get_course_url(course.course_id) == f"{settings.LMS_ROOT_URL}/courses/{COURSE_ID}/"
    assert lms.pages().get_course_url("no course") == ""
