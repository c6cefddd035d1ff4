"""The second review: what is foreseen is what follows, and what keeps an attempt as it is."""

from contextlib import nullcontext
from typing import Any

import pytest

from proctoring.exceptions import (
    AttemptCodeNotUnique,
    OwnAttempt,
    ProctoredExamBadReviewStatus,
    ProctoredExamIllegalStatusTransition,
    ProctoredExamReviewNotFound,
    ReviewChangedMeanwhile,
)
from proctoring.models import OutboxMessage, StaffAction
from proctoring.services import consequences, foreseeing, mail, second_reviews, transitions
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus as Result
from tests.factories import AttemptFactory, ReviewFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> Any:
    return UserFactory(staff=True)


def suspected(**fields: Any) -> Any:
    """A suspicious review, with its attempt as the review has left it."""
    attempt = AttemptFactory(submitted=True, **fields)
    review = ReviewFactory(attempt=attempt, suspicious=True)
    return review, second_reviews.attempt_of(review)


def decide(review: Any, reviewer: Any, decision: str, **changes: Any) -> second_reviews.Decided:
    mark = second_reviews.seen(review, second_reviews.attempt_of(review))
    return second_reviews.decide(
        review, **{"reviewer": reviewer, "decision": decision, "reason": "Looked.", "looked_at": mark} | changes
    )


def of(prospects: list[second_reviews.Prospect], decision: Result) -> second_reviews.Prospect:
    return next(prospect for prospect in prospects if prospect.decision == decision)


@pytest.mark.parametrize("before", [None, Result.suspicious, Result.not_reviewed])
@pytest.mark.parametrize("decision", list(Result))
def test_what_is_foreseen_is_what_follows(reviewer: Any, decision: Result, before: Result | None) -> None:
    review, _attempt = suspected()
    if before is not None:
        decide(review, reviewer, before)
        review.refresh_from_db()
    attempt = second_reviews.attempt_of(review)
    prospect = of(second_reviews.prospects(review, attempt, reviewer), decision)
    written = list(OutboxMessage.objects.values_list("pk", flat=True))

    decided = decide(review, reviewer, decision)

    assert decided.prospect == prospect
    assert decided.status_after == (prospect.target or decided.status_before)
    kinds = OutboxMessage.objects.exclude(pk__in=written).order_by("pk").values_list("kind", flat=True)
    foreseen = {sentence for sentence in prospect.sentences if sentence in foreseeing.EFFECTS.values()}
    assert foreseen == {foreseeing.EFFECTS[kind] for kind in kinds if kind != "credit"}
    assert ("credit" in kinds) == any(sentence in foreseeing.CREDIT.values() for sentence in prospect.sentences)


def test_foreseeing_changes_nothing(reviewer: Any) -> None:
    review, attempt = suspected()
    written = OutboxMessage.objects.count()

    second_reviews.prospects(review, attempt, reviewer)

    assert attempt.status == Status.second_review_required
    attempt.refresh_from_db()
    review.refresh_from_db()
    assert (attempt.status, review.reviewed_by) == (Status.second_review_required, None)
    assert OutboxMessage.objects.count() == written


def test_another_attempt_can_keep_all_as_it_is(reviewer: Any) -> None:
    review, attempt = suspected()
    AttemptFactory(user=attempt.user, proctored_exam=attempt.proctored_exam, submitted=True)

    passed = of(second_reviews.prospects(review, attempt, reviewer), Result.clean)

    assert (passed.target, passed.sentences) == (Status.verified, (foreseeing.NOTHING_FOR_THE_LEARNER,))


def test_every_effect_has_its_sentence() -> None:
    removals = {"answers.delete", "grade.undo", "credit.remove"}
    kinds = {*consequences.HANDLERS, *consequences.VENDOR_KINDS.values(), mail.KIND} - removals

    assert kinds <= {*foreseeing.EFFECTS, "credit"}
    assert set(consequences.CREDIT_STATUSES.values()) == set(foreseeing.CREDIT)


def test_a_move_that_is_foreseen_leaves_the_attempt_alone() -> None:
    attempt = AttemptFactory(submitted=True)

    foreseen = transitions.foreseen(attempt, Status.verified, actor=Actor.STAFF, by=None)

    assert foreseen.attempt.status == Status.verified
    assert attempt.status == Status.submitted


@pytest.mark.parametrize(
    ("source", "actor", "may"),
    [
        (Status.submitted, Actor.STAFF, True),
        (Status.submitted, Actor.LEARNER, False),
        (Status.eligible, Actor.STAFF, False),
        ("of_an_old_release", Actor.STAFF, True),
        ("of_an_old_release", Actor.VENDOR, False),
    ],
)
def test_who_may_move_what(source: str, actor: Actor, may: bool) -> None:
    attempt = AttemptFactory(submitted=True)
    attempt.status = source
    with nullcontext() if may else pytest.raises(ProctoredExamIllegalStatusTransition):
        transitions.foreseen(attempt, Status.verified, actor=actor, by=None)


def test_the_record_stays_when_review_and_reviewer_go(reviewer: Any) -> None:
    review, _attempt = suspected()
    decide(review, reviewer, Result.clean)

    review.delete()
    reviewer.delete()

    record = StaffAction.objects.get()
    assert (record.reason, record.by, record.ids, record.done) == ("Looked.", None, [record.ids[0]], 1)


def test_a_result_that_is_none_is_refused(reviewer: Any) -> None:
    review, _attempt = suspected()

    with pytest.raises(ProctoredExamBadReviewStatus):
        decide(review, reviewer, "Splendid")


def test_a_review_that_is_gone_is_refused(reviewer: Any) -> None:
    review, _attempt = suspected()
    type(review).objects.filter(pk=review.pk).delete()

    with pytest.raises(ProctoredExamReviewNotFound):
        decide(review, reviewer, Result.clean)


def test_what_was_not_seen_is_not_decided(reviewer: Any) -> None:
    review, _attempt = suspected()

    with pytest.raises(ReviewChangedMeanwhile):
        decide(review, reviewer, Result.clean, looked_at="something else")
    assert not StaffAction.objects.exists()


def test_one_of_several_attempts_is_not_guessed(reviewer: Any) -> None:
    review, _attempt = suspected()
    AttemptFactory(attempt_code=review.attempt_code)

    with pytest.raises(AttemptCodeNotUnique):
        second_reviews.attempt_of(review)


def test_what_the_vendor_said_may_not_be_known_any_more(reviewer: Any) -> None:
    judged = ReviewFactory(reviewed_by=reviewer, suspicious=True)

    assert second_reviews.vendors_result(judged) == ""
    assert second_reviews.vendors_result(ReviewFactory()) == Result.clean


@pytest.mark.parametrize("deleted", [False, True])
def test_nobody_decides_on_themselves(deleted: bool) -> None:
    review, attempt = suspected()
    learner = attempt.user
    if deleted:
        attempt.delete()
        review = ReviewFactory(attempt_code="kept", student=learner)
    seen = second_reviews.attempt_of(review)

    prospects = second_reviews.prospects(review, seen, learner)

    assert {prospect.told for prospect in prospects} == {"This is your own attempt: somebody else decides."}
    assert {prospect.target for prospect in prospects} == {None}
    with pytest.raises(OwnAttempt) as refusal:
        decide(review, learner, Result.clean)
    assert refusal.value.http_status == 403
    assert not StaffAction.objects.exists()
