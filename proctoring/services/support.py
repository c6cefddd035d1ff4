"""
Telling the LMS's support desk of a review that needs a person (contract python.md §3.2 no. 8), or does not come.

The desk may be another machine, so this is a message in the outbox and not done while the vendor waits.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from proctoring import lms
from proctoring.conf import config
from proctoring.models import OutboxMessage, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus

KIND = "support.notify"
MISSING_KIND = "support.missing_review"
DESTINATION = "support"
# What may stand in a path as it is (RFC 3986); course ids have colons and pluses, and slashes in old ones.
PATH_CHARACTERS = "/:@!$&'()*+,;="


def notification(
    review: ProctoredExamSoftwareSecureReview, attempt: ProctoredExamStudentAttempt
) -> Iterator[OutboxMessage]:
    """What to write into the outbox for a vendor's review that was just stored; nothing where no person is needed."""
    if review.should_notify:
        payload = {"review_id": review.pk, "attempt": attempt.external_id or ""}
        yield OutboxMessage(kind=KIND, destination=DESTINATION, stream=f"support:{review.pk}", payload=payload)


def missing_review(attempt: ProctoredExamStudentAttempt) -> OutboxMessage:
    """What to write into the outbox for an attempt whose review does not come."""
    payload = {"attempt_id": attempt.pk}
    return OutboxMessage(
        kind=MISSING_KIND, destination=DESTINATION, stream=f"support:missing:{attempt.pk}", payload=payload
    )


def notify_missing(payload: Mapping[str, Any]) -> None:
    """Tell support, unless something has become of the attempt meanwhile. Raises what the LMS raises."""
    attempts = ProctoredExamStudentAttempt.objects.select_related("proctored_exam", "user")
    attempt = attempts.filter(pk=payload["attempt_id"], status=Status.submitted).first()
    if attempt is None:
        return
    exam = attempt.proctored_exam
    lms.instructor().send_support_notification(
        course_id=exam.course_id,
        exam_name=exam.exam_name,
        student_username=attempt.user.get_username(),
        review_status=SoftwareSecureReviewStatus.not_reviewed,
        review_url=review_url(exam.course_id, exam.pk, attempt.external_id or ""),
    )


def notify(payload: Mapping[str, Any]) -> None:
    """Tell support, unless the review is gone or a person has looked meanwhile. Raises what the LMS raises."""
    reviews = ProctoredExamSoftwareSecureReview.objects.select_related("exam", "student")
    review = reviews.filter(pk=payload["review_id"]).first()
    if review is None or review.exam is None or review.student is None or not review.should_notify:
        return
    lms.instructor().send_support_notification(
        course_id=review.exam.course_id,
        exam_name=review.exam.exam_name,
        student_username=review.student.get_username(),
        review_status=review.review_status,
        review_url=review_url(review.exam.course_id, review.exam.pk, payload["attempt"]),
    )


def review_url(course_id: str, exam_id: int, external_id: str) -> str:
    """The address of the exam's dashboard, at the attempt the vendor knows by this id (contract rest.md §5.22)."""
    course = quote(course_id, safe=PATH_CHARACTERS)
    query = urlencode({"attempt": external_id}, quote_via=quote, safe="")
    return f"{config.scheme}://{config.site_name}/api/edx_proctoring/v1/instructor/{course}/{exam_id}?{query}"
