"""The verifications' own methods, as platforms call them."""

from datetime import UTC, datetime

import pytest
from django.db.models import F

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, DeadlineFactory, SSOFactory, VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.exceptions import VerificationException
from verify_student.models import (
    OutboxMessage,
    PhotoVerification,
    SoftwareSecurePhotoVerification,
    SSPVerificationRetryConfig,
    VerificationAttempt,
    VerificationDeadline,
)
from verify_student.signals import LEARNER_SSO_VERIFIED, PHOTO_VERIFICATION_APPROVED
from verify_student.statuses import IDVerificationStatus

pytestmark = pytest.mark.django_db

Verification = SoftwareSecurePhotoVerification
REASONS = '[{"photoIdReasons": ["Not provided"]}]'
DECIDABLE = {"must_retry", "submitted", "approved", "denied"}

# Contract §1.7: the statuses from which a method may be called.
ALLOWED = {
    "upload_face_image": {"created"},
    "upload_photo_id_image": {"created"},
    "mark_ready": {"created"},
    "submit": {"ready", "must_retry", "submitted"},
    "mark_submit": {"ready", "must_retry"},
    "mark_must_retry": {"ready", "must_retry", "submitted"},
    "approve": DECIDABLE,
    "deny": DECIDABLE,
    "system_error": DECIDABLE,
    "download_face_image": DECIDABLE,
    "download_photo_id_image": DECIDABLE,
}
ARGUMENTS = {
    "upload_face_image": [picture()],
    "upload_photo_id_image": [picture()],
    "deny": [REASONS],
    "system_error": ["down"],
}
CALLS = [(name, status) for name in ALLOWED for status in IDVerificationStatus]


@pytest.fixture(autouse=True)
def local_review(settings, files):
    settings.VERIFY_STUDENT = {"PROVIDER": "local"}


def row(status="submitted", **values):
    return VerificationFactory(status=status, **values)


@pytest.mark.parametrize(("name", "status"), CALLS)
def test_guards(name, status):
    verification = row(status)
    call = getattr(verification, name)
    if status in ALLOWED[name]:
        call(*ARGUMENTS.get(name, []))
        return
    with pytest.raises(VerificationException):
        call(*ARGUMENTS.get(name, []))
    assert Verification.objects.get().status == status


class TestHandingIn:
    def test_step_by_step(self):
        verification = Verification(user=UserFactory(first_name="Amal", last_name="Haddad"))
        verification.upload_face_image(picture())
        verification.upload_photo_id_image(picture())
        verification.mark_ready()
        assert (verification.status, verification.name) == ("ready", "Amal Haddad")
        assert verification.submit() is None
        assert OutboxMessage.objects.filter(kind="provider.submit").count() == 1
        verification.mark_submit()
        assert verification.submitted_at is not None
        assert verification.download_face_image().startswith(b"\xff\xd8")
        assert verification.download_photo_id_image()

    def test_a_preset_name_is_kept(self):
        verification = Verification(user=UserFactory(), name="As on the ID")
        verification.mark_ready()
        assert Verification.objects.get().name == "As on the ID"
        later = VerificationFactory(name="")
        later.name = "Given later"
        later.mark_ready()
        assert Verification.objects.get(pk=later.pk).name == "Given later"

    def test_test_mode(self, settings):
        settings.FEATURES = {"AUTOMATIC_VERIFY_STUDENT_IDENTITY_FOR_TESTING": True}
        verification = Verification(user=UserFactory())
        verification.upload_face_image(b"x")
        verification.upload_photo_id_image(b"x")
        verification.mark_ready()
        answer = verification.submit()
        assert (answer.status_code, verification.status) == (200, "submitted")

    def test_an_id_photo_is_used_again(self):
        earlier = row("approved")
        verification = row("ready")
        verification.submit(copy_id_photo_from=earlier)
        assert verification.copy_id_photo_from == earlier

    def test_a_photo_that_is_gone(self):
        assert row().download_face_image() is None

    def test_weakness_w20_no_text_keeps_what_is_known(self):
        verification = row("submitted", error_msg="known")
        verification.mark_must_retry()
        assert (verification.status, verification.error_msg) == ("must_retry", "known")
        verification.mark_must_retry("other")
        assert verification.error_msg == "known"

    def test_a_reason_to_try_again(self):
        verification = row("ready")
        verification.mark_must_retry("not reached")
        assert Verification.objects.get().error_msg == "not reached"


