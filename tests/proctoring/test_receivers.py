"""The wiring: which change leads to what."""

import pytest

from proctoring.models import (
    OutboxMessage,
    ProctoredExamReviewPolicyHistory,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAllowanceHistory,
)
from tests.factories import AllowanceFactory, ExamFactory, ReviewFactory, ReviewPolicyFactory

pytestmark = pytest.mark.django_db


def exam_messages():
    return OutboxMessage.objects.filter(kind="vendor.exam").count()


def test_what_an_allowance_was_is_kept_on_change_and_deletion():
    allowance = AllowanceFactory(value="10")
    assert not ProctoredExamStudentAllowanceHistory.objects.exists()
    allowance.value = "20"
    allowance.save()
    allowance.delete()
    values = ProctoredExamStudentAllowanceHistory.objects.order_by("id").values_list("value", flat=True)
    assert list(values) == ["10", "20"]


def test_what_a_review_was_is_kept_on_change_and_deletion():
    review = ReviewFactory()
    review.review_status = "Suspicious"
    review.save()
    review.delete()
    kept = ProctoredExamSoftwareSecureReviewHistory.objects.order_by("id").values_list("review_status", flat=True)
    assert list(kept) == ["Clean", "Suspicious"]


def test_a_policy_is_kept_and_told_to_the_vendor():
    policy = ReviewPolicyFactory()
    told = exam_messages()
    policy.review_policy = "Nothing is allowed."
    policy.save()
    assert exam_messages() == told + 1
    policy.delete()
    assert exam_messages() == told + 2
    assert ProctoredExamReviewPolicyHistory.objects.count() == 2


def test_a_policy_of_a_timed_exam_is_nobodys_business():
    ReviewPolicyFactory(proctored_exam=ExamFactory(timed=True)).delete()
    assert exam_messages() == 0


def test_deleting_an_exam_with_its_policy_calls_nobody_about_the_policy():
    policy = ReviewPolicyFactory()
    OutboxMessage.objects.all().delete()
    policy.proctored_exam.delete()
    assert exam_messages() <= 1
