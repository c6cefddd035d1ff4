"""Handing in one step at a time."""

import pytest

from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.exceptions import InvalidImageData, VerificationException
from verify_student.models import OutboxMessage, PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import handing_in, photos
from verify_student.services.submission import SUBMIT, TEST_KEY

pytestmark = pytest.mark.django_db

Verification = SoftwareSecurePhotoVerification


@pytest.fixture
def testing(settings):
    settings.FEATURES = {"AUTOMATIC_VERIFY_STUDENT_IDENTITY_FOR_TESTING": True}


def unsaved():
    return Verification(user=UserFactory(), name="Amal Haddad")


def file_names(files):
    return [name for folder in files.listdir("")[0] for name in files.listdir(folder)[1]]


def requests():
    return list(OutboxMessage.objects.filter(kind=SUBMIT).values_list("payload", flat=True))


class TestTakingPhotos:
    def test_weakness_w13_a_row_says_whose_each_photo_is(self, files):
        verification = unsaved()
        handing_in.take_face(verification, picture())
        assert list(StoredPhoto.objects.values_list("verification", "kind")) == [(verification.pk, "face")]
        handing_in.take_photo_id(verification, picture())
        assert photos.read(verification, PhotoKind.PHOTO_ID, by=None, purpose="test").content
        assert (Verification.objects.get().provider, verification.photo_id_key) == ("local", "")

    def test_copies_for_a_provider_that_wants_them(self, vendor_settings, files):
        verification = unsaved()
        handing_in.take_face(verification, picture())
        handing_in.take_photo_id(verification, picture())
        assert set(file_names(files)) > {verification.receipt_id}
        assert Verification.objects.get().photo_id_key.endswith("\n")

    def test_a_second_photo_takes_the_place_of_the_first(self, files):
        verification = unsaved()
        handing_in.take_face(verification, picture(colour=(1, 2, 3)))
        first = file_names(files)
        handing_in.take_face(verification, picture())
        assert (StoredPhoto.objects.count(), len(file_names(files))) == (1, 1)
        assert file_names(files) != first

    def test_a_second_photo_where_the_storage_writes_over_the_first(self, vendor_settings, files, monkeypatch):
        verification = unsaved()
        handing_in.take_face(verification, picture(colour=(1, 2, 3)))
        # As storages on S3 do.
        monkeypatch.setattr(type(files), "get_available_name", lambda self, name, max_length=None: name)
        handing_in.take_face(verification, picture())
        photo = StoredPhoto.objects.get()
        assert photo.vendor_name == f"face/{verification.receipt_id}"
        assert files.exists(photo.vendor_name)
        assert len(file_names(files)) == 2

    def test_what_is_no_photo_leaves_nothing(self, files):
        with pytest.raises(InvalidImageData):
            handing_in.take_face(unsaved(), b"%PDF-1.7")
        assert (Verification.objects.count(), files.listdir("")) == (0, ([], []))

    def test_weakness_w13_a_row_that_cannot_be_saved_leaves_no_file(self, files):
        nobody = Verification(user_id=None)
        with pytest.raises(Exception, match="user_id"):
            handing_in.take_face(nobody, picture())
        assert file_names(files) == []

    @pytest.mark.parametrize("take", [handing_in.take_face, handing_in.take_photo_id])
    def test_only_before_handing_in(self, take, files):
        with pytest.raises(VerificationException):
            take(VerificationFactory(status="ready"), picture())

    def test_nothing_is_kept_in_test_mode(self, testing, files):
        verification = unsaved()
        handing_in.take_face(verification, b"anything")
        assert verification.pk is None
        handing_in.take_photo_id(verification, b"anything")
        assert Verification.objects.get().photo_id_key == TEST_KEY
        assert files.listdir("") == ([], [])


class TestAsking:
    @pytest.mark.parametrize("status", ["ready", "must_retry", "submitted"])
    def test_writes_the_request_down(self, status):
        verification = VerificationFactory(status=status)
        handing_in.ask_provider(verification, None)
        assert requests() == [{"verification_id": verification.pk}]

    def test_weakness_w1_and_w2_a_used_again_id_photo_is_remembered(self):
        verification, earlier = VerificationFactory(status="ready"), VerificationFactory(status="approved")
        handing_in.ask_provider(verification, earlier)
        assert Verification.objects.get(pk=verification.pk).copy_id_photo_from == earlier
        assert requests() == [{"verification_id": verification.pk}]

    @pytest.mark.parametrize("status", ["created", "approved", "denied"])
    def test_not_for_what_is_not_ready_or_decided(self, status):
        with pytest.raises(VerificationException):
            handing_in.ask_provider(VerificationFactory(status=status), None)
        assert requests() == []

    @pytest.mark.parametrize("status", ["ready", "must_retry", "submitted"])
    def test_test_mode_asks_nobody(self, testing, status):
        verification = VerificationFactory(status=status)
        handing_in.ask_provider(verification, None)
        verification.refresh_from_db()
        assert (verification.status, requests()) == ("submitted", [])

    def test_a_request_that_cannot_be_queued_waits(self, caplog):
        verification = VerificationFactory(status="ready")
        not_saved = Verification(user=verification.user)
        handing_in.ask_or_wait(verification, not_saved)
        verification.refresh_from_db()
        assert (verification.status, requests()) == ("must_retry", [])
        assert f"verification={verification.pk} error=ValueError" in caplog.text

    def test_one_that_can_is_queued(self):
        verification = VerificationFactory(status="ready")
        handing_in.ask_or_wait(verification, None)
        assert len(requests()) == 1
