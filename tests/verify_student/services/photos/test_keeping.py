"""Photos at rest: encrypted, bound to their verification, opened for named people, deleted in time."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.utils import timezone

from proctoring.common import crypto
from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import OutboxMessage, PhotoAccess, PhotoKind, StoredPhoto
from verify_student.services import delivery, photos

pytestmark = pytest.mark.django_db
FACE, PHOTO_ID = PhotoKind.FACE, PhotoKind.PHOTO_ID


@pytest.fixture
def photo():
    return photos.decode_file(picture())


def kept(verification, kind, photo, vendor_key=None):
    row = photos.keep(verification.receipt_id, kind, photo, vendor_key=vendor_key)
    row.verification = verification
    row.save()
    return row


def names(files):
    return [f"{folder}/{name}" for folder in files.listdir("")[0] for name in files.listdir(folder)[1]]


class TestOurCopies:
    def test_are_unreadable_and_open_again(self, files, photo):
        verification, reviewer = VerificationFactory(), UserFactory()
        row = kept(verification, FACE, photo)
        with files.open(row.name) as file:
            assert photo.content[:100] not in file.read()
        assert photos.read(verification, FACE, by=reviewer, purpose="review") == photo

    def test_weakness_w35_of_equal_photos_do_not_look_equal(self, files, photo):
        one, other = (kept(VerificationFactory(), FACE, photo) for _ in range(2))
        with files.open(one.name) as first, files.open(other.name) as second:
            assert first.read()[-100:] != second.read()[-100:]

    def test_weakness_w36_a_copy_that_was_changed_does_not_open(self, files, photo):
        verification = VerificationFactory()
        row = kept(verification, FACE, photo)
        with files.open(row.name) as file:
            sealed = bytearray(file.read())
        sealed[-20] ^= 1
        files.delete(row.name)
        files.save(row.name, ContentFile(bytes(sealed)))
        with pytest.raises(PhotoNotAvailable):
            photos.read(verification, FACE, by=None, purpose="review")

    def test_weakness_w31_every_look_is_recorded(self, files, photo):
        verification, reviewer = VerificationFactory(), UserFactory()
        kept(verification, FACE, photo)
        photos.read(verification, FACE, by=reviewer, purpose="review")
        look = PhotoAccess.objects.get()
        assert (look.verification, look.kind, look.user, look.purpose) == (verification, "face", reviewer, "review")

    def test_do_not_open_in_anothers_place(self, files, photo):
        mine, other = VerificationFactory(), VerificationFactory()
        row = kept(mine, FACE, photo)
        StoredPhoto.objects.filter(pk=row.pk).update(verification=other)
        with pytest.raises(PhotoNotAvailable):
            photos.read(other, FACE, by=None, purpose="review")

    def test_weakness_w32_a_missing_file_is_a_clear_answer(self, files, photo):
        verification = VerificationFactory()
        row = kept(verification, FACE, photo)
        files.delete(row.name)
        with pytest.raises(PhotoNotAvailable):
            photos.read(verification, FACE, by=None, purpose="review")
        with pytest.raises(PhotoNotAvailable):
            photos.read(VerificationFactory(), FACE, by=None, purpose="review")

    def test_weakness_w32_an_id_photo_that_is_used_again_is_the_earlier_ones(self, files, photo):
        earlier = VerificationFactory()
        kept(earlier, PHOTO_ID, photo)
        later = VerificationFactory(copy_id_photo_from=earlier)
        assert photos.read(later, PHOTO_ID, by=None, purpose="review") == photo

    def test_weakness_w13_nothing_stays_of_what_was_not_committed(self, files, photo, vendor_settings):
        row = photos.keep("receipt", FACE, photo, vendor_key=photos.face_key())
        assert len(names(files)) == 2
        photos.discard([row])
        assert names(files) == []


class TestVendorsCopies:
    def test_the_face_is_under_the_installations_key(self, files, photo, vendor_settings):
        verification = VerificationFactory()
        row = kept(verification, FACE, photo, photos.face_key())
        assert row.vendor_name == f"face/{verification.receipt_id}"
        with files.open(row.vendor_name) as file:
            assert crypto.aes_cbc_decrypt(bytes(range(32)), file.read()) == photo.content

    def test_each_id_photo_has_a_key_of_its_own_in_lines(self, files, photo, vendor_settings, vendor_keys):
        first, second = photos.fresh_id_key(), photos.fresh_id_key()
        assert first.value != second.value
        assert (len(first.wrapped), first.wrapped[76], first.wrapped[-1]) == (349, "\n", "\n")
        unwrapped = crypto.rsa_unwrap(vendor_keys[0], crypto.decode_base64(first.wrapped))
        assert unwrapped == first.value

    def test_the_face_key_is_wrapped_anew_in_one_line(self, vendor_settings):
        first, second = photos.face_key().wrapped, photos.face_key().wrapped
        assert first != second
        assert "\n" not in first

    def test_links_lead_to_the_vendors_copy(self, files, photo, vendor_settings):
        verification = VerificationFactory()
        kept(verification, FACE, photo, photos.face_key())
        assert photos.link(verification, FACE) == f"https://files.test/face/{verification.receipt_id}"

    def test_links_of_an_existing_sites_rows(self, files):
        verification = VerificationFactory()
        assert photos.link(verification, PHOTO_ID) == f"https://files.test/photo_id/{verification.receipt_id}"

    def test_there_is_no_link_where_the_vendor_has_nothing(self, files, photo):
        verification = VerificationFactory()
        kept(verification, FACE, photo)
        with pytest.raises(PhotoNotAvailable):
            photos.link(verification, FACE)

    @pytest.mark.parametrize("kind", PhotoKind)
    def test_an_existing_sites_photo_opens_with_the_vendors_private_key(self, files, photo, vendor_settings, kind):
        id_key = photos.fresh_id_key()
        verification = VerificationFactory(photo_id_key=id_key.wrapped)
        key = photos.face_key() if kind is FACE else id_key
        kept(verification, kind, photo, key)
        StoredPhoto.objects.all().delete()
        assert photos.read(verification, kind, by=None, purpose="review").content_type == "image/jpeg"

    @pytest.mark.parametrize("with_lines", ["lines", ""])
    def test_weakness_w38_both_forms_of_a_wrapped_key_are_read(self, files, photo, vendor_settings, with_lines):
        id_key = photos.fresh_id_key()
        one_line = id_key.wrapped.replace("\n", "").translate(str.maketrans("+/", "-_"))
        verification = VerificationFactory(photo_id_key=id_key.wrapped if with_lines else one_line)
        kept(verification, PHOTO_ID, photo, id_key)
        StoredPhoto.objects.all().delete()
        assert photos.read(verification, PHOTO_ID, by=None, purpose="review").content_type == "image/jpeg"

    @pytest.mark.parametrize("key", ["f82400259e3b4f88821cd89838758292", "no key", ""])
    def test_weakness_w32_an_existing_sites_photo_under_a_key_that_is_none(self, files, photo, vendor_settings, key):
        verification = VerificationFactory()
        kept(verification, FACE, photo, photos.face_key())
        StoredPhoto.objects.all().delete()
        vendor = vendor_settings.VERIFY_STUDENT["SOFTWARE_SECURE"] | {"FACE_IMAGE_AES_KEY": key}
        vendor_settings.VERIFY_STUDENT = {"SOFTWARE_SECURE": vendor}
        with pytest.raises(PhotoNotAvailable):
            photos.read(verification, FACE, by=None, purpose="review")

    def test_weakness_w32_what_an_existing_site_took_for_a_photo(self, files, vendor_settings):
        verification = VerificationFactory()
        sealed = crypto.aes_cbc_encrypt(bytes(range(32)), b"<svg/>")
        files.save(f"face/{verification.receipt_id}", ContentFile(sealed))
        with pytest.raises(PhotoNotAvailable):
            photos.read(verification, FACE, by=None, purpose="review")

    def test_weakness_w37_a_short_face_key_is_refused(self, vendor_settings):
        vendor_settings.VERIFY_STUDENT = {"SOFTWARE_SECURE": {"FACE_IMAGE_AES_KEY": "f82400259e3b4f88821cd89838758292"}}
        with pytest.raises(ImproperlyConfigured):
            photos.face_key()


class TestDeletion:
    @pytest.mark.parametrize(
        ("status", "days", "gone"),
        [("denied", 91, True), ("denied", 89, False), ("submitted", 400, False), ("must_retry", 400, False)],
    )
    def test_weakness_w39_after_the_decision_photos_go(self, files, photo, status, days, gone):
        verification = VerificationFactory(status=status)
        kept(verification, FACE, photo)
        count = photos.purge_due(timezone.now() + timedelta(days=days))
        assert (count == 1, names(files) == []) == (gone, gone)
        assert (StoredPhoto.objects.get().deleted_at is not None) is gone

    def test_the_id_photo_of_an_approval_that_counts_stays(self, files, photo):
        verification = VerificationFactory(status="approved")
        kept(verification, FACE, photo)
        kept(verification, PHOTO_ID, photo)
        assert photos.purge_due(timezone.now() + timedelta(days=100)) == 1
        assert StoredPhoto.objects.get(deleted_at=None).kind == PHOTO_ID
        assert photos.purge_due(timezone.now() + timedelta(days=400)) == 1

    def test_the_id_photo_that_is_used_again_stays_until_that_is_decided(self, files, photo):
        earlier = VerificationFactory(status="approved", expiration_date=timezone.now() + timedelta(days=1))
        kept(earlier, PHOTO_ID, photo)
        again = VerificationFactory(status="submitted", user=earlier.user, copy_id_photo_from=earlier)
        assert photos.purge_due(timezone.now() + timedelta(days=100)) == 0
        again.status = "denied"
        again.save()
        assert photos.purge_due(timezone.now() + timedelta(days=100)) == 1

    def test_all_that_is_due_goes_past_what_cannot_be_deleted(self, files, photo, monkeypatch):
        first, *_ = [kept(VerificationFactory(status="denied"), FACE, photo) for _ in range(4)]
        delete = type(files).delete

        def stubborn(self, name):
            return {}["stuck"] if name == first.name else delete(self, name)

        monkeypatch.setattr(type(files), "delete", stubborn)
        assert photos.purge_due(timezone.now() + timedelta(days=91), batch_size=1) == 3
        assert names(files) == [first.name]

    def test_a_photo_that_came_under_another_key_meanwhile_is_not_forgotten(self, files, photo, monkeypatch):
        row = kept(VerificationFactory(status="denied"), FACE, photo)
        delete = type(files).delete

        def exchanged(self, name):
            StoredPhoto.objects.filter(pk=row.pk, name=name).update(name=files.save("kept/new", files.open(name)))
            delete(self, name)

        later = timezone.now() + timedelta(days=91)
        with monkeypatch.context() as rotating:
            rotating.setattr(type(files), "delete", exchanged)
            assert photos.purge_due(later) == 0
        assert photos.purge_due(later) == 1
        assert names(files) == []

    def test_weakness_w75_what_cannot_be_deleted_is_said(self, files, photo, monkeypatch):
        verification = VerificationFactory()
        kept(verification, FACE, photo)
        with monkeypatch.context() as broken:
            broken.setattr(type(files), "delete", lambda self, name: {}["storage is down"])
            with pytest.raises(photos.PhotosLeft):
                photos.erase(verification.user_id)
            with pytest.raises(photos.PhotosLeft):
                photos.erase(VerificationFactory().user_id)
        assert photos.erase(verification.user_id) == 1

    def test_weakness_w75_a_retired_learners_photos_go_at_once(self, files, photo, vendor_settings):
        mine, other, old = VerificationFactory(), VerificationFactory(), VerificationFactory()
        old.user = mine.user
        old.save()
        kept(mine, FACE, photo, photos.face_key())
        kept(other, FACE, photo)
        files.save(f"face/{old.receipt_id}", files.open(StoredPhoto.objects.first().name))
        assert photos.erase(mine.user_id) == 1
        assert names(files) == [StoredPhoto.objects.get(verification=other).name]
        with pytest.raises(PhotoNotAvailable):
            photos.read(mine, FACE, by=None, purpose="review")


def rotated():
    return sum((Counter(batch.counts) for batch in photos.rotate()), Counter())


class TestRotation:
    def test_every_photo_comes_under_the_new_key(self, files, photo, settings):
        verification = VerificationFactory()
        before = kept(verification, FACE, photo)
        settings.VERIFY_STUDENT = {"ENCRYPTION_KEYS": {"new": "aa" * 32}}
        assert rotated() == {"rotated": 1}
        after = StoredPhoto.objects.get()
        assert (before.key_id, after.key_id, len(names(files))) == (before.key_id, "new", 1)
        assert photos.read(verification, FACE, by=None, purpose="review") == photo
        assert rotated() == {}

    def test_what_cannot_be_opened_is_counted_and_does_not_stop_the_rest(self, files, photo, settings):
        first = kept(VerificationFactory(), FACE, photo)
        kept(VerificationFactory(), FACE, photo)
        files.delete(first.name)
        settings.VERIFY_STUDENT = {"ENCRYPTION_KEYS": {"new": "aa" * 32}}
        assert rotated() == {"rotated": 1, "failed": 1}

    def test_it_goes_on_where_it_was_broken_off(self, files, photo, settings):
        rows = [kept(VerificationFactory(), FACE, photo) for _ in range(3)]
        settings.VERIFY_STUDENT = {"ENCRYPTION_KEYS": {"new": "aa" * 32}}
        first = next(photos.rotate(batch_size=2))
        assert (first.counts, first.last) == ({"rotated": 2}, rows[1].pk)
        assert rotated() == {"rotated": 1}

    @pytest.mark.parametrize("at", ["save", "delete"])
    def test_a_process_that_dies_leaves_no_file_behind(self, files, photo, settings, monkeypatch, at):
        verification = VerificationFactory()
        kept(verification, FACE, photo)
        settings.VERIFY_STUDENT = {"ENCRYPTION_KEYS": {"new": "aa" * 32}}
        done = getattr(type(files), at)

        def dies(*arguments, **fields):
            if at == "save":
                done(*arguments, **fields)
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(type(files), at, dies)
            with pytest.raises(SystemExit):
                rotated()
        assert len(names(files)) == 2
        OutboxMessage.objects.update(due_at=timezone.now(), leased_until=None)
        delivery.courier.do_due()
        assert len(names(files)) == 1
        assert photos.read(verification, FACE, by=None, purpose="review") == photo


def test_files_go_with_the_learners_account(files, photo, committed):
    verification = VerificationFactory()
    kept(verification, FACE, photo)
    with committed():
        verification.user.delete()
        assert len(names(files)) == 1
    assert names(files) == []
