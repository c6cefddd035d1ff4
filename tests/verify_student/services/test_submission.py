"""From photos to the provider's desk."""

import json
from datetime import timedelta
from errno import ENOSPC

import pytest
import responses
import time_machine
from django.db import IntegrityError, connection
from django.utils import timezone

from proctoring.common.outbox import OutboxState
from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.exceptions import ProviderUnavailable, VerificationException, VerificationPending
from verify_student.models import OutboxMessage, PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import delivery, photos, submission, verifications
from verify_student.statuses import Actor

pytestmark = pytest.mark.django_db
Verification = SoftwareSecurePhotoVerification
VENDOR = "https://vendor.test/verify"


@pytest.fixture
def photo():
    return photos.decode_file(picture())


@pytest.fixture
def vendor(vendor_settings, files):
    secrets = {"API_ACCESS_KEY": "access", "API_SECRET_KEY": "secret"}
    vendor_settings.VERIFY_STUDENT["SOFTWARE_SECURE"].update(secrets)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def local(settings, files):
    settings.VERIFY_STUDENT = {"PROVIDER": "local"}
    return files


def stored(files):
    return [name for folder in files.listdir("")[0] for name in files.listdir(folder)[1]]


def deliver():
    return delivery.courier.do_due()


def submit(photo, user=None, **arguments):
    return submission.submit(user or UserFactory(), face=photo, photo_id=photo, **arguments)


