"""Reviews, their archive and their comments (contract python.md §1.8-1.10)."""

import pytest
from pytest_django import DjangoAssertNumQueries

from proctoring.models import (
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
)
from proctoring.statuses import SoftwareSecureReviewStatus
from tests.factories import CommentFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_review_is_found_by_the_attempts_code(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    review = ReviewFactory()

    with django_assert_num_queries(1):
        found = ProctoredExamSoftwareSecureReview.get_review_by_attempt_code(review.attempt_code)
        assert found is not None
        assert (found.exam, found.student, found.reviewed_by) == (review.exam, review.student, None)
    assert ProctoredExamSoftwareSecureReview.get_review_by_attempt_code("unknown") is None
    assert ProctoredExamSoftwareSecureReview.get_review_by_attempt_code(None) is None


@pytest.mark.parametrize(
    ("status", "by_a_person", "notify"),
    [
        (SoftwareSecureReviewStatus.suspicious, False, True),
        (SoftwareSecureReviewStatus.suspicious, True, False),
        (SoftwareSecureReviewStatus.violation, False, False),
        ("", False, False),
        ("Susp", False, False),
    ],
)
def test_staff_hear_of_suspicious_reviews_no_person_has_seen(status: str, by_a_person: bool, notify: bool) -> None:
    review = ReviewFactory.build(
        attempt=None,
        attempt_code="CODE",
        student=None,
        exam=None,
        review_status=status,
        reviewed_by=UserFactory() if by_a_person else None,
    )

    assert review.should_notify is notify


@pytest.mark.parametrize(
    ("raw_data", "payload"),
    [
        ('{"status": "passed", "comments": []}', {"status": "passed", "comments": []}),
        ("", {}),
        ("Checked by phone.", {}),
        ("[1, 2]", {}),
    ],
)
def test_the_payload_is_read_as_an_object(raw_data: str, payload: dict[str, object]) -> None:
    assert ProctoredExamSoftwareSecureReview(raw_data=raw_data).payload == payload
    assert ProctoredExamSoftwareSecureReviewHistory(raw_data=raw_data).payload == payload


def test_an_archived_review_is_a_full_copy() -> None:
    review = ReviewFactory(
        encrypted_video_url=b"sealed", is_attempt_active=False, reviewed_by=UserFactory(), raw_data='{"a": 1}'
    )
    archived = ProctoredExamSoftwareSecureReview.objects.get(pk=review.pk).archived()
    archived.save()
    archived.refresh_from_db()

    copied = ["attempt_code", "is_attempt_active", "review_status", "raw_data", "reviewed_by", "student", "exam"]
    assert [getattr(archived, name) for name in copied] == [getattr(review, name) for name in copied]
    assert bytes(archived.encrypted_video_url) == b"sealed"


def test_a_review_is_archived_as_often_as_it_changes() -> None:
    review = ReviewFactory()
    review.archived().save()
    review.archived().save()

    archive = ProctoredExamSoftwareSecureReviewHistory.objects.filter(attempt_code=review.attempt_code)
    assert archive.count() >= 2


def test_a_judgement_outlives_the_account_of_its_reviewer() -> None:
    review = ReviewFactory(reviewed_by=UserFactory())
    review.reviewed_by.delete()

    review.refresh_from_db()
    assert review.reviewed_by is None


def test_comments_go_with_their_review() -> None:
    comment = CommentFactory()
    assert comment.comment not in str(comment)

    comment.review.delete()
    assert not ProctoredExamSoftwareSecureComment.objects.exists()


def test_nothing_a_vendor_wrote_appears_in_a_reviews_name() -> None:
    review = ReviewFactory(raw_data='{"name": "Alice"}')

    assert review.attempt_code not in f"{review} {review.archived()}"
    assert "Alice" not in f"{review} {review.archived()}"
