"""
The second review: a person of ours looks at what the vendor said, sees what each decision would mean, and decides with
a reason (contract python.md §3.4, vendors_admin_screens.md §4.3).
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting import ActionState
from proctoring.exceptions import (
    AttemptCodeNotUnique,
    OwnAttempt,
    ProctoredExamBadReviewStatus,
    ProctoredExamIllegalStatusTransition,
    ProctoredExamReviewNotFound,
    ReviewChangedMeanwhile,
)
from proctoring.models import (
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAttempt,
    StaffAction,
)
from proctoring.services import foreseeing, reviews
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus

Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview
VERB = "decide-review"

GONE = _("The attempt was deleted, so the decision is recorded and nothing else follows.")
STARTED_OVER = _("The attempt stays as it is because the learner has started over; the decision is recorded.")
SO_ALREADY = _("The attempt stays as it is because that is its status already; the decision is recorded.")
UNFIT = _("The attempt stays as it is because a review cannot move it out of its status; the decision is recorded.")
OWN = OwnAttempt.default_message
NEVER_HANDED_IN = _("It cannot pass because the learner has never handed it in.")


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a decision means: the attempt's status then, None where it stays as it is, and what is to be said of it."""

    decision: SoftwareSecureReviewStatus
    target: Status | None
    sentences: tuple[Promise, ...]

    @property
    def told(self) -> str:
        """The sentences, one after the other."""
        return " ".join(str(sentence) for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision came to: the results and statuses before and after; no status without an attempt."""

    result_before: str
    status_before: str
    status_after: str
    prospect: Prospect

    def logged(self, reason: str) -> str:
        """What the admin's log says of it."""
        said = f"{self.result_before} → {self.prospect.decision}"
        if self.status_before != self.status_after:
            said += f" ({self.status_before} → {self.status_after})"
        return f"{said}: {reason}"


def attempt_of(review: Review) -> Attempt | None:
    """The review's attempt with its exam and learner; None for a deleted one. Raises ``AttemptCodeNotUnique``."""
    try:
        return Attempt.objects.get_exam_attempt_by_code(review.attempt_code)
    except Attempt.MultipleObjectsReturned:
        raise AttemptCodeNotUnique from None


def vendors_result(review: Review) -> str:
    """What the review said before a person decided; empty where that is not known."""
    if review.reviewed_by_id is None:
        return review.review_status
    former = ProctoredExamSoftwareSecureReviewHistory.objects.filter(
        attempt_code=review.attempt_code, reviewed_by__isnull=True
    )
    return former.order_by("-pk").values_list("review_status", flat=True).first() or ""


def is_about(person: AbstractBaseUser, review: Review) -> bool:
    """Whether the person is the review's learner; of an old one only the attempt's code tells."""
    if review.student_id is not None:
        return bool(person.pk == review.student_id)
    return Attempt.objects.filter(attempt_code=review.attempt_code, user_id=person.pk).exists()


def seen(review: Review, attempt: Attempt | None) -> str:
    """What has to be the same when somebody decides as when they looked."""
    return f"{review.modified.isoformat()}/{attempt.status if attempt else 'none'}"


def prospects(review: Review, attempt: Attempt | None, reviewer: AbstractBaseUser) -> list[Prospect]:
    """What each decision of ``reviewer`` would mean; nothing is decided yet."""
    if _is_own(review, attempt, reviewer):
        return [Prospect(decision, None, (OWN,)) for decision in SoftwareSecureReviewStatus]
    if attempt is None or attempt.status == Status.onboarding_reset:
        sentence = GONE if attempt is None else STARTED_OVER
        return [Prospect(decision, None, (sentence,)) for decision in SoftwareSecureReviewStatus]
    targets = reviews.verdicts(review, attempt, reviewer)
    told = {target: _told(attempt, target, reviewer) for target in dict.fromkeys(targets.values())}
    return [_prospect(decision, target, told[target]) for decision, target in targets.items()]


def decide(review: Review, *, reviewer: AbstractBaseUser, decision: str, reason: str, looked_at: str) -> Decided:
    """
    ``reviewer`` decides for ``reason``; ``looked_at`` is what :func:`seen` was for the page they decide on.

    The record is committed with the decision. Raises ``ReviewChangedMeanwhile``, ``ProctoredExamReviewNotFound``,
    ``ProctoredExamBadReviewStatus``, ``AttemptCodeNotUnique``, and ``OwnAttempt``.
    """
    with transaction.atomic():
        current = reviews.held(review.attempt_code)
        if current is None or current.pk != review.pk:
            raise ProctoredExamReviewNotFound
        attempt = attempt_of(current)
        if _is_own(current, attempt, reviewer):
            raise OwnAttempt
        if seen(current, attempt) != looked_at:
            raise ReviewChangedMeanwhile
        prospect = _of(decision, prospects(current, attempt, reviewer))
        reviews.decide(current, reviewer=reviewer, review_status=decision)
        _keep(current, reviewer, reason)
        after = attempt_of(current)
    return Decided(
        result_before=current.review_status,
        status_before=attempt.status if attempt else "",
        status_after=after.status if after else "",
        prospect=prospect,
    )


def _is_own(review: Review, attempt: Attempt | None, reviewer: AbstractBaseUser) -> bool:
    """Whether the reviewer is the learner; a review may outlive its attempt."""
    return reviewer.pk == review.student_id or (attempt is not None and reviewer.pk == attempt.user_id)


def _told(attempt: Attempt, target: Status, reviewer: AbstractBaseUser) -> tuple[Status | None, tuple[Promise, ...]]:
    if attempt.status == target:
        return None, (SO_ALREADY,)
    try:
        return target, tuple(foreseeing.effects(attempt, target, reviewer))
    except ProctoredExamIllegalStatusTransition:
        return None, (UNFIT,)


def _prospect(
    decision: SoftwareSecureReviewStatus, verdict: Status, told: tuple[Status | None, tuple[Promise, ...]]
) -> Prospect:
    target, sentences = told
    # Of the decisions only "not reviewed" means an error; any other would have been a pass.
    if verdict == Status.error and decision != SoftwareSecureReviewStatus.not_reviewed:
        sentences = (NEVER_HANDED_IN, *sentences)
    return Prospect(decision, target, sentences)


def _of(decision: str, choices: list[Prospect]) -> Prospect:
    found = next((choice for choice in choices if choice.decision == decision), None)
    if found is None:
        raise ProctoredExamBadReviewStatus
    return found


def _keep(review: Review, reviewer: AbstractBaseUser, reason: str) -> None:
    """The record among what else staff did; it outlives the review and its reviewer's account."""
    now = timezone.now()
    by: dict[str, Any] = {"by": reviewer}
    StaffAction.objects.create(
        verb=VERB,
        ids=[review.pk],
        reason=reason,
        state=ActionState.DONE,
        total=1,
        position=1,
        done=1,
        confirmed_at=now,
        finished_at=now,
        **by,
    )
