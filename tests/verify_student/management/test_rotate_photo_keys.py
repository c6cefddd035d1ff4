"""Photos under a new key, by command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from verify_student.models import PhotoKind, StoredPhoto
from verify_student.services import photos

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(files, settings):
    for _ in range(3):
        verification = VerificationFactory()
        row = photos.keep(verification.receipt_id, PhotoKind.FACE, photos.decode_file(picture()))
        row.verification = verification
        row.save()
    settings.VERIFY_STUDENT = {"ENCRYPTION_KEYS": {"new": "aa" * 32}}


def run(*arguments):
    out = StringIO()
    call_command("rotate_photo_keys", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def keys():
    return set(StoredPhoto.objects.values_list("key_id", flat=True))


def test_a_dry_run_counts(kept):
    before = keys()
    assert run("--dry-run") == "3 photos are under an older key.\n"
    assert keys() == before


@pytest.mark.parametrize("size", ["1", "2", "3", "100"])
def test_all_of_them_in_batches(kept, size):
    assert run("--batch-size", size) == "3 photos have the new key, 0 could not be read.\n"
    assert keys() == {"new"}
    assert run("--dry-run") == "0 photos are under an older key.\n"


def test_what_cannot_be_read_is_said_and_fails(kept, files):
    files.delete(StoredPhoto.objects.first().name)
    with pytest.raises(CommandError):
        run()
    assert StoredPhoto.objects.filter(key_id="new").count() == 2


def test_no_batch(kept):
    with pytest.raises(CommandError):
        run("--batch-size", "0")
