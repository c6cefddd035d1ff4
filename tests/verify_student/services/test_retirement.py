"""What goes when a learner goes."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_delete
from django.utils import timezone, translation

from proctoring.common.inbox import Envelope, store
from tests.factories import UserFactory
from tests.verify_student.custody import kept, kept_for_vendor
from tests.verify_student.factories import AttemptFactory, ManualFactory, SSOFactory, VerificationFactory
from verify_student.conf import config
from verify_student.models import (
    InboxDelivery,
    ManualVerification,
    OutboxMessage,
    StaffAction,
    StoredPhoto,
    VerificationAttempt,
)
from verify_student.services import consequences, delivery, outbox, retention, retirement

pytestmark = pytest.mark.django_db

REASONS = {"error_msg": '[{"generalReasons": ["Amal Haddad looks different"]}]', "error_code": "text of the vendor"}


@pytest.fixture
def user():
    return UserFactory()


def file_names(files):
    return [name for folder in files.listdir("")[0] for name in files.listdir(folder)[1]]


def blanks(row):
    row.refresh_from_db()
    return {getattr(row, name) for name in retention.BLANK}


class TestPhotos:
    def test_columns_are_blanked_without_a_trace_of_a_change(self, user, files):
        row = VerificationFactory(
            user=user,
            status="denied",
            photo_id_key="key",
            face_image_url="https://a.test",
            photo_id_image_url="https://b",
        )
        updated_at, status = row.updated_at, row.status
        assert retirement.retire_photos(user.pk) is True
        assert blanks(row) == {""}
        assert (row.updated_at, row.status) == (updated_at, status)

    def test_other_learners_keep_theirs(self, user, files, committed):
        other = kept(VerificationFactory())
        with committed():
            assert retirement.retire_photos(user.pk) is False
        other.refresh_from_db()
        assert (other.name, len(file_names(files))) == ("Amal Haddad", 2)

    def test_may_be_done_again_and_for_nobody(self, user, files, committed):
        kept(VerificationFactory(user=user))
        for _ in range(2):
            with committed():
                assert retirement.retire_photos(user.pk) is True
        assert retirement.retire_photos(4711) is False

    def test_weakness_w75_error_texts_go(self, user, files):
        row = VerificationFactory(user=user, status="denied", **REASONS)
        retirement.retire_photos(user.pk)
        assert blanks(row) == {""}

    def test_weakness_w75_photos_go_after_the_commit(self, user, vendor_settings, files, committed):
        row = kept_for_vendor(VerificationFactory(user=user, status="approved"))
        with committed():
            retirement.retire_photos(user.pk)
            assert len(file_names(files)) == 4
        assert file_names(files) == []
        assert StoredPhoto.objects.filter(verification=row, deleted_at=None).count() == 0

    def test_weakness_w75_the_vendors_receipt_leads_nowhere(self, user, files, committed):
        row = kept(VerificationFactory(user=user))
        known = row.receipt_id
        with committed():
            retirement.retire_photos(user.pk)
        row.refresh_from_db()
        assert row.receipt_id != known

    def test_a_photo_that_could_not_be_deleted_is_found_again(self, user, files, committed, monkeypatch):
        row = kept(VerificationFactory(user=user))
        known = row.receipt_id
        with monkeypatch.context() as broken, committed():
            broken.setattr(type(files), "delete", lambda self, name: {}["storage is down"])
            retirement.retire_photos(user.pk)
        row.refresh_from_db()
        assert row.receipt_id == known
        # Nobody has to retire the learner again.
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            delivery.courier.do_due()
        row.refresh_from_db()
        assert (file_names(files), row.receipt_id == known) == ([], False)

    def test_rows_of_old_releases_keep_their_receipt(self, user, files, committed):
        row = VerificationFactory(user=user)
        known = row.receipt_id
        with committed():
            retirement.retire_photos(user.pk)
        row.refresh_from_db()
        assert row.receipt_id == known


class TestMessages:
    def test_nothing_is_sent_for_the_learner_any_more(self, user, files):
        row, other = VerificationFactory(user=user, provider="local"), VerificationFactory()
        for verification in (row, other):
            outbox.write(
                [
                    consequences.update_of(verification),
                    outbox.mail("mail.approved", verification.pk),
                    outbox.call("provider.submit", "local", verification.pk),
                ]
            )
        retirement.retire_photos(user.pk)
        assert {message.payload.get("verification_id") for message in OutboxMessage.objects.all()} == {other.pk, None}

    def test_what_a_provider_said_is_emptied(self, user, files):
        row = VerificationFactory(user=user)
        envelope = Envelope(source="software_secure", kind="result", subject=row.receipt_id, body=b"Amal Haddad")
        delivery = store(InboxDelivery, envelope, config.keyring)
        retirement.retire_photos(user.pk)
        delivery.refresh_from_db()
        assert delivery.opened(config.keyring) == b""


class TestOtherKinds:
    def test_attempts_of_plug_ins_are_deleted_one_by_one(self, user):
        deleted = []

        def listener(instance, **kwargs):
            deleted.append(instance.name)

        other = AttemptFactory()
        AttemptFactory(user=user, name="One")
        AttemptFactory(user=user, name="Two")
        post_delete.connect(listener, sender=VerificationAttempt)
        try:
            assert retirement.misc(user.pk) is True
        finally:
            post_delete.disconnect(listener, sender=VerificationAttempt)
        assert sorted(deleted) == ["One", "Two"]
        assert list(VerificationAttempt.objects.all()) == [other]
        assert retirement.misc(user.pk) is False

    def test_weakness_w75_names_of_single_sign_on_go(self, user, files):
        row, other = SSOFactory(user=user), SSOFactory()
        assert retirement.critical(user.pk) is True
        row.refresh_from_db()
        other.refresh_from_db()
        assert (row.name, row.status, other.name) == ("", "approved", "Amal Haddad")

    def test_staffs_word_is_kept_by_default(self, user, files):
        ManualFactory(user=user)
        assert retirement.critical(user.pk) is False
        assert ManualVerification.objects.count() == 1

    def test_staffs_word_goes_where_the_site_says_so(self, user, files, settings):
        settings.REDACT_MANUAL_VERIFICATION_HISTORICAL_PII = True
        ManualFactory(user=user)
        other = ManualFactory()
        assert retirement.critical(user.pk) is True
        assert list(ManualVerification.objects.values_list("pk", "name")) == [(other.pk, "Amal Haddad")]
        assert retirement.critical(user.pk) is False

    def test_why_staff_vouched_goes_with_it(self, user, files, settings):
        settings.REDACT_MANUAL_VERIFICATION_HISTORICAL_PII = True
        row = ManualFactory(user=user)
        action = StaffAction.objects.create(verb="take-back", ids=[row.pk], reason="Amal came by")
        retirement.critical(user.pk)
        action.refresh_from_db()
        assert action.reason == ""

    def test_the_name_goes_from_the_admins_log_too(self, user, files):
        row, other = ManualFactory(user=user), ManualFactory()
        kind = ContentType.objects.get_for_model(ManualVerification)
        for one in (row, other):
            LogEntry.objects.create(
                user=UserFactory(), content_type=kind, object_id=one.pk, object_repr=str(one), action_flag=CHANGE
            )
        with translation.override("de"):
            assert retirement.critical(user.pk) is True
        assert retirement.critical(user.pk) is False
        called = dict(LogEntry.objects.values_list("object_id", "object_repr"))
        assert called == {str(row.pk): f"manualverification {row.pk}", str(other.pk): str(other)}
