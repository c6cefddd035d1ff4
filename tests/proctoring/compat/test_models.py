"""Helpers of the model classes, as code written for older sites calls them (contract python.md §1.5, §1.6, §1.8)."""

import subprocess
import sys
from typing import Any

import pytest
from django.apps import apps

from proctoring.exceptions import AllowanceValueNotAllowedException, ProctoredExamNotFoundException
from proctoring.models import (
    OutboxMessage,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus
from tests.factories import ExamFactory, ReviewPolicyFactory, UserFactory

pytestmark = pytest.mark.django_db

# What the app attaches is not part of the classes' types.
Attempt: Any = ProctoredExamStudentAttempt
Allowance: Any = ProctoredExamStudentAllowance
TIME = ProctoredExamStudentAllowance.ADDITIONAL_TIME_GRANTED
WITHOUT_THE_APP = """
import django
from django.conf import settings
from demo import settings as demo

settings.configure(INSTALLED_APPS=demo.INSTALLED_APPS, DATABASES=demo.DATABASES)
django.setup()
from proctoring.models import ProctoredExamStudentAttempt
raise SystemExit(hasattr(ProctoredExamStudentAttempt, "create_exam_attempt"))
"""


def test_only_sites_that_install_the_app_have_the_names() -> None:
    assert subprocess.run([sys.executable, "-c", WITHOUT_THE_APP], check=False).returncode == 0


def test_a_second_start_of_the_app_changes_nothing() -> None:
    before = vars(ProctoredExamStudentAttempt)["create_exam_attempt"]
    apps.get_app_config("edx_proctoring").ready()
    assert vars(ProctoredExamStudentAttempt)["create_exam_attempt"] is before


def test_an_attempt_is_inserted_and_nobody_is_told() -> None:
    exam, user = ExamFactory(timed=True), UserFactory()
    attempt = Attempt.create_exam_attempt(exam.pk, user.pk, "CODE", False, False, None)
    attempt.refresh_from_db()
    assert (attempt.proctored_exam, attempt.user, attempt.attempt_code) == (exam, user, "CODE")
    assert (attempt.status, attempt.external_id, attempt.started_at) == (Status.created, None, None)
    assert attempt.history.count() == 1
    assert not OutboxMessage.objects.exists()


def test_an_attempt_may_begin_as_anything_there_is() -> None:
    policy = ReviewPolicyFactory()
    attempt = Attempt.create_exam_attempt(
        policy.proctored_exam_id,
        UserFactory().pk,
        "CODE",
        taking_as_proctored=True,
        is_sample_attempt=True,
        external_id="theirs",
        review_policy_id=policy.pk,
        status="verified",
        time_remaining_seconds=60,
    )
    attempt.refresh_from_db()
    assert (attempt.status, attempt.review_policy_id, attempt.time_remaining_seconds) == ("verified", policy.pk, 60)
    assert (attempt.taking_as_proctored, attempt.is_sample_attempt, attempt.external_id) == (True, True, "theirs")


def test_weakness_23_an_attempt_begins_as_nothing_else() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Attempt.create_exam_attempt(ExamFactory().pk, UserFactory().pk, "CODE", False, False, None, status="nonsense")
    assert not Attempt.objects.exists()


def test_an_allowance_says_whether_it_is_new() -> None:
    exam, user = ExamFactory(), UserFactory()
    first, how = Allowance.add_allowance_for_user(exam.pk, user.username, TIME, "10")
    assert (first.value, how) == ("10", "created")
    second, how = Allowance.add_allowance_for_user(exam.pk, user.pk, TIME[0], "20")
    assert (second, second.value, how) == (first, "20", "updated")
    assert Allowance.objects.get() == first


def test_an_allowance_is_refused_as_everywhere() -> None:
    user = UserFactory()
    with pytest.raises(AllowanceValueNotAllowedException):
        Allowance.add_allowance_for_user(ExamFactory().pk, user.pk, TIME, "ten")
    with pytest.raises(ProctoredExamNotFoundException):
        Allowance.add_allowance_for_user(10**6, user.pk, TIME, "10")
    assert not Allowance.objects.exists()


@pytest.mark.parametrize(
    ("passing", "expected"),
    [(None, {"Clean", "Rules Violation"}), ((), {"Clean", "Rules Violation"}), (("Suspicious",), {"Suspicious"})],
)
def test_a_review_is_a_pass_by_its_vendors_rule_or_ours(settings: Any, passing: Any, expected: set[str]) -> None:
    backend = {"class": "tests.fakes.WatchingBackend", "passing_statuses": passing}
    settings.PROCTORING_BACKENDS = {"DEFAULT": "watcher", "watcher": backend}
    review = ProctoredExamSoftwareSecureReview(exam=ExamFactory.build(backend="watcher"))
    assert {status for status in SoftwareSecureReviewStatus if passes(review, status)} == expected


@pytest.mark.parametrize("exam", [None, "gone"])
def test_a_review_without_a_vendor_is_a_pass_by_our_rule(exam: str | None) -> None:
    review = ProctoredExamSoftwareSecureReview(exam=ExamFactory.build(backend=exam) if exam else None)
    assert passes(review, "Rules Violation")
    assert not passes(review, "Suspicious")


def passes(review: Any, status: str) -> bool:
    review.review_status = status
    return bool(review.is_passing)
