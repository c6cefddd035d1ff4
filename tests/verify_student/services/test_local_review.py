"""The institution's own staff decide."""

import json

import pytest

from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from verify_student.exceptions import VerificationNotFound, VerificationPermissionDenied
from verify_student.models import LocalOpinion, OutboxMessage
from verify_student.services import local_review, reasons
from verify_student.services.local_review import DecidedMeanwhile, ReasonsMissing, ReviewNotPossible
from verify_student.statuses import IDVerificationStatus as Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def four_eyes(settings):
    settings.VERIFY_STUDENT = {"PROVIDER": "local", "FOUR_EYES": True}


@pytest.fixture
def reviewers():
    return UserFactory.create_batch(3, superuser=True)


def local(status="submitted", **fields):
    return VerificationFactory(status=status, provider="local", **fields)


def approve(verification, reviewer, seen="submitted"):
    return local_review.approve(verification.pk, reviewer, seen=seen)


def deny(verification, reviewer, *codes, seen="submitted"):
    return local_review.deny(verification.pk, reviewer, codes or ("id_invalid",), seen=seen)


class TestQueue:
    def test_the_oldest_of_our_own_comes_first(self, reviewers):
        first, second, third = local(), local("must_retry"), local()
        for status in ("created", "ready", "approved", "denied"):
            local(status)
        VerificationFactory(status="submitted", provider="software_secure")
        VerificationFactory(status="submitted")
        assert list(local_review.waiting(reviewers[0])) == [first, second, third]

    def test_opinions_are_counted(self, reviewers, four_eyes):
        verification = local()
        approve(verification, reviewers[0])
        rows = [local_review.waiting(reviewer).get() for reviewer in reviewers[:2]]
        assert [(row.opinion_count, row.has_mine) for row in rows] == [(1, True), (1, False)]


class TestOneReviewer:
    def test_approves(self, reviewers):
        outcome = approve(local(), reviewers[0])
        made = outcome.verification
        assert (outcome.decided, made.status, made.reviewing_user, made.reviewing_service) == (
            True,
            "approved",
            reviewers[0],
            "local review",
        )
        assert set(OutboxMessage.objects.values_list("kind", flat=True)) >= {"mail.approved", "announce.approved"}

    def test_denies_with_reasons(self, reviewers):
        made = deny(local(), reviewers[0], "photos_mismatched", "no such code", "name_mismatch").verification
        assert (made.status, reasons.codes_of(made.error_msg)) == ("denied", ["name_mismatch", "photos_mismatched"])
        assert OutboxMessage.objects.filter(kind="mail.denied").count() == 1

    @pytest.mark.parametrize("codes", [[], ["no such code"]])
    def test_says_why(self, reviewers, codes):
        verification = local()
        with pytest.raises(ReasonsMissing):
            local_review.deny(verification.pk, reviewers[0], codes, seen="submitted")
        assert not LocalOpinion.objects.exists()

    def test_corrects(self, reviewers):
        verification = local()
        deny(verification, reviewers[0])
        made = approve(verification, reviewers[1], seen="denied").verification
        assert (made.status, made.error_msg) == ("approved", "")

    def test_decides_on_a_vendors_verification(self, reviewers, four_eyes):
        verification = VerificationFactory(status="must_retry", provider="software_secure")
        assert approve(verification, reviewers[0], seen="must_retry").decided

    def test_never_on_themselves(self, reviewers):
        with pytest.raises(VerificationPermissionDenied):
            approve(local(user=reviewers[0]), reviewers[0])

    def test_needs_permission(self):
        with pytest.raises(VerificationPermissionDenied):
            approve(local(), UserFactory(staff=True))

    def test_does_not_overwrite_what_happened_meanwhile(self, reviewers):
        verification = local()
        deny(verification, reviewers[0])
        with pytest.raises(DecidedMeanwhile):
            approve(verification, reviewers[1])
        verification.refresh_from_db()
        assert verification.status == "denied"

    @pytest.mark.parametrize("status", ["created", "ready", "approved"])
    def test_where_there_is_nothing_to_approve(self, reviewers, status):
        with pytest.raises(ReviewNotPossible):
            approve(local(status), reviewers[0], seen=status)

    def test_of_nothing(self, reviewers):
        with pytest.raises(VerificationNotFound):
            local_review.approve(999, reviewers[0], seen="submitted")


@pytest.mark.usefixtures("four_eyes")
class TestFourEyes:
    def test_one_opinion_decides_nothing(self, reviewers):
        verification = local()
        assert not approve(verification, reviewers[0]).decided
        verification.refresh_from_db()
        assert (verification.status, OutboxMessage.objects.count()) == ("submitted", 0)

    def test_the_same_person_twice_is_one(self, reviewers):
        verification = local()
        assert [approve(verification, reviewers[0]).decided for _ in range(3)] == [False] * 3

    def test_two_who_agree_decide(self, reviewers):
        verification = local()
        approve(verification, reviewers[0])
        outcome = approve(verification, reviewers[1])
        assert (outcome.decided, outcome.verification.status) == (True, "approved")
        assert outcome.verification.reviewing_user == reviewers[1]

    def test_two_who_deny_are_both_quoted(self, reviewers):
        verification = local()
        deny(verification, reviewers[0], "user_image_not_clear")
        made = deny(verification, reviewers[1], "name_mismatch").verification
        assert json.loads(made.error_msg) == [{"codes": ["name_mismatch", "user_image_not_clear"]}]

    def test_two_who_disagree_wait_for_a_third(self, reviewers):
        verification = local()
        assert not approve(verification, reviewers[0]).decided
        assert not deny(verification, reviewers[1]).decided
        assert [opinion.approves for opinion in local_review.opinions(verification)] == [True, False]
        assert deny(verification, reviewers[2]).verification.status == "denied"

    def test_minds_may_be_changed(self, reviewers):
        verification = local()
        deny(verification, reviewers[0])
        approve(verification, reviewers[1])
        assert approve(verification, reviewers[0]).decided

    def test_the_opinion_of_somebody_who_left_agrees_with_nobody(self, reviewers):
        verification = local()
        approve(verification, reviewers[0])
        reviewers[0].delete()
        assert not approve(verification, reviewers[1]).decided

    def test_a_correction_takes_two_again(self, reviewers):
        verification = local()
        deny(verification, reviewers[0])
        deny(verification, reviewers[1])
        verification.refresh_from_db()
        assert list(local_review.opinions(verification)) == []
        assert not approve(verification, reviewers[2], seen="denied").decided
        assert approve(verification, reviewers[0], seen="denied").decided


@pytest.mark.parametrize(
    ("status", "choices"),
    [
        ("created", set()),
        ("ready", set()),
        ("submitted", {Status.approved, Status.denied}),
        ("must_retry", {Status.approved, Status.denied}),
        ("approved", {Status.denied}),
        ("denied", {Status.approved}),
    ],
)
def test_what_can_be_decided(status, choices):
    assert local_review.choices(local(status)) == choices
