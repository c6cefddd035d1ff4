"""The words of contract §5.2, row by row."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory, VerificationFactory
from verify_student.services import user_status
from verify_student.services.verifications import denial_reasons

pytestmark = pytest.mark.django_db

START = {"status": "none", "error": "", "should_display": True, "status_date": "", "verification_expiry": ""}


@pytest.fixture
def user():
    return UserFactory()


def in_days(days):
    return timezone.now() + timedelta(days=days)


def made(factory, days_ago, **values):
    with time_machine.travel(in_days(-days_ago), tick=False):
        return factory(**values)


def ended(user, factory=VerificationFactory):
    return made(factory, 400, user=user, status="approved")


def status(user):
    return user_status.of_user(user)["status"]


class TestEachRow:
    def test_nothing(self, user):
        assert user_status.of_user(user) == START

    def test_approved(self, user):
        row = VerificationFactory(user=user, status="approved")
        assert user_status.of_user(user) == START | {"status": "approved", "status_date": row.status_changed}

    def test_approved_and_ending_soon(self, user):
        VerificationFactory(user=user, status="approved", expiration_date=datetime(2027, 1, 9, 12, tzinfo=UTC))
        with time_machine.travel(datetime(2026, 12, 25, tzinfo=UTC)):
            assert user_status.of_user(user)["verification_expiry"] == "01/09/2027"

    def test_expired(self, user, settings):
        settings.PLATFORM_NAME = "Example Academy"
        ended(user)
        told = user_status.of_user(user)
        assert told == START | {"status": "expired", "error": told["error"]}
        assert "Example Academy" in told["error"]

    @pytest.mark.parametrize("factory", [SSOFactory, ManualFactory])
    def test_expired_and_hidden(self, user, factory):
        ended(user, factory)
        assert user_status.of_user(user) == START | {"should_display": False}

    def test_denied_with_reasons(self, user):
        reasons = '[{"photoIdReasons": ["Not provided"]}]'
        VerificationFactory(user=user, status="denied", error_msg=reasons)
        assert user_status.of_user(user) == START | {"status": "must_reverify", "error": ["id_image_missing"]}

    def test_denied_by_our_own_staff(self, user):
        VerificationFactory(user=user, status="denied", error_msg=denial_reasons("name_mismatch"))
        assert user_status.of_user(user)["error"] == ["name_mismatch"]

    def test_denied_without_reasons(self, user):
        VerificationFactory(user=user, status="denied")
        assert user_status.of_user(user) == START | {"status": "must_reverify"}

    @pytest.mark.parametrize("waiting", ["submitted", "must_retry"])
    def test_pending(self, user, waiting):
        VerificationFactory(user=user, status=waiting)
        assert user_status.of_user(user) == START | {"status": "pending"}

    @pytest.mark.parametrize("begun", ["created", "ready"])
    def test_begun(self, user, begun):
        VerificationFactory(user=user, status=begun)
        assert user_status.of_user(user) == START

    def test_weakness_w9_photos_on_their_way_are_pending(self, user):
        VerificationFactory(user=user, status="ready", queued_at=timezone.now())
        assert status(user) == "pending"


class TestAttemptsOfPlugins:
    @pytest.mark.parametrize(
        ("stored", "told"), [("created", "none"), ("approved", "approved"), ("denied", "must_reverify")]
    )
    def test_statuses(self, user, stored, told):
        AttemptFactory(user=user, status=stored)
        assert status(user) == told

    def test_weakness_w41_pending(self, user):
        AttemptFactory(user=user, status="pending")
        assert user_status.of_user(user) == START | {"status": "pending"}

    def test_weakness_w42_an_approval_without_an_end_never_expires_soon(self, user):
        AttemptFactory(user=user, status="approved")
        told = user_status.of_user(user)
        assert (told["status"], told["verification_expiry"]) == ("approved", "")

    def test_weakness_w47_a_hidden_denial_still_says_so(self, user):
        AttemptFactory(user=user, status="denied", hide_status_from_user=True)
        assert user_status.of_user(user) == START | {"status": "must_reverify", "should_display": False}

    def test_expired(self, user):
        AttemptFactory(user=user, status="approved", expiration_datetime=in_days(-1))
        assert status(user) == "expired"


class TestSeveral:
    @pytest.mark.parametrize("newer", ["denied", "submitted", "created"])
    def test_something_newer_does_not_hide_an_approval_that_counts(self, user, newer):
        made(VerificationFactory, 9, user=user, status="approved")
        VerificationFactory(user=user, status=newer)
        assert status(user) == "approved"

    @pytest.mark.parametrize(
        ("newer", "told"),
        [
            ("submitted", "pending"),
            ("must_retry", "pending"),
            ("created", "none"),
            ("ready", "none"),
            ("denied", "must_reverify"),
            ("approved", "approved"),
        ],
    )
    def test_once_it_has_ended_the_newer_one_decides(self, user, newer, told):
        ended(user)
        VerificationFactory(user=user, status=newer)
        assert status(user) == told

    @pytest.mark.parametrize("factory", [SSOFactory, ManualFactory])
    def test_one_that_counts_longer_overrides_photos_and_hides(self, user, factory):
        VerificationFactory(user=user, status="approved", expiration_date=in_days(5))
        factory(user=user)
        told = user_status.of_user(user)
        assert (told["status"], told["should_display"], told["verification_expiry"]) == ("approved", False, "")

    def test_weakness_w40_an_abandoned_attempt_does_not_hide_newer_photos(self, user):
        made(AttemptFactory, 3, user=user)
        VerificationFactory(user=user, status="submitted")
        assert status(user) == "pending"

    def test_expired_photos_speak_before_an_expired_sign_on(self, user):
        made(SSOFactory, 370, user=user)
        ended(user)
        assert status(user) == "expired"


class TestCanVerify:
    @pytest.mark.parametrize("told", ["none", "must_reverify", "expired", "pending"])
    def test_whoever_is_not_verified(self, told):
        assert user_status.can_verify(told, None) is True

    @pytest.mark.parametrize(("days", "may"), [(5, True), (100, False)])
    def test_whoever_is_not_verified_for_long(self, days, may):
        assert user_status.can_verify("approved", in_days(days)) is may

    def test_weakness_w51_is_never_null(self):
        assert user_status.can_verify("approved", None) is False


class TestInReports:
    def test_other_modes(self, user):
        assert user_status.in_reports(user, "audit") == "N/A"

    @pytest.mark.parametrize("mode", sorted(user_status.VERIFIED_MODES))
    def test_verified_modes(self, user, mode):
        assert user_status.in_reports(user, mode) == "Not ID Verified"
        ManualFactory(user=user)
        assert user_status.in_reports(user, mode) == "ID Verified"

    def test_a_known_answer_spares_the_query(self, user, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert user_status.in_reports(user, "verified", True) == "ID Verified"
            assert user_status.in_reports(user, "verified", False) == "Not ID Verified"
