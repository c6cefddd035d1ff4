"""Announcing verifications again, by command (contract §7.5)."""

import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.verify_student.factories import VerificationFactory
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.signals import idv_update_signal

pytestmark = pytest.mark.django_db

NAME = "trigger_softwaresecurephotoverifications_post_save_signal"
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
SINCE = {"start_date_time": "2026-11-21 00:00:00"}


@pytest.fixture(autouse=True)
def rests(monkeypatch):
    """Seconds of rest, which nobody waits for."""
    taken = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


@pytest.fixture
def heard():
    """Ids that were announced."""
    ids = []

    def listen(sender, attempt_id, **said):
        ids.append(attempt_id)

    idv_update_signal.connect(listen)
    yield ids
    idv_update_signal.disconnect(listen)


@pytest.fixture
def made():
    """Three verifications: of a second before midnight, of midnight, of a second after it."""
    rows = [VerificationFactory() for _ in range(3)]
    for number, row in enumerate(rows):
        moment = MIDNIGHT + timedelta(seconds=number - 1)
        SoftwareSecurePhotoVerification.objects.filter(pk=row.pk).update(created_at=moment)
    return [row.pk for row in rows]


def run(*arguments, **options):
    out = StringIO()
    call_command(NAME, *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_those_made_since_then_newest_first(heard, made, rests):
    assert run("--start_date_time", SINCE["start_date_time"], "--batch_size", "1") == "2 announced.\n"
    assert (heard, rests) == ([made[2], made[1]], [10, 10])


def test_it_goes_on_after_a_row(heard, made):
    run(**SINCE, after=str(made[2]))
    assert heard == [made[1]]


def test_weakness_w70_the_time_of_the_last_change_stays(heard, made):
    before = list(SoftwareSecurePhotoVerification.objects.order_by("pk").values_list())
    run(**SINCE)
    assert list(SoftwareSecurePhotoVerification.objects.order_by("pk").values_list()) == before


def test_a_dry_run_only_counts(heard, made):
    assert run("--dry-run", **SINCE) == "Dry run, nothing was changed: 2 announced.\n"
    assert heard == []


@pytest.mark.parametrize(
    "options", [{}, {"start_date_time": "yesterday"}, SINCE | {"after": 10**9}, SINCE | {"after": "x"}]
)
def test_calls_that_make_no_sense(heard, made, options):
    with pytest.raises(CommandError) as caught:
        run(**options)
    assert (caught.value.returncode, heard) == (2, [])


def test_listeners_that_fail_are_told_by_the_exit_code(made):
    def fail(sender, attempt_id, **said):
        if attempt_id == made[2]:
            raise KeyError

    idv_update_signal.connect(fail)
    try:
        with pytest.raises(CommandError) as caught:
            run(**SINCE)
    finally:
        idv_update_signal.disconnect(fail)
    assert caught.value.returncode == 1
