"""The main screens as somebody meets them whose browser asks for Arabic: translated, from right to left, on a phone."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.browser.stage import Stage, shows, stage
from tests.factories import COURSE_ID, AllowanceFactory, AttemptFactory, CommentFactory, ReviewFactory, UserFactory
from tests.verify_student.factories import VerificationFactory
from verify_student.services import verifications

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)

ARABIC_LETTERS = re.compile("[\u0620-\u064a]{3}")


class Reader:
    """Goes from page to page, and looks at each."""

    def __init__(self, page: Any, inspect: Any) -> None:
        self.page, self.inspect = page, inspect

    def reads(self, path: str, name: str) -> None:
        """The page at ``path`` is in Arabic, and nothing is wrong with it."""
        self.page.goto(path)
        document = self.page.locator("html")
        assert (document.get_attribute("lang"), document.get_attribute("dir")) == ("ar", "rtl"), name
        headings = self.page.get_by_role("heading").all_inner_texts()
        assert ARABIC_LETTERS.search(" ".join(headings)), (name, headings)
        self.inspect.on_a_phone(self.page, f"arabic-{name}")


@pytest.fixture
def reader(open_as: Any, inspect: Any) -> Any:
    """``reader(user)`` reads Arabic."""
    return lambda user: Reader(open_as(user, locale="ar"), inspect)


@pytest.mark.parametrize(
    ("exam", "status", "screen"),
    [
        ("timed", "", "timed_exam/entrance"),
        ("timed", Status.ready_to_submit, "timed_exam/ready_to_submit"),
        ("proctored", Status.created, "proctored_exam/instructions"),
    ],
)
def test_screens_of_exams(stage: Stage, reader: Any, exam: str, status: str, screen: str) -> None:
    if status:
        times = {"started_at": timezone.now() - timedelta(minutes=10), "allowed_time_limit_mins": 30}
        stage.attempt(exam, status, **times if status == Status.ready_to_submit else {})
    learner = reader(stage.learner)
    learner.reads(stage.path(exam), screen.replace("/", "-"))
    assert shows(learner.page) == screen


def test_screens_of_identity_verification(reader: Any) -> None:
    new, denied = UserFactory(), UserFactory()
    reasons = verifications.denial_reasons("user_image_not_clear", "photos_mismatched")
    VerificationFactory(user=denied, status="denied", error_msg=reasons)
    learner = reader(new)
    learner.reads("/id-verification", "identity-none")
    learner.reads("/id-verification/photos", "identity-photos")
    reader(denied).reads("/id-verification", "identity-denied")


def test_pages_of_a_course(reader: Any) -> None:
    attempt = AttemptFactory(submitted=True, user__username="zoe", proctored_exam__exam_name="Final exam")
    CommentFactory(review=ReviewFactory(attempt=attempt, suspicious=True), start_time=120, stop_time=300)
    AllowanceFactory(proctored_exam=attempt.proctored_exam, user=attempt.user)
    ProctoredExamStudentAttempt.objects.update(created=timezone.now() - timedelta(days=1))
    staff = reader(UserFactory(staff=True))
    for name, args in [("overview", []), ("attempts", []), ("review", [attempt.pk]), ("allowances.grant", [])]:
        staff.reads(reverse(f"edx_proctoring:pages.{name}", args=[COURSE_ID, *args]), f"instructor-{name}")
