"""What a review makes of its attempt."""

import pytest

from proctoring.backends.types import ReviewComment, ReviewEvent
from proctoring.common.inbox import Envelope
from proctoring.exceptions import (
    ProctoredExamBadReviewStatus,
    ProctoredExamReviewAlreadyExists,
    ProctoredExamReviewNotFound,
    StudentExamAttemptDoesNotExistsException,
)
from proctoring.models import (
    InboxDelivery,
    OutboxMessage,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
)
from proctoring.services import inbox, reviews
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import ReviewStatus, SoftwareSecureReviewStatus
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory, UserFactory
from tests.fakes import WatchingBackend

pytestmark = pytest.mark.django_db
Review = ProctoredExamSoftwareSecureReview

BOTH_PASS = ("Clean", "Rules Violation")
CLEAN_PASSES = ("Clean",)
VERIFIED, REJECTED, SECOND, ERROR = "verified", "rejected", "second_review_required", "error"
# Contract python.md §3.3: passing set, second review required, sample attempt, human; then the four review statuses.
MATRIX = [
    (BOTH_PASS, True, False, False, (VERIFIED, VERIFIED, SECOND, ERROR)),
    (BOTH_PASS, True, False, True, (VERIFIED, VERIFIED, REJECTED, ERROR)),
    (BOTH_PASS, True, True, False, (VERIFIED, VERIFIED, REJECTED, ERROR)),
    (BOTH_PASS, True, True, True, (VERIFIED, VERIFIED, REJECTED, ERROR)),
    (BOTH_PASS, False, False, False, (VERIFIED, VERIFIED, REJECTED, ERROR)),
    (CLEAN_PASSES, True, False, False, (VERIFIED, SECOND, SECOND, ERROR)),
    (CLEAN_PASSES, True, False, True, (VERIFIED, REJECTED, REJECTED, ERROR)),
    (CLEAN_PASSES, True, True, False, (VERIFIED, REJECTED, REJECTED, ERROR)),
    (CLEAN_PASSES, False, False, True, (VERIFIED, REJECTED, REJECTED, ERROR)),
]


@pytest.mark.parametrize(("passing", "second_review", "sample", "human", "expected"), MATRIX)
@pytest.mark.parametrize("column", range(4))
def test_verdicts(settings, passing, second_review, sample, human, expected, column):
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "watcher",
        "watcher": {"class": "tests.fakes.WatchingBackend", "passing_statuses": passing},
    }
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"REQUIRE_FAILURE_SECOND_REVIEWS": second_review}
    exam = ExamFactory(backend="watcher", is_practice_exam=sample)
    attempt = AttemptFactory(proctored_exam=exam, submitted=True)
    ReviewFactory(
        attempt=attempt,
        review_status=list(SoftwareSecureReviewStatus)[column],
        reviewed_by=UserFactory(staff=True) if human else None,
    )
    attempt.refresh_from_db()
    assert attempt.status == expected[column]


@pytest.fixture
def attempt():
    return AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), submitted=True)


def recorded(attempt, status=ReviewStatus.passed, comments=(), raw=None, video_link=None):
    event = ReviewEvent(status=status, comments=tuple(comments), video_link=video_link)
    return reviews.record(attempt, event, raw or {"status": str(status)})


def test_record_keeps_the_review_and_its_comments(attempt):
    review = recorded(attempt, ReviewStatus.suspicious, [ReviewComment("phone visible", "suspicious", 61, 75, 14)])
    comment = review.proctoredexamsoftwaresecurecomment_set.get()
    assert (review.review_status, review.student, review.exam, review.reviewed_by) == (
        "Suspicious",
        attempt.user,
        attempt.proctored_exam,
        None,
    )
    assert (comment.comment, comment.start_time, comment.stop_time, comment.duration) == ("phone visible", 61, 75, 14)