class TestDeciding:
    def test_approval(self, committed):
        told = []

        def listener(sender, user, **kwargs):
            told.append((sender, user))

        verification = row("denied", error_msg=REASONS, error_code="x", expiration_date=None)
        PHOTO_VERIFICATION_APPROVED.connect(listener)
        try:
            with committed():
                verification.approve(service="desk")
                verification.approve(service="again")
        finally:
            PHOTO_VERIFICATION_APPROVED.disconnect(listener)
        assert (verification.status, verification.error_msg, verification.error_code) == ("approved", "", "")
        assert (verification.reviewing_service, told) == ("desk", [(PhotoVerification, verification.user)])
        assert verification.expiration_date is not None

    def test_weakness_w60_a_reviewer_as_a_row_or_an_id(self):
        reviewer = UserFactory()
        for given in (reviewer, reviewer.pk):
            verification = row()
            verification.approve(user_id=given)
            assert verification.reviewing_user == reviewer

    def test_denial_and_back(self):
        reviewer = UserFactory()
        verification = row("approved")
        verification.deny(REASONS, "code", reviewer, "desk")
        assert (verification.status, verification.error_code) == ("denied", "code")
        assert (verification.reviewing_user, verification.reviewing_service) == (reviewer, "desk")
        assert verification.parsed_error_msg() == ["id_image_missing"]
        verification.deny("other")
        assert (Verification.objects.get().error_msg, verification.parsed_error_msg()) == ("other", [])
        verification.approve()
        assert verification.status == "approved"

    def test_a_failure_of_the_providers_system(self):
        reviewer = UserFactory()
        verification = row("submitted")
        verification.system_error("down", "503", reviewer, "vendor")
        assert (verification.status, verification.error_msg, verification.error_code) == ("must_retry", "down", "503")
        assert (verification.reviewing_user, verification.reviewing_service) == (reviewer, "vendor")

    @pytest.mark.parametrize("status", ["approved", "denied"])
    def test_a_failure_changes_no_decision(self, status):
        verification = row(status, error_msg="kept")
        verification.system_error("down", reviewing_user=UserFactory())
        assert (verification.status, verification.error_msg, verification.reviewing_user) == (status, "kept", None)

    def test_what_the_database_says_counts_in_the_end(self):
        verification = row("submitted")
        stale = Verification.objects.get()
        verification.approve()
        stale.mark_must_retry("too late")
        assert (stale.status, stale.error_msg) == ("approved", "")


class TestOtherTables:
    def test_retiring(self):
        verification, attempt = row(), AttemptFactory()
        assert Verification.retire_user(verification.user_id) is True
        assert Verification.retire_user(4711) is False
        assert Verification.objects.get().name == ""
        assert VerificationAttempt.retire_user(attempt.user_id) is True
        assert VerificationAttempt.objects.count() == 0

    def test_reminders(self):
        verification = row("approved", expiration_date=datetime(2026, 1, 1, tzinfo=UTC))
        config = {"RESEND_DAYS": 15, "DAYS_RANGE": 1, "DEFAULT_EMAILS": 2}
        Verification.update_expiry_email_date_for_user(verification.user, config)
        verification.refresh_from_db()
        assert verification.expiry_email_date is not None

    def test_deadlines(self):
        due = datetime(2027, 1, 1, tzinfo=UTC)
        known = DeadlineFactory(deadline=due)
        VerificationDeadline.set_deadline("course-v1:A+B+C", due, is_explicit=True)
        assert VerificationDeadline.objects.get(course_key="course-v1:A+B+C").deadline_is_explicit
        assert VerificationDeadline.deadline_for_course(known.course_key) == due
        enrolled = VerificationDeadline.objects.filter(pk=known.pk).annotate(course_id=F("course_key"))
        assert VerificationDeadline.deadlines_for_enrollments(enrolled) == {known.course_key: due}
        VerificationDeadline.set_deadline("course-v1:A+B+C", None)
        assert VerificationDeadline.deadline_for_course("course-v1:A+B+C") is None

    def test_retry_configuration(self):
        assert SSPVerificationRetryConfig.current().enabled is False

    def test_single_sign_on_is_announced(self, committed):
        told = []

        def listener(sender, user, **kwargs):
            told.append((sender, user))

        verification = SSOFactory()
        LEARNER_SSO_VERIFIED.connect(listener)
        try:
            with committed():
                verification.send_approval_signal("back-fill")
        finally:
            LEARNER_SSO_VERIFIED.disconnect(listener)
        assert told == [(PhotoVerification, verification.user)]
