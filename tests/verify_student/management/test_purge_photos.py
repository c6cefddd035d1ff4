"""Deleting photos whose time is over, by command."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.verify_student.custody import kept
from tests.verify_student.factories import VerificationFactory
from verify_student.models import StoredPhoto

pytestmark = pytest.mark.django_db


@pytest.fixture
def later():
    """Photos of each kind of verification, a hundred days after the decision."""
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        yield


@pytest.fixture
def photos(files):
    for status in ("denied", "approved", "submitted"):
        kept(VerificationFactory(status=status))


def run(*arguments):
    out = StringIO()
    call_command("purge_photos", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def left():
    rows = StoredPhoto.objects.filter(deleted_at=None).order_by("pk")
    return list(rows.values_list("verification__status", "kind"))


def test_what_is_due_and_nothing_else(photos, later):
    assert run("--batch-size", "2") == "3 deleted.\n"
    assert left() == [("approved", "photo_id"), ("submitted", "face"), ("submitted", "photo_id")]
    assert run() == "Nothing to do.\n"


def test_before_their_time_all_stay(photos):
    assert run() == "Nothing to do.\n"


def test_a_dry_run_counts(photos, later):
    assert run("--dry-run") == "Dry run, nothing was changed: 3 deleted.\n"
    assert len(left()) == 6


def test_what_cannot_be_deleted_is_told_by_the_exit_code_and_stops_nobody(photos, later, files, monkeypatch):
    stuck, delete = StoredPhoto.objects.order_by("pk").first().name, type(files).delete
    monkeypatch.setattr(type(files), "delete", lambda self, name: {}["stuck"] if name == stuck else delete(self, name))
    with pytest.raises(CommandError) as caught:
        run("--batch-size", "1")
    assert (caught.value.returncode, len(left())) == (1, 4)
