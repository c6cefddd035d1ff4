"""What a review says, and what becomes of the attempt because of it (contract python.md §3)."""

import copy
import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.types import ReviewEvent
from proctoring.common import crypto, redaction
from proctoring.common.audit import ActorKind
from proctoring.common.prepared import Prepared
from proctoring.conf import config
from proctoring.exceptions import (
    MalformedCallback,
    ProctoredExamBadReviewStatus,
    ProctoredExamIllegalStatusTransition,
    ProctoredExamReviewAlreadyExists,
    ProctoredExamReviewNotFound,
    StudentExamAttemptDoesNotExistsException,
)
from proctoring.models import (
    ProctoredExam,
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAttempt,
)
from proctoring.services import audit, events, outbox, support, transitions
from proctoring.services.transitions import Transition
from proctoring.services.vendors import backend_if_configured, supports_onboarding
from proctoring.statuses import DEFAULT_PASSING, STORED_REVIEW_STATUS, Actor, SoftwareSecureReviewStatus
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Review = ProctoredExamSoftwareSecureReview
HELD_REVIEWS: Prepared[Review] = Prepared(
    lambda attempt_code: Review.objects.select_for_update().filter(attempt_code=attempt_code).order_by("pk")[:1], str
)
# Two, so that it shows where one code is that of several.
HELD_BY_CODE: Prepared[ProctoredExamStudentAttempt] = Prepared(
    lambda attempt_code: transitions.held(attempt_code=attempt_code)[:2], str
)


def record(attempt: ProctoredExamStudentAttempt, event: ReviewEvent, raw: Mapping[str, Any]) -> Review:
    """
    Keep a vendor's review of ``attempt``; saving it decides the attempt's status in the same transaction.

    A review that comes again replaces the earlier one and its comments, unless a person of ours has decided
    meanwhile. Support hears of a suspicious one, once. Raises ``ProctoredExamReviewAlreadyExists``.
    """
    with transaction.atomic():
        return record_over(held(attempt.attempt_code or ""), attempt, event, raw)


def record_over(
    found: Review | None,
    attempt: ProctoredExamStudentAttempt,
    event: ReviewEvent,
    raw: Mapping[str, Any],
    *,
    is_held: bool = False,
) -> Review:
    """
    :func:`record`, for who has :func:`held` the review and the attempt, in the same transaction.

    ``is_held`` says that ``attempt`` is that row, as it is now; then it moves, and is not asked for again.
    """
    if not attempt.attempt_code:
        # A row of an old release: nothing but its code could tie a review to it.
        raise StudentExamAttemptDoesNotExistsException
    if found is not None and (not config.allow_review_updates or found.reviewed_by_id is not None):
        raise ProctoredExamReviewAlreadyExists
    review = found or Review(attempt_code=attempt.attempt_code)
    known_to_support = review.should_notify
    review.review_status = STORED_REVIEW_STATUS[event.status]
    review.student_id = attempt.user_id
    review.exam_id = attempt.proctored_exam_id
    review.raw_data = _raw_data(attempt.proctored_exam, raw)
    review.encrypted_video_url = _encrypted_link(attempt.proctored_exam, event.video_link)
    # Saving it decides the attempt's status, and whoever does that asks for the attempt.
    review.held_attempt = attempt if is_held else None
    review.save()
    review.held_attempt = None
    if found is not None:
        review.proctoredexamsoftwaresecurecomment_set.all().delete()
    _add_comments(review, event)
    facts = {"result": audit.code(review.review_status), "attempt": attempt.pk, "is_again": found is not None}
    audit.record("review.received", review, actor=ActorKind.VENDOR, **facts)
    if not known_to_support:
        outbox.write(support.notification(review, attempt))
    return review


def decide(review: Review, *, reviewer: AbstractBaseUser, review_status: str) -> Review:
    """
    A person of ours confirms or changes a review; saving it decides the attempt's status.

    Raises ``ProctoredExamBadReviewStatus``, and ``ProctoredExamReviewNotFound`` when it was deleted meanwhile.
    """
    try:
        decided = SoftwareSecureReviewStatus(review_status)
    except ValueError:
        raise ProctoredExamBadReviewStatus from None
    with transaction.atomic():
        current = held(review.attempt_code)
        if current is None or current.pk != review.pk:
            raise ProctoredExamReviewNotFound
        before, current.review_status = current.review_status, decided
        current.reviewed_by_id = reviewer.pk
        current.save()
        facts = {"before": audit.code(before), "result": audit.code(decided)}
        audit.record("review.decided", current, actor=reviewer, **facts)
    return current


def held(attempt_code: str) -> Review | None:
    """
    The review of an attempt, held together with the attempt, so that whoever else has something to say of it waits.

    The attempt first, as everybody does who moves or removes one; and there may be nothing but the attempt to hold.
    """
    attempts = ProctoredExamStudentAttempt.objects.select_for_update().filter(attempt_code=attempt_code)
    list(attempts.order_by("pk").values_list("pk", flat=True))
    return held_too(attempt_code)


def held_too(attempt_code: str) -> Review | None:
    """:func:`held`, for who holds the attempt already."""
    return next(iter(HELD_REVIEWS(attempt_code)), None)


