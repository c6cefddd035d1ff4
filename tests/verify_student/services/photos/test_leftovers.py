"""Files whose rows were never committed, and files whose rows were, though nobody was told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.exceptions import ProviderUnavailable
from verify_student.models import OutboxMessage, PhotoKind
from verify_student.services import delivery, photos
from verify_student.services.photos import leftovers

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    return photos.decode_file(picture())


def names(files):
    return [f"{folder}/{name}" for folder in files.listdir("")[0] for name in files.listdir(folder)[1]]


def written(receipt_id, photo):
    """A photo and its vendor's copy, of which word was left: the word, and the row that is not saved yet."""
    name = photos.new_name()
    word = leftovers.leave_word([name, photos.copy_name(receipt_id, PhotoKind.FACE)])
    return word, photos.keep(receipt_id, PhotoKind.FACE, photo, name=name, vendor_key=photos.face_key())


def an_hour_later():
    past = timezone.now() - timedelta(seconds=1)
    OutboxMessage.objects.update(due_at=past)
    # Leases take minutes.
    OutboxMessage.objects.exclude(leased_until=None).update(leased_until=past)
    delivery.courier.do_due()


def test_nothing_stays_of_what_was_not_committed(files, photo, vendor_settings):
    written("receipt", photo)
    assert len(names(files)) == 2
    delivery.courier.do_due()
    assert len(names(files)) == 2
    an_hour_later()
    assert names(files) == []


@pytest.mark.parametrize("at_once", [True, False])
def test_a_commit_that_got_no_answer_may_have_been_one(files, photo, vendor_settings, at_once):
    verification = VerificationFactory()
    word, row = written(verification.receipt_id, photo)
    row.verification = verification
    row.save()
    if at_once:
        leftovers.clear(word)
    an_hour_later()
    assert sorted(names(files)) == sorted([row.name, row.vendor_name])


def test_what_cannot_be_deleted_now_is_deleted_later(files, photo, vendor_settings, monkeypatch, caplog):
    word, _row = written("receipt", photo)

    def fails(self, name):
        raise OSError(f"secret {name}")

    with monkeypatch.context() as patch:
        patch.setattr(type(files), "delete", fails)
        leftovers.clear(word)
    assert len(names(files)) == 2
    an_hour_later()
    assert names(files) == []
    assert "secret" not in caplog.text


def test_whoever_comes_too_late_commits_nothing(files, photo, vendor_settings):
    word, _ = written("receipt", photo)
    an_hour_later()
    with pytest.raises(ProviderUnavailable):
        leftovers.take_back(word)


def test_what_is_not_needed_is_known_without_asking_for_rows(files, photo, vendor_settings, django_assert_num_queries):
    word, row = written("receipt", photo)
    # The word, twice.
    with django_assert_num_queries(2):
        leftovers.clear(word, [row.name])
    assert (names(files), OutboxMessage.objects.count()) == ([row.vendor_name], 0)


def test_what_was_taken_back_is_left_alone(files, photo, vendor_settings):
    word, _ = written("receipt", photo)
    leftovers.take_back(word)
    leftovers.clear(word)
    assert len(names(files)) == 2


def test_what_was_taken_back_is_forgotten(files, photo, vendor_settings):
    word, _ = written("receipt", photo)
    leftovers.take_back(word)
    an_hour_later()
    assert (len(names(files)), OutboxMessage.objects.count()) == (2, 0)
