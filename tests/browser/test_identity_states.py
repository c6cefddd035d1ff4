"""Where learners see how their identity verification stands: on its page, and among their courses."""

from datetime import timedelta

import pytest
from django.utils import timezone

import demo.settings
from demo.lms.models import Course, Enrollment
from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, DeadlineFactory, ManualFactory, VerificationFactory
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import verifications

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/id-verification"
REASONS = ("user_image_not_clear", "id_image_missing_name", "id_image_not_clear", "photos_mismatched")


def in_days(days):
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def user():
    return UserFactory(first_name="Amal")


@pytest.fixture
def course():
    return Course.objects.create(course_id="course-v1:Demo+CHEM+2026", display_name="Chemistry for everybody")


@pytest.mark.parametrize(
    ("name", "heading", "values"),
    [
        ("pending", "Your photos are being reviewed", {"status": "must_retry"}),
        ("approved", "You are verified", {"status": "approved"}),
        ("expiring", "Your verification ends soon", {"status": "approved", "expiration_date": in_days(9)}),
        ("expired", "Your verification has ended", {"status": "approved", "expiration_date": in_days(-9)}),
        (
            "denied",
            "Your photos could not be approved",
            {"status": "denied", "error_msg": verifications.denial_reasons(*REASONS)},
        ),
    ],
)
def test_states_of_photos(open_as, inspect, user, name, heading, values):
    VerificationFactory(user=user, **values)
    page = open_as(user, PAGE)
    assert page.get_by_role("heading", level=1).inner_text() == heading
    inspect(page, f"identity-{name}")


def test_a_renewal_that_was_denied(open_as, inspect, user):
    early = VerificationFactory(user=user, status="approved", expiration_date=in_days(9))
    SoftwareSecurePhotoVerification.objects.filter(pk=early.pk).update(created_at=in_days(-356))
    VerificationFactory(user=user, status="denied", error_msg=verifications.denial_reasons("name_mismatch"))
    page = open_as(user, PAGE)
    assert page.get_by_text("The name on your ID is not the name of your account.").is_visible()
    inspect(page, "identity-renewal-denied")


def test_nothing_to_do_and_too_late(open_as, inspect, user, course, settings):
    settings.VERIFY_STUDENT = demo.settings.VERIFY_STUDENT
    DeadlineFactory(course_key=course.course_id, deadline=in_days(-1))
    page = open_as(user, f"{PAGE}?course_id={course.course_id.replace('+', '%2B')}")
    assert page.get_by_role("heading", level=1).inner_text() == "The deadline has passed"
    inspect(page, "identity-missed")
    page.get_by_role("link", name="Verify your identity for other courses").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Verify your identity"
    ManualFactory(user=user)
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "There is nothing to do"
    inspect(page, "identity-hidden")


def test_a_provider_that_is_away(open_as, inspect, user, settings):
    page = open_as(user, PAGE)
    page.expected_errors = ["status of 503"]
    settings.VERIFY_STUDENT = {"PROVIDER": "nobody"}
    page.get_by_role("link", name="Begin").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Not available at the moment"
    inspect(page, "identity-unavailable")


def test_among_the_courses(open_as, inspect, user, course, settings):
    settings.VERIFY_STUDENT = demo.settings.VERIFY_STUDENT
    Enrollment.objects.create(user=user, course=course)
    DeadlineFactory(course_key=course.course_id, deadline=in_days(3.5))
    page = open_as(user, "/")
    assert page.get_by_text("Your identity is not verified yet: 3 days are left for it.").is_visible()
    page.get_by_role("link", name="Verify your identity").click()
    assert page.get_by_text("Chemistry for everybody wants you to hand in your photos by").is_visible()
    denied = verifications.denial_reasons("id_invalid")
    VerificationFactory(user=user, status="denied", error_msg=denied)
    page.goto("/")
    panel = page.get_by_role("region", name="Your photos could not be approved")
    assert panel.get_by_text("The document in the photo cannot be accepted as an ID.").is_visible()
    inspect(page, "demo-courses-identity")
    panel.get_by_role("link", name="Take new photos").click()
    assert page.get_by_role("heading", name="Photo of your face").is_visible()
    AttemptFactory(user=user, status="approved")
    page.goto("/")
    assert page.get_by_role("region", name="You are verified").is_visible()