class TestHandingIn:
    def test_to_our_own_staff(self, local, photo):
        verification = submit(photo, full_name="As on the ID")
        assert (verification.status, verification.name, verification.provider) == ("ready", "As on the ID", "local")
        assert verification.is_under_way
        deliver()
        verification.refresh_from_db()
        assert (verification.status, StoredPhoto.objects.count()) == ("submitted", 2)

    def test_the_name_is_the_profiles_where_none_is_given(self, local, photo):
        user = UserFactory(first_name="Amal", last_name="Haddad")
        assert submit(photo, user).name == "Amal Haddad"

    def test_a_profile_whose_name_no_column_holds(self, local, photo, host):
        user = UserFactory()
        host.profiles.names[user.pk] = "x" * 300
        assert submit(photo, user).name == "x" * 255

    def test_to_the_vendor(self, vendor, photo, settings):
        vendor.post(VENDOR, status=200)
        settings.SITE_NAME = "lms.example.test"
        verification = submit(photo)
        deliver()
        verification.refresh_from_db()
        assert verification.status == "submitted"
        request = vendor.calls[0].request
        body = json.loads(request.body)
        assert sorted(body) == [
            "EdX-ID", "ExpectedName", "PhotoID", "PhotoIDKey", "SendResponseTo", "UserPhoto", "UserPhotoKey",
        ]  # fmt: skip
        assert body["EdX-ID"] == verification.receipt_id
        assert body["PhotoIDKey"] == verification.photo_id_key
        assert body["UserPhoto"] == f"https://files.test/face/{verification.receipt_id}"
        assert body["PhotoID"] == f"https://files.test/photo_id/{verification.receipt_id}"
        assert body["SendResponseTo"].endswith("/verify_student/results_callback")
        assert request.headers["Authorization"].startswith("SSI access:")
        assert request.headers["Date"].endswith(" GMT")

    def test_one_mail_of_confirmation(self, local, photo):
        submit(photo)
        assert OutboxMessage.objects.filter(kind="mail.submitted").count() == 1

    def test_photos_that_cannot_be_kept(self, local, photo, monkeypatch, caplog):
        save, names = type(local).save, []

        def once(self, name, content, max_length=None):
            names.append(name)
            return save(self, name, content, max_length) if len(names) == 1 else {}["secret of the storage"]

        monkeypatch.setattr(type(local), "save", once)
        with pytest.raises(ProviderUnavailable):
            submit(photo)
        assert (len(names), stored(local), Verification.objects.count()) == (2, [], 0)
        assert "secret" not in caplog.text

    def test_a_disk_that_is_full_half_way_through_a_photo(self, local, photo, monkeypatch):
        save, names = type(local).save, []

        def half(self, name, content, max_length=None):
            names.append(name)
            saved = save(self, name, content, max_length)
            if len(names) == 2:
                raise OSError(ENOSPC, "No space left on device")
            return saved

        monkeypatch.setattr(type(local), "save", half)
        with pytest.raises(ProviderUnavailable):
            submit(photo)
        assert (len(names), stored(local), OutboxMessage.objects.count()) == (2, [], 0)

    def test_a_process_that_dies_before_the_rows_are_there(self, local, photo, host, monkeypatch):
        def dies(*arguments, **fields):
            raise SystemExit

        with time_machine.travel(timezone.now(), tick=False) as clock:
            with monkeypatch.context() as patch:
                patch.setattr(type(local), "delete", dies)
                patch.setattr(host.profiles, "get_full_name", dies)
                with pytest.raises(SystemExit):
                    submit(photo)
            assert len(stored(local)) == 2
            deliver()
            assert len(stored(local)) == 2
            clock.shift(timedelta(hours=1))
            deliver()
        assert (stored(local), OutboxMessage.objects.get().state) == ([], "done")

    def test_a_vendor_whose_keys_are_missing(self, vendor_settings, files, photo):
        vendor = vendor_settings.VERIFY_STUDENT["SOFTWARE_SECURE"] | {"FACE_IMAGE_AES_KEY": ""}
        vendor_settings.VERIFY_STUDENT = {"SOFTWARE_SECURE": vendor}
        with pytest.raises(ProviderUnavailable):
            submit(photo)
        assert stored(files) == []

    def test_without_any_id_photo(self, local, photo):
        with pytest.raises(VerificationException):
            submission.submit(UserFactory(), face=photo, photo_id=None)
        assert stored(local) == []

    def test_a_provider_that_is_not_there(self, settings, files, photo):
        settings.VERIFY_STUDENT = {"PROVIDER": "nobody"}
        with pytest.raises(ProviderUnavailable):
            submit(photo)

    def test_in_test_mode_nothing_is_kept_and_nobody_asked(self, local, photo, settings):
        settings.FEATURES = {"AUTOMATIC_VERIFY_STUDENT_IDENTITY_FOR_TESTING": True}
        verification = submit(photo)
        assert (verification.status, verification.photo_id_key) == ("submitted", "fake-photo-id-key")
        assert stored(local) == []

    def test_weakness_w12_w13_nothing_is_left_of_what_failed(self, local, photo, monkeypatch):
        gone = UserFactory()
        type(gone).objects.filter(pk=gone.pk).delete()
        with pytest.raises((IntegrityError, type(gone).DoesNotExist)):
            submit(photo, gone)
        assert (stored(local), Verification.objects.count(), OutboxMessage.objects.count()) == ([], 0, 0)


