"""The host's door: the contract's names, arguments and answers."""

import inspect
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import (
    AttemptFactory,
    DeadlineFactory,
    ManualFactory,
    SSOFactory,
    VerificationFactory,
)
from verify_student import api
from verify_student.api import IDVerificationService
from verify_student.models import (
    ManualVerification,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    VerificationAttempt,
    VerificationDeadline,
)

pytestmark = pytest.mark.django_db

CLASS_METHODS = {
    "user_is_verified": ["user"],
    "user_has_valid_or_pending": ["user"],
    "verifications_for_user": ["user"],
    "get_expiration_datetime": ["user", "statuses"],
    "get_verified_user_ids": ["users"],
    "user_status": ["user"],
    "verification_status_for_user": ["user", "enrollment_mode", "user_is_verified"],
    "get_verify_location": ["course_id"],
}
FUNCTIONS = {
    "is_verification_expiring_soon": 1,
    "earliest_allowed_verification_date": 0,
    "active_verifications": ["candidates", "deadline"],
    "verification_for_datetime": ["deadline", "candidates"],
    "most_recent_verification": ["querysets"],
    "auto_verify_for_testing_enabled": ["override"],
    "can_verify_now": 2,
    "submit_request_to_ss": 2,
    "create_verification_attempt": ["user", "name", "status", "expiration_datetime", "hide_status_from_user"],
    "update_verification_attempt": ["attempt_id", "name", "status", "expiration_datetime"],
    "send_approval_email": ["attempt"],
}


@pytest.fixture
def user():
    return UserFactory()


def in_days(days):
    return timezone.now() + timedelta(days=days)


class TestNames:
    @pytest.mark.parametrize(("name", "arguments"), CLASS_METHODS.items())
    def test_questions(self, name, arguments):
        assert list(inspect.signature(getattr(IDVerificationService, name)).parameters) == arguments

    @pytest.mark.parametrize(("name", "arguments"), FUNCTIONS.items())
    def test_functions(self, name, arguments):
        known = list(inspect.signature(getattr(api, name)).parameters)
        assert arguments in (known, len(known))

    def test_refusals(self):
        for refusal in (api.VerificationException, api.VerificationAttemptInvalidStatus, api.InvalidImageData):
            assert issubclass(refusal, Exception)
        assert [status.value for status in api.VerificationAttemptStatus] == [
            "created",
            "pending",
            "approved",
            "denied",
        ]

    def test_everything_that_is_promised_is_there(self):
        assert all(hasattr(api, name) for name in api.__all__)


class TestService:
    def test_a_verified_learner(self, user):
        row = VerificationFactory(user=user, status="approved")
        service = IDVerificationService
        assert service.user_is_verified(user) is True
        assert service.user_has_valid_or_pending(user) is True
        assert service.verifications_for_user(user) == [row]
        assert service.get_expiration_datetime(user, ["approved"]) == row.expiration_date
        assert list(service.get_verified_user_ids([user])) == [user.pk]
        assert service.user_status(user)["status"] == "approved"
        assert service.verification_status_for_user(user, "verified") == "ID Verified"
        assert service.verification_status_for_user(user, "audit") == "N/A"

    def test_a_new_learner(self, user):
        service = IDVerificationService
        assert service.user_is_verified(user) is False
        assert service.user_has_valid_or_pending(user) is False
        assert service.verifications_for_user(user) == []
        assert service.get_expiration_datetime(user, ["approved"]) is None
        assert list(service.get_verified_user_ids([user])) == []
        assert service.user_status(user)["status"] == "none"

    @pytest.mark.parametrize("question", ["user_has_valid_or_pending", "verifications_for_user", "user_status"])
    def test_weakness_w52_one_query_a_table(self, user, question, query_budget):
        for factory in (VerificationFactory, AttemptFactory, ManualFactory, SSOFactory):
            factory.create_batch(3, user=user)
        with query_budget("verify_student.standing"):
            getattr(IDVerificationService, question)(user)

    def test_where_learners_go(self, settings):
        settings.ACCOUNT_MICROFRONTEND_URL = "https://account.example.test"
        assert IDVerificationService.get_verify_location() == "https://account.example.test/id-verification"
        assert IDVerificationService.get_verify_location("a b").endswith("/id-verification?course_id=a%20b")


