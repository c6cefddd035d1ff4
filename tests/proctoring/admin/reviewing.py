"""What tests of the second review share: the models' names, archived reviews, and how a decision is sent."""

from typing import Any

from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamSoftwareSecureReviewHistory
from proctoring.services import second_reviews
from tests.factories import ReviewFactory
from tests.proctoring.admin.conftest import Screens

REVIEW = "proctoredexamsoftwaresecurereview"
FORMER = "proctoredexamsoftwaresecurereviewhistory"
NO_COMMENTS = {
    "proctoredexamsoftwaresecurecomment_set-TOTAL_FORMS": "0",
    "proctoredexamsoftwaresecurecomment_set-INITIAL_FORMS": "0",
}
VIEW, CHANGE, DECIDE = f"view_{REVIEW}", f"change_{REVIEW}", "review_attempts"


def former(**fields: Any) -> ProctoredExamSoftwareSecureReviewHistory:
    """The archive's row of a review."""
    archived = ReviewFactory(**fields).archived()
    archived.save()
    return archived


def seen(review: ProctoredExamSoftwareSecureReview) -> str:
    """The mark of the review's page as it is now."""
    review.refresh_from_db()
    return second_reviews.seen(review, second_reviews.attempt_of(review))


def decide(screens: Screens, review: ProctoredExamSoftwareSecureReview, result: str, **more: Any) -> Any:
    """Send the form, as its page is now; ``more`` replaces fields."""
    fields = {"review_status": result, "reason": "I have looked.", "seen": seen(review)} | NO_COMMENTS | more
    return screens.save(REVIEW, review.pk, **fields)