def test_weakness_20_a_review_that_comes_again_replaces_the_comments_and_archives(attempt):
    for text in ("first", "second"):
        review = recorded(attempt, ReviewStatus.suspicious, [ReviewComment(text, "suspicious")])
    assert [comment.comment for comment in review.proctoredexamsoftwaresecurecomment_set.all()] == ["second"]
    assert ProctoredExamSoftwareSecureReviewHistory.objects.count() == 1


def test_a_vendor_does_not_overturn_a_person(attempt):
    review = recorded(attempt, ReviewStatus.suspicious)
    reviews.decide(review, reviewer=UserFactory(staff=True), review_status="Suspicious")
    with pytest.raises(ProctoredExamReviewAlreadyExists):
        recorded(attempt, ReviewStatus.passed)
    attempt.refresh_from_db()
    assert attempt.status == Status.rejected


def test_updates_may_be_forbidden(attempt, settings):
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"ALLOW_REVIEW_UPDATES": False}
    recorded(attempt)
    with pytest.raises(ProctoredExamReviewAlreadyExists):
        recorded(attempt)


def test_weakness_19_the_reviewer_never_comes_from_the_payload(attempt):
    staff = UserFactory(staff=True)
    review = recorded(attempt, ReviewStatus.suspicious, raw={"status": "suspicious", "reviewed_by": staff.email})
    attempt.refresh_from_db()
    assert (review.reviewed_by, attempt.status) == (None, Status.second_review_required)


def test_second_review(attempt):
    review, reviewer = recorded(attempt, ReviewStatus.suspicious), UserFactory(staff=True)
    decided = reviews.decide(review, reviewer=reviewer, review_status="Clean")
    attempt.refresh_from_db()
    assert (decided.reviewed_by, attempt.status) == (reviewer, Status.verified)
    assert attempt.history.first().history_user == reviewer


def test_a_decision_needs_a_known_status(attempt):
    with pytest.raises(ProctoredExamBadReviewStatus):
        reviews.decide(recorded(attempt), reviewer=UserFactory(), review_status="Whatever")


def test_a_decision_on_a_review_that_is_gone(attempt):
    review = recorded(attempt)
    Review.objects.all().delete()
    with pytest.raises(ProctoredExamReviewNotFound):
        reviews.decide(review, reviewer=UserFactory(), review_status="Clean")


@pytest.mark.parametrize("status", [Status.created, Status.started])
def test_weakness_18_an_attempt_that_was_never_handed_in_cannot_pass(status):
    attempt = AttemptFactory(proctored_exam__backend="watcher", status=status)
    recorded(attempt, ReviewStatus.passed)
    attempt.refresh_from_db()
    assert attempt.status == Status.error


def test_a_timeout_counts_as_handed_in(settings):
    attempt = AttemptFactory(proctored_exam__backend="watcher", status=Status.timed_out)
    recorded(attempt, ReviewStatus.passed)
    attempt.refresh_from_db()
    assert attempt.status == Status.verified


def test_not_reviewed_does_not_reopen_a_finished_attempt(attempt):
    recorded(attempt, ReviewStatus.not_reviewed)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.is_resumable) == (Status.error, False)


def test_a_reset_attempt_is_not_revived():
    attempt = AttemptFactory(proctored_exam__backend="watcher", status=Status.onboarding_reset)
    recorded(attempt, ReviewStatus.passed)
    attempt.refresh_from_db()
    assert attempt.status == Status.onboarding_reset


def test_a_review_that_does_not_fit_is_recorded_only():
    attempt = AttemptFactory(proctored_exam__backend="watcher", status=Status.declined)
    recorded(attempt, ReviewStatus.suspicious)
    attempt.refresh_from_db()
    assert attempt.status == Status.declined
    assert Review.objects.exists()


def test_the_review_of_a_deleted_attempt_is_recorded_and_marked(attempt):
    review = recorded(attempt, ReviewStatus.suspicious)
    attempt.delete()
    review.refresh_from_db()
    assert not review.is_attempt_active
    review.save()
    assert not ProctoredExamSoftwareSecureReview.objects.get().is_attempt_active