class TestRules:
    def test_moments(self, settings):
        settings.VERIFY_STUDENT = {"DAYS_GOOD_FOR": 10, "EXPIRING_SOON_WINDOW": 2}
        with time_machine.travel(datetime(2026, 5, 20, tzinfo=UTC), tick=False):
            assert api.earliest_allowed_verification_date() == datetime(2026, 5, 10, tzinfo=UTC)
            assert api.is_verification_expiring_soon(in_days(2.5)) is True
            assert api.is_verification_expiring_soon(in_days(3)) is False
        assert api.is_verification_expiring_soon(None) is False

    def test_candidates(self, user):
        row = VerificationFactory(user=user)
        assert api.active_verifications([row], in_days(1)) == [row]
        assert api.verification_for_datetime(in_days(-1), [row]) is None
        assert api.verification_for_datetime(None, [row]) == row

    def test_weakness_w52_the_most_recent_of_several_tables(self, user, django_assert_num_queries):
        photos = VerificationFactory.create_batch(3, user=user)
        vouched = ManualFactory(user=user)
        photos[1].save()
        kinds = [SoftwareSecurePhotoVerification, ManualVerification, SSOVerification]
        with django_assert_num_queries(3):
            assert api.most_recent_verification([kind.objects.filter(user=user) for kind in kinds]) == photos[1]
        vouched.save()
        assert api.most_recent_verification([kind.objects.filter(user=user) for kind in kinds]) == vouched
        assert api.most_recent_verification([SSOVerification.objects.all()]) is None

    def test_test_mode(self, settings):
        assert api.auto_verify_for_testing_enabled() is False
        assert api.auto_verify_for_testing_enabled(override=True) is True
        settings.FEATURES = {"AUTOMATIC_VERIFY_STUDENT_IDENTITY_FOR_TESTING": True}
        assert api.auto_verify_for_testing_enabled() is True
        assert api.auto_verify_for_testing_enabled(override=False) is False

    def test_weakness_w51_can_verify_is_never_null(self):
        assert api.can_verify_now({"status": "approved"}, None) is False
        assert api.can_verify_now({"status": "approved"}, in_days(3)) is True
        assert api.can_verify_now({"status": "none"}, None) is True

    def test_requests_are_queued_or_wait(self):
        ready, created = VerificationFactory(status="ready"), VerificationFactory(status="must_retry")
        api.submit_request_to_ss(ready)
        api.submit_request_to_ss(created, ready)
        created.refresh_from_db()
        assert (created.status, created.copy_id_photo_from) == ("must_retry", ready)


class TestAttempts:
    def test_made_and_changed(self, user):
        attempt_id = api.create_verification_attempt(user, "On the ID", "created", in_days(9))
        api.update_verification_attempt(attempt_id, status="approved")
        attempt = VerificationAttempt.objects.get(pk=attempt_id)
        assert (attempt.status, attempt.hide_status_from_user) == ("approved", False)
        assert attempt.expiration_datetime is not None
        api.update_verification_attempt(attempt_id, None, None, None)
        attempt.refresh_from_db()
        assert attempt.expiration_datetime is None

    def test_the_learner_is_told(self, user):
        attempt = AttemptFactory(user=user, status="approved", expiration_datetime=datetime(2027, 5, 1, tzinfo=UTC))
        assert api.send_approval_email(attempt) is True
        assert mail.outbox[0].to == [user.email]
        assert "05/01/2027" in mail.outbox[0].body

    def test_mail_that_fails_stops_nobody(self, user, caplog, settings):
        settings.EMAIL_BACKEND = "nowhere.Backend"
        assert api.send_approval_email(AttemptFactory(user=user, expiration_datetime=in_days(9))) is False
        assert "A mail about an approval failed" in caplog.text
        assert user.email not in caplog.text


class TestCourses:
    def test_cards(self, user):
        enrolled = SimpleNamespace(course_id="course-v1:A+B+C", mode="verified")
        assert (
            api.check_verify_status_by_course(user, [enrolled])["course-v1:A+B+C"]["status"] == "verify_need_to_verify"
        )

    def test_publishing(self):
        row = DeadlineFactory(deadline=in_days(5))
        api.course_published(row.course_key, None)
        assert VerificationDeadline.objects.count() == 0

    def test_enrolling_again(self, user):
        row = VerificationFactory(user=user, status="approved", expiration_date=in_days(-40))
        api.rearm_expiry_reminder(user)
        row.refresh_from_db()
        assert row.expiry_email_date is not None


class TestPeople:
    def test_signing_in_and_vouching(self, user):
        assert api.record_sso_login(user, SSOVerification.SAML, "gatech").status == "approved"
        assert api.vouch_for(user, "seen").reason == "seen"

    def test_retiring(self, user, files, committed):
        AttemptFactory(user=user)
        row = VerificationFactory(user=user)
        with committed():
            assert api.retire_learner(user) is True
            assert api.retire_learner(user.pk) is True
        row.refresh_from_db()
        assert (row.name, VerificationAttempt.objects.count()) == ("", 0)
        assert api.retire_learner(UserFactory()) is False


class TestRuntimeService:
    def test_weakness_w49_blocks_get_the_dictionary(self, user):
        assert api.VerificationService().get_status(user.pk) == IDVerificationService.user_status(user)

    def test_an_unknown_user(self):
        with pytest.raises(get_user_model().DoesNotExist):
            api.VerificationService().get_status(4711)

    def test_the_way_back(self):
        assert api.VerificationService().reverify_url() == IDVerificationService.get_verify_location()