class TestTwice:
    def test_weakness_w16_a_second_click_is_the_same_submission(self, local, photo):
        user = UserFactory()
        first, second = submit(photo, user), submit(photo, user)
        assert first == second
        assert Verification.objects.count() == 1
        assert OutboxMessage.objects.filter(kind="provider.submit").count() == 1
        assert len(stored(local)) == 2

    @pytest.mark.parametrize(
        "decide", [verifications.approve, lambda pk, actor: verifications.deny(pk, "[]", actor=actor)]
    )
    def test_weakness_w16_a_second_click_after_a_quick_decision(self, local, photo, decide):
        first = submit(photo)
        deliver()
        decide(first.pk, actor=Actor.PROVIDER)
        assert submit(photo, first.user) == first
        assert (Verification.objects.count(), len(stored(local))) == (1, 2)

    def test_after_a_decision_something_else_is_a_new_submission(self, local, photo):
        first = submit(photo)
        deliver()
        verifications.deny(first.pk, "[]", actor=Actor.PROVIDER)
        other = photos.decode_file(picture(size=(80, 80)))
        assert submit(other, first.user) != first
        with time_machine.travel(timezone.now() + timedelta(hours=1)), pytest.raises(VerificationPending):
            submit(photo, first.user)

    @pytest.mark.parametrize("change", [{"face": "other"}, {"photo_id": "other"}, {"full_name": "Another Name"}])
    def test_weakness_w16_something_else_is_not_taken_for_a_second_click(self, local, photo, change):
        other = photos.decode_file(picture(size=(80, 80)))
        user = submit(photo, full_name="Amal").user
        again = {"face": photo, "photo_id": photo, "full_name": "Amal"} | change
        with pytest.raises(VerificationPending):
            submission.submit(user, **{name: other if value == "other" else value for name, value in again.items()})
        assert (Verification.objects.count(), len(stored(local))) == (1, 2)

    def test_weakness_w16_what_was_begun_later_hides_nothing(self, local, photo):
        user = submit(photo).user
        deliver()
        VerificationFactory(user=user)
        with time_machine.travel(timezone.now() + timedelta(hours=1)), pytest.raises(VerificationPending):
            submit(photo, user)

    def test_what_nobody_ever_answered_keeps_nobody_out(self, local, photo):
        user = submit(photo).user
        deliver()
        with time_machine.travel(timezone.now() + timedelta(days=366)):
            assert submit(photo, user).status == "ready"

    def test_while_one_is_under_way_there_is_no_other(self, local, photo):
        user = UserFactory()
        submit(photo, user)
        deliver()
        with time_machine.travel(timezone.now() + timedelta(hours=1)), pytest.raises(VerificationPending):
            submit(photo, user)

    @pytest.mark.parametrize("status", ["approved", "denied", "must_retry", "created"])
    def test_after_that_there_may_be(self, local, photo, status):
        user = VerificationFactory(status=status).user
        assert submit(photo, user).status == "ready"


class TestReuse:
    @pytest.fixture
    def approved(self, vendor, photo):
        vendor.post(VENDOR, status=200)
        verification = submit(photo)
        deliver()
        verifications.approve(verification.pk, actor=Actor.PROVIDER)
        return verification

    def test_weakness_w1_w2_the_earlier_id_photo_with_the_new_face(self, approved, vendor, photo):
        again = submission.submit(approved.user, face=photo, photo_id=None)
        deliver()
        first, second = (json.loads(call.request.body) for call in vendor.calls)
        assert again.copy_id_photo_from == approved
        assert (first["PhotoID"], first["PhotoIDKey"]) == (second["PhotoID"], second["PhotoIDKey"])
        assert first["UserPhoto"] != second["UserPhoto"]

    def test_a_new_id_photo_has_a_key_of_its_own(self, approved, vendor, photo):
        submit(photos.decode_file(picture(size=(80, 80))), approved.user)
        deliver()
        first, second = (json.loads(call.request.body) for call in vendor.calls)
        assert first["PhotoIDKey"] != second["PhotoIDKey"]

    def test_our_own_staff_see_the_earlier_id_photo_too(self, local, photo):
        earlier = submit(photo)
        deliver()
        verifications.approve(earlier.pk, actor=Actor.STAFF)
        again = submission.submit(earlier.user, face=photo, photo_id=None)
        assert again.copy_id_photo_from == earlier
        assert photos.read(again, PhotoKind.PHOTO_ID, by=None, purpose="review") == photo

    def test_the_vendor_cannot_use_what_it_never_had(self, approved, photo, vendor_settings):
        Verification.objects.filter(pk=approved.pk).update(photo_id_key="")
        assert submission.earlier_id_photo(approved.user) is None

    @pytest.mark.parametrize("status", ["submitted", "denied"])
    def test_weakness_w3_only_what_was_approved_is_used_again(self, vendor, photo, status):
        earlier = VerificationFactory(status=status, photo_id_key="key", created_at=timezone.now())
        assert Verification.get_initial_verification(earlier.user) is None

    def test_weakness_w3_what_has_expired_is_not(self, approved):
        Verification.objects.filter(pk=approved.pk).update(expiration_date=timezone.now() - timedelta(days=1))
        assert Verification.get_initial_verification(approved.user) is None


