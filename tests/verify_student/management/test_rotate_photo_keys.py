"""Photos under a new key, by command."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.verify_student.custody import kept
from tests.verify_student.factories import VerificationFactory
from verify_student.models import PhotoKind, StoredPhoto

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(files, settings):
    """Three photos under an older key."""
    for _ in range(3):
        kept(VerificationFactory(), PhotoKind.FACE)
    settings.VERIFY_STUDENT = {"ENCRYPTION_KEYS": {"new": "aa" * 32}}


def run(*arguments):
    out = StringIO()
    call_command("rotate_photo_keys", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def keys():
    return set(StoredPhoto.objects.values_list("key_id", flat=True))


def test_a_dry_run_counts(old):
    before = keys()
    assert run("--dry-run") == "Dry run, nothing was changed: 3 rotated.\n"
    assert keys() == before


@pytest.mark.parametrize("size", ["1", "2", "3", "100"])
def test_all_of_them_in_batches(old, size):
    assert run("--batch-size", size) == "3 rotated.\n"
    assert (keys(), run()) == ({"new"}, "Nothing to do.\n")


def test_what_cannot_be_read_is_said_and_fails(old, files, caplog):
    broken = StoredPhoto.objects.order_by("pk").first()
    files.delete(broken.name)
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("rotate_photo_keys", stdout=out, stderr=StringIO())
    assert out.getvalue() == "1 failed, 2 rotated. Keep the older keys until that is explained.\n"
    assert (caught.value.returncode, StoredPhoto.objects.filter(key_id="new").count()) == (1, 2)
    assert f"photo={broken.pk} error=PhotoNotAvailable" in caplog.text


def test_no_batch(old):
    with pytest.raises(CommandError):
        run("--batch-size", "0")
