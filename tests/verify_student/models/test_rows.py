"""Read-only rules of the rows (contract §1.1-1.9)."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import ProtectedError
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import (
    AttemptFactory,
    DeadlineFactory,
    ManualFactory,
    SSOFactory,
    VerificationFactory,
)
from verify_student.models import (
    IDVerificationAttempt,
    ManualVerification,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    SSPVerificationRetryConfig,
    VerificationAttempt,
)

pytestmark = pytest.mark.django_db

Verification = SoftwareSecurePhotoVerification
DATED = pytest.mark.parametrize("factory", [VerificationFactory, ManualFactory, SSOFactory])
EVERY_KIND = pytest.mark.parametrize("factory", [VerificationFactory, ManualFactory, SSOFactory, AttemptFactory])


def in_days(days):
    return timezone.now() + timedelta(days=days)


class TestEveryKind:
    @EVERY_KIND
    def test_begins_as_created(self, factory):
        assert factory._meta.model(user=UserFactory()).status == "created"

    @EVERY_KIND
    def test_a_manager_for_each_status(self, factory):
        row = factory(status="approved")
        factory(status="denied")
        assert list(factory._meta.model.approved.all()) == [row]
        assert factory._meta.model.objects.count() == 2

    @EVERY_KIND
    def test_a_change_of_status_is_dated(self, factory):
        row = factory(status="created")
        before = row.status_changed
        row.save()
        assert row.status_changed == before
        row.status = "denied"
        row.save()
        assert row.status_changed > before

    @EVERY_KIND
    def test_goes_with_its_learner(self, factory):
        factory().user.delete()
        assert factory._meta.model.objects.count() == 0

    def test_text_forms(self):
        assert str(ManualFactory()) == "ManualIDVerification for Amal Haddad, status: approved"
        assert str(SSOFactory()) == "SSOIDVerification for Amal Haddad, status: approved"
        photo, attempt = VerificationFactory(), AttemptFactory()
        assert str(photo) == f"Photo verification {photo.pk}, status: created"
        assert str(attempt) == f"Verification attempt {attempt.pk}, status: created"
        assert str(DeadlineFactory(course_key="course-v1:A+B+C", deadline=in_days(1))) == "course-v1:A+B+C"
        assert str(SSPVerificationRetryConfig(arguments="--status denied")) == "--status denied"


class TestExpiry:
    @DATED
    def test_is_given_at_creation(self, factory, settings):
        settings.VERIFY_STUDENT = {"DAYS_GOOD_FOR": 10}
        with time_machine.travel(timezone.now(), tick=False):
            assert factory().expiration_datetime == in_days(10)

    @DATED
    def test_without_a_date_it_counts_from_creation(self, factory, settings):
        settings.VERIFY_STUDENT = {"DAYS_GOOD_FOR": 10}
        row = factory(expiration_date=None)
        assert row.expiration_datetime == row.created_at + timedelta(days=10)

    def test_an_attempt_of_a_plug_in_has_none(self):
        attempt = AttemptFactory()
        assert attempt.expiration_datetime is None
        assert attempt.active_at_datetime(timezone.now())

    @EVERY_KIND
    def test_active_means_made_before_and_counting_now(self, factory):
        row = factory()
        assert row.active_at_datetime(in_days(1))
        assert not row.active_at_datetime(in_days(-1))
        assert row.active_at_datetime(in_days(5000))


class TestDisplay:
    def test_by_kind(self):
        assert VerificationFactory().should_display_status_to_user()
        assert not ManualFactory().should_display_status_to_user()
        assert not SSOFactory().should_display_status_to_user()

    @pytest.mark.parametrize(("hidden", "shown"), [(False, True), (None, True), (True, False)])
    def test_attempts_of_plug_ins_say_so_themselves(self, hidden, shown):
        assert AttemptFactory(hide_status_from_user=hidden).should_display_status_to_user() is shown

    def test_every_kind_has_to_say(self):
        with pytest.raises(NotImplementedError):
            IDVerificationAttempt.should_display_status_to_user(VerificationFactory())


class TestOrdering:
    def test_only_photos_have_one(self):
        old, new = VerificationFactory(), VerificationFactory()
        assert list(Verification.objects.all()) == [new, old]
        for kind in (ManualVerification, SSOVerification, VerificationAttempt):
            assert not kind._meta.ordering


class TestPhotos:
    def test_receipts_are_random(self):
        assert len({VerificationFactory().receipt_id for _ in range(3)}) == 3

    @pytest.mark.parametrize(
        ("status", "queued", "under_way"),
        [
            ("created", False, False),
            ("ready", False, False),
            ("ready", True, True),
            ("submitted", False, True),
            ("must_retry", False, True),
            ("approved", True, False),
            ("denied", True, False),
        ],
    )
    def test_weakness_w9_under_way(self, status, queued, under_way):
        row = VerificationFactory(status=status, queued_at=timezone.now() if queued else None)
        assert row.is_under_way is under_way

    def test_by_receipt(self):
        row = VerificationFactory()
        assert Verification.get_verification_from_receipt(row.receipt_id) == row
        assert Verification.get_verification_from_receipt("unknown") is None
        VerificationFactory(receipt_id=row.receipt_id)
        with pytest.raises(Verification.MultipleObjectsReturned):
            Verification.get_verification_from_receipt(row.receipt_id)

    def test_recent(self):
        old = VerificationFactory(status="approved")
        VerificationFactory(user=old.user, status="approved")
        VerificationFactory(user=old.user, status="denied")
        old.save()
        assert Verification.get_recent_verification(old.user) == old
        assert Verification.get_recent_verification(UserFactory()) is None

    def test_weakness_w61_a_reviewer_may_go(self):
        reviewer = UserFactory()
        row = VerificationFactory(reviewing_user=reviewer)
        reviewer.delete()
        row.refresh_from_db()
        assert row.reviewing_user is None

    def test_weakness_w61_the_verification_whose_photo_is_used_again_may_go(self):
        earlier = VerificationFactory()
        row = VerificationFactory(copy_id_photo_from=earlier)
        earlier.delete()
        row.refresh_from_db()
        assert row.copy_id_photo_from is None


class TestUsedAgain:
    """``get_initial_verification``"""

    def test_the_newest_approval_with_a_photo(self):
        user = UserFactory()
        VerificationFactory(user=user, status="approved", photo_id_key="older")
        newest = VerificationFactory(user=user, status="approved", photo_id_key="newest")
        VerificationFactory(user=user, status="approved")
        assert Verification.get_initial_verification(user) == newest

    @pytest.mark.parametrize("status", ["created", "ready", "submitted", "must_retry", "denied"])
    def test_weakness_w3_only_what_somebody_has_approved(self, status):
        row = VerificationFactory(status=status, photo_id_key="key")
        assert Verification.get_initial_verification(row.user) is None

    def test_weakness_w3_only_what_counts(self):
        row = VerificationFactory(status="approved", photo_id_key="key", expiration_date=in_days(-1))
        assert Verification.get_initial_verification(row.user) is None

    def test_not_from_before_a_date(self):
        row = VerificationFactory(status="approved", photo_id_key="key")
        assert Verification.get_initial_verification(row.user, in_days(1)) is None
        assert Verification.get_initial_verification(row.user, in_days(-1)) == row


class TestRetryConfiguration:
    def test_who_changed_it_cannot_be_deleted(self):
        row = SSPVerificationRetryConfig.objects.create(changed_by=UserFactory())
        with pytest.raises(ProtectedError):
            row.changed_by.delete()