class TestDelivery:
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
    def test_weakness_w20_a_refusal_waits_without_the_vendors_page(self, vendor, photo, status):
        vendor.post(VENDOR, status=status, body="<html>secret page")
        verification = submit(photo)
        deliver()
        verification.refresh_from_db()
        assert verification.status == "must_retry"
        assert "secret" not in verification.error_msg

    @pytest.mark.parametrize("answer", [{"status": 500}, {"status": 503}, {"status": 302}, {"body": ConnectionError()}])
    def test_weakness_w19_what_may_pass_is_tried_again(self, vendor, photo, answer):
        vendor.post(VENDOR, **answer)
        verification = submit(photo)
        deliver()
        verification.refresh_from_db()
        assert (verification.status, verification.is_under_way) == ("ready", True)
        vendor.reset()
        vendor.post(VENDOR, status=200)
        with time_machine.travel(timezone.now() + timedelta(hours=2)):
            deliver()
        verification.refresh_from_db()
        assert verification.status == "submitted"

    def test_after_a_day_it_waits_for_an_operator(self, vendor, photo):
        vendor.post(VENDOR, status=500)
        verification = submit(photo)
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            deliver()
        verification.refresh_from_db()
        message = OutboxMessage.objects.get(kind="provider.submit")
        assert (verification.status, message.state) == ("must_retry", OutboxState.DEAD)

    def test_a_learner_who_went_meanwhile_stops_nobody(self, vendor, photo, settings):
        settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"OUTBOX_MAX_AGE_HOURS": 0}
        gone, waiting = submit(photo), submit(photo)

        def going(request):
            if json.loads(request.body)["EdX-ID"] == gone.receipt_id:
                Verification.objects.filter(pk=gone.pk).delete()
                return 500, {}, ""
            return 200, {}, ""

        vendor.add_callback(responses.POST, VENDOR, going)
        deliver()
        waiting.refresh_from_db()
        assert waiting.status == "submitted"

    def test_weakness_w8_two_requests_for_one_review(self, vendor, photo):
        vendor.post(VENDOR, status=200)
        verification = submit(photo)
        submission.resubmit(verification.pk)
        assert OutboxMessage.objects.filter(kind=submission.SUBMIT).count() == 2
        deliver()
        assert len(vendor.calls) == 1

    def test_weakness_w10_a_queue_that_was_lost_loses_nothing(self, vendor, photo):
        vendor.post(VENDOR, status=200)
        verification = submit(photo)
        # No task ran: the schedule finds the message.
        assert deliver() >= 1
        verification.refresh_from_db()
        assert verification.status == "submitted"

    def test_what_was_decided_meanwhile_is_not_asked_for(self, vendor, photo):
        verification = submit(photo)
        verifications.approve(verification.pk, actor=Actor.PROVIDER)
        deliver()
        assert len(vendor.calls) == 0

    def test_no_call_within_a_transaction(self, vendor, photo):
        inside = []
        vendor.add_callback(
            responses.POST, VENDOR, lambda request: (inside.append(connection.savepoint_ids[:]), (200, {}, ""))[1]
        )
        submit(photo)
        deliver()
        assert inside == [[]]


class TestResubmission:
    def test_weakness_w4_asks_again(self, vendor, photo):
        vendor.post(VENDOR, status=200)
        verification = submit(photo)
        deliver()
        submission.resubmit(verification.pk)
        deliver()
        verification.refresh_from_db()
        assert (verification.status, len(vendor.calls)) == ("submitted", 2)

    def test_weakness_w8_not_of_who_has_handed_in_anew(self):
        older = VerificationFactory(status="must_retry")
        VerificationFactory(status="submitted", user=older.user)
        with pytest.raises(VerificationException):
            submission.resubmit(older.pk)

    @pytest.mark.parametrize("status", ["created", "approved", "denied"])
    def test_weakness_w5_not_for_what_is_decided(self, status):
        with pytest.raises(VerificationException):
            submission.resubmit(VerificationFactory(status=status).pk)
