"""What staff do to photo verifications away from their photos."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from proctoring.common.outbox import OutboxState
from tests.factories import UserFactory
from tests.verify_student.custody import kept, kept_for_vendor
from tests.verify_student.factories import VerificationFactory
from verify_student.exceptions import VerificationBaseException, VerificationNotFound, VerificationPermissionDenied
from verify_student.models import OutboxMessage, SoftwareSecurePhotoVerification
from verify_student.services import consequences, local_review
from verify_student.services.local_review import DecidedMeanwhile, ReviewNotPossible
from verify_student.services.staff_actions import photos
from verify_student.services.staff_actions.photos import ApprovedAlready, NotAsked, ReviewedByUs, TwoHaveToAgree
from verify_student.statuses import IDVerificationStatus as Status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

APPROVE, ASK = photos.VERBS
VENDOR = "software_secure"


@pytest.fixture
def decider():
    user = UserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="review_verifications"))
    return user


@pytest.fixture
def four_eyes(settings):
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"FOUR_EYES": True}


def vendors(status="submitted", **fields):
    return VerificationFactory(**{"status": status, "provider": VENDOR, **fields})


def handed_in(status="must_retry", **fields):
    return kept_for_vendor(vendors(status, **fields))


def sentences(verb, row, user):
    return " ".join(str(sentence) for sentence in verb.foresee(row, user))


def kinds():
    return sorted(OutboxMessage.objects.values_list("kind", flat=True))


class TestApproving:
    @pytest.mark.parametrize("status", ["submitted", "must_retry", "denied"])
    def test_everything_follows(self, decider, status):
        row = vendors(status, error_msg="x")
        APPROVE.perform(row, decider, "why")
        row.refresh_from_db()
        assert (row.status, row.reviewing_user, row.error_msg) == ("approved", decider, "")
        assert row.expiration_date > timezone.now() + timedelta(days=364)
        assert kinds() == sorted(consequences.kinds(Status.approved))

    def test_it_is_foretold_in_full(self, decider):
        said = sentences(APPROVE, vendors(), decider)
        assert all(str(photos.FORETOLD[kind]) in said for kind in consequences.kinds(Status.approved))
        assert str((timezone.now() + timedelta(days=365)).year) in said

    def test_a_denial_is_taken_back(self, decider):
        assert "The denial and its reasons are taken back." in sentences(APPROVE, vendors("denied"), decider)

    def test_what_was_not_looked_at_is_said(self):
        row = vendors(provider="local")
        assert "without a look at the photos" in sentences(APPROVE, row, UserFactory(superuser=True))

    @pytest.mark.parametrize(
        ("status", "refusal"),
        [("approved", ApprovedAlready), ("created", ReviewNotPossible), ("ready", ReviewNotPossible)],
    )
    def test_where_it_is_refused(self, decider, status, refusal):
        row = vendors(status)
        for deed in (lambda: APPROVE.foresee(row, decider), lambda: APPROVE.perform(row, decider, "why")):
            with pytest.raises(refusal):
                deed()
        assert kinds() == []

    def test_a_second_time_changes_nothing(self, decider):
        row = vendors()
        APPROVE.perform(row, decider, "why")
        before = SoftwareSecurePhotoVerification.objects.get()
        with pytest.raises(VerificationBaseException):
            APPROVE.perform(before, decider, "why")
        with pytest.raises(DecidedMeanwhile):
            APPROVE.perform(row, decider, "why")
        assert SoftwareSecurePhotoVerification.objects.get().updated_at == before.updated_at

    def test_of_nothing(self, decider):
        row = vendors()
        SoftwareSecurePhotoVerification.objects.all().delete()
        with pytest.raises(VerificationNotFound):
            APPROVE.perform(SoftwareSecurePhotoVerification(pk=999, status=row.status), decider, "why")

    def test_nobody_on_themselves(self, decider):
        with pytest.raises(VerificationPermissionDenied, match="somebody else decides"):
            APPROVE.perform(vendors(user=decider), decider, "why")

    @pytest.mark.usefixtures("four_eyes")
    def test_four_eyes_are_not_got_round(self):
        row, reviewer = vendors(provider="local"), UserFactory(superuser=True)
        local_review.approve(row.pk, UserFactory(superuser=True), seen="submitted")
        with pytest.raises(TwoHaveToAgree, match="Photos and decision"):
            APPROVE.perform(row, reviewer, "why")
        row.refresh_from_db()
        assert row.status == "submitted"


class TestAskingAgain:
    @pytest.mark.parametrize("status", ["ready", "must_retry", "submitted"])
    def test_a_request_is_written(self, decider, status):
        row = handed_in(status)
        assert "Software Secure" in sentences(ASK, row, decider)
        ASK.perform(row, decider, "why")
        assert "provider.submit" in kinds()

    def test_a_second_time_asks_nobody(self, decider):
        row = handed_in()
        ASK.perform(row, decider, "why")
        row.refresh_from_db()
        with pytest.raises(NotAsked, match="being asked already"):
            ASK.perform(row, decider, "why")
        assert kinds().count("provider.submit") == 1

    @pytest.mark.parametrize("status", ["created", "approved", "denied"])
    def test_where_there_is_nothing_to_ask(self, decider, status):
        row = handed_in(status)
        for deed in (lambda: ASK.foresee(row, decider), lambda: ASK.perform(row, decider, "why")):
            with pytest.raises(NotAsked, match="decided, was never handed in"):
                deed()

    def test_nobody_is_reviewed_twice(self, decider):
        row = handed_in()
        vendors("ready", user=row.user)
        with pytest.raises(NotAsked, match="handed in anew"):
            ASK.perform(row, decider, "why")

    def test_without_photos(self, decider):
        with pytest.raises(NotAsked, match="photos are not available"):
            ASK.perform(vendors("must_retry"), decider, "why")

    @pytest.mark.parametrize("status", ["submitted", "must_retry"])
    def test_opinions_on_our_own_are_not_made_void(self, decider, status):
        row = vendors(status, provider="local")
        for deed in (lambda: ASK.foresee(row, decider), lambda: ASK.perform(row, decider, "why")):
            with pytest.raises(ReviewedByUs):
                deed()

    def test_a_provider_that_there_is_not(self, decider):
        row = handed_in(provider="gone")
        with pytest.raises(VerificationBaseException):
            ASK.foresee(row, decider)
        with pytest.raises(NotAsked, match="cannot be asked at the moment"):
            ASK.perform(row, decider, "why")


class TestOldReleases:
    """Of them nobody knows the provider; whoever is asked from now on is known, and so are the rules."""

    @pytest.mark.usefixtures("four_eyes")
    def test_whoever_is_asked_reviews(self, decider):
        row, reviewer = kept(VerificationFactory(status="must_retry")), UserFactory(superuser=True)
        assert not local_review.waiting(reviewer).exists()
        ASK.perform(row, decider, "why")
        row.refresh_from_db()
        assert (row.provider, list(local_review.waiting(reviewer)), local_review.takes_two(row)) == (
            "local",
            [row],
            True,
        )

    def test_the_request_goes_to_whom_it_names(self, decider):
        ASK.perform(handed_in(), decider, "why")
        message = OutboxMessage.objects.get(kind="provider.submit")
        assert (message.destination, message.state) == (VENDOR, OutboxState.PENDING)