def finish_review_workflow(review: Review) -> None:
    """
    Give the attempt the status its review means (contract python.md §3.3, since_6_1.md 1-2).

    An attempt that is archived, reset, or in a status the review cannot move it out of stays as it is. The event that
    a review was received is told of it all the same (§3.5, §3.7).
    """
    attempt = held_attempt(review)
    if attempt is None or attempt.status == Status.onboarding_reset:
        logger.info("Review recorded without effect on an attempt: review=%s", review.pk)
        attempt = attempt or ProctoredExamStudentAttempt.get_historic_attempt_by_code(review.attempt_code)
    else:
        moved = follow(review, attempt)
        attempt = moved.attempt if moved and moved.changed else attempt
    if attempt is not None:
        events.emit_review(review, attempt)


def held_attempt(review: Review) -> ProctoredExamStudentAttempt | None:
    """
    The review's attempt, held; None where there is none.

    Raises ``MultipleObjectsReturned`` when several rows carry its code: picking one would be a guess.
    """
    if review.held_attempt is not None:
        return review.held_attempt
    # An absent code must not match the rows whose column is empty.
    found = HELD_BY_CODE(review.attempt_code) if review.attempt_code else []
    if len(found) > 1:
        raise ProctoredExamStudentAttempt.MultipleObjectsReturned
    return found[0] if found else None


def follow(review: Review, attempt: ProctoredExamStudentAttempt) -> Transition | None:
    """
    Give the attempt, which is held, the status its review means; None where the review cannot move it out of the one
    it has.
    """
    target = verdict(review, attempt)
    try:
        return transitions.change_held(attempt, target, actor=who_says(review), by=review.reviewed_by)
    except ProctoredExamIllegalStatusTransition:
        logger.warning("Review does not fit the attempt: review=%s attempt=%s status=%s", review.pk, attempt.pk, target)
        return None


def who_says(review: Review) -> Actor:
    """In whose name a review decides: of the person who has looked at it, or of the vendor."""
    return Actor.STAFF if review.reviewed_by_id else Actor.VENDOR


def was_submitted(attempt: ProctoredExamStudentAttempt) -> bool:
    """Whether the learner has ever handed in (contract since_6_1.md 1)."""
    return attempt.completed_at is not None or attempt.history.filter(status=Status.timed_out).exists()


def verdict(
    review: Review,
    attempt: ProctoredExamStudentAttempt,
    submitted: Callable[[ProctoredExamStudentAttempt], bool] = was_submitted,
) -> Status:
    """The status a review means for its attempt; the first rule that holds."""
    if is_passing(review, attempt.proctored_exam):
        return Status.verified if submitted(attempt) else Status.error
    if review.review_status == SoftwareSecureReviewStatus.not_reviewed:
        return Status.error
    if review.reviewed_by_id is not None or not config.require_failure_second_reviews:
        return Status.rejected
    if attempt.is_sample_attempt and supports_onboarding(attempt.proctored_exam):
        return Status.rejected
    return Status.second_review_required


def verdicts(
    review: Review, attempt: ProctoredExamStudentAttempt, reviewer: AbstractBaseUser
) -> dict[SoftwareSecureReviewStatus, Status]:
    """The status that each decision of ``reviewer`` would mean for the attempt; nothing is decided yet."""
    return {status: verdict(_as_if(review, status, reviewer), attempt) for status in SoftwareSecureReviewStatus}


def _as_if(review: Review, status: SoftwareSecureReviewStatus, reviewer: AbstractBaseUser) -> Review:
    supposed = copy.copy(review)
    supposed.review_status, supposed.reviewed_by_id = status, reviewer.pk
    return supposed


def is_passing(review: Review, exam: ProctoredExam | None) -> bool:
    """Whether the review is a pass at the exam's vendor, or by our own rule where the vendor has none."""
    backend = backend_if_configured(exam) if exam is not None else None
    configured = backend.passing_statuses if backend else None
    return review.review_status in (configured or DEFAULT_PASSING)


def _add_comments(review: Review, event: ReviewEvent) -> None:
    ProctoredExamSoftwareSecureComment.objects.bulk_create(
        ProctoredExamSoftwareSecureComment(
            review=review,
            start_time=item.start,
            stop_time=item.stop,
            duration=item.duration,
            comment=item.comment,
            status=item.status,
        )
        for item in event.comments
    )


def _raw_data(exam: ProctoredExam, raw: Mapping[str, Any]) -> str:
    """What the vendor said, without what is about people; the inbox has the rest, encrypted and for some time."""
    vendor = backend_if_configured(exam) or ProctoringBackendProvider
    try:
        return redaction.stripped(raw, {*vendor.personal_fields, *vendor.dropped_fields})
    except RecursionError:
        raise MalformedCallback from None


def _encrypted_link(exam: ProctoredExam, link: str | None) -> bytes | None:
    """The link to the recording under the vendor's key; kept only where there is one (contract python.md §3.6)."""
    backend = backend_if_configured(exam)
    key = backend.get_video_review_aes_key() if backend else None
    return crypto.aes_cbc_encrypt(bytes.fromhex(key), link) if key and link else None