def test_links_to_recordings_are_kept_only_under_a_key(attempt, settings):
    link, key = "https://video.example.net/r/DirectLink-Generic?rec=abc123", "00112233445566778899aabbccddeeff"
    raw = {"status": "passed", "videoReviewLink": link, "payload": {"videoReviewLink": link, "other": 1}}
    review = recorded(attempt, raw=raw, video_link=link)
    assert review.encrypted_video_url is None
    assert review.payload == {"status": "passed", "payload": {"other": 1}}

    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "watcher",
        "watcher": {"class": "tests.fakes.RecordingBackend", "video_review_aes_key": key},
    }
    review = recorded(attempt, raw=raw, video_link=link)
    expected = b"QEWTgenvOhBuk23SzFU1uhM6kW5dF7zUYX8O26degn45KDyrerSSEWCJaCBjjOTWueqt2Ei8cN49Pe8bqnUbyQ=="
    assert bytes(review.encrypted_video_url) == expected


def test_reviews_survive_a_vendor_that_is_gone(attempt):
    attempt.proctored_exam.backend = "gone"
    attempt.proctored_exam.save()
    recorded(attempt, ReviewStatus.violation, video_link="https://video.example.net/r")
    attempt.refresh_from_db()
    assert attempt.status == Status.verified


def test_weakness_48_a_review_that_belongs_to_no_attempt_leaves_no_row():
    nameless = AttemptFactory(proctored_exam__backend="watcher", attempt_code=None, submitted=True)
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        recorded(nameless)
    assert not Review.objects.exists()


class UndecidedBackend(WatchingBackend):
    """A vendor of which nobody can say what a pass is: the workflow fails when the review has been written."""

    @property
    def passing_statuses(self):
        raise RuntimeError


@pytest.fixture
def undecided(settings):
    """A submitted attempt at an exam of such a vendor."""
    settings.PROCTORING_BACKENDS = settings.PROCTORING_BACKENDS | {
        "undecided": {"class": f"{__name__}.UndecidedBackend"}
    }
    attempt = AttemptFactory(proctored_exam__backend="undecided", submitted=True, external_id="theirs")
    OutboxMessage.objects.all().delete()
    return attempt


def nothing_is_left(attempt):
    attempt.refresh_from_db()
    return attempt.status == Status.submitted and not Review.objects.exists() and not OutboxMessage.objects.exists()


@pytest.mark.parametrize("status", [ReviewStatus.passed, ReviewStatus.suspicious])
def test_weakness_48_a_workflow_that_fails_leaves_no_review_behind(undecided, status):
    with pytest.raises(RuntimeError):
        recorded(undecided, status, [ReviewComment("phone visible", "suspicious")])
    assert nothing_is_left(undecided)


def test_weakness_48_the_message_is_kept_and_can_be_applied_later(undecided, settings):
    envelope = Envelope(source="undecided", kind="review", subject="theirs", body=b'{"status": "passed"}')
    with pytest.raises(inbox.CallbackNotHandled):
        inbox.receive(envelope)
    assert nothing_is_left(undecided)
    kept = InboxDelivery.objects.get()
    assert (kept.state, kept.error_code) == ("failed", "RuntimeError")

    settings.PROCTORING_BACKENDS = settings.PROCTORING_BACKENDS | {
        "undecided": {"class": "tests.fakes.WatchingBackend"}
    }
    inbox.replay(kept.pk)
    undecided.refresh_from_db()
    assert undecided.status == Status.verified


@pytest.mark.django_db(transaction=True)
def test_weakness_48_whoever_saves_the_review(undecided):
    with pytest.raises(RuntimeError):
        ReviewFactory(attempt=undecided)
    assert nothing_is_left(undecided)


def test_a_decision_on_a_review_that_was_made_anew(attempt):
    old = recorded(attempt)
    Review.objects.all().delete()
    recorded(attempt, ReviewStatus.suspicious)
    with pytest.raises(ProctoredExamReviewNotFound):
        reviews.decide(old, reviewer=UserFactory(), review_status="Clean")
