"""Asking providers again, by command (contract §7.3)."""

import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.verify_student.custody import kept
from tests.verify_student.factories import VerificationFactory
from verify_student.management.commands.retry_failed_photo_verifications import Command
from verify_student.models import OutboxMessage, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import retry_config
from verify_student.services.submission import SUBMIT

pytestmark = pytest.mark.django_db

NAME = "retry_failed_photo_verifications"
DAY = ["--start_datetime", "2026-11-21 00:00:00", "--end_datetime", "2026-11-21 23:59:59"]


@pytest.fixture(autouse=True)
def rests(monkeypatch):
    """Seconds of rest, which nobody waits for."""
    taken = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


def waits(status="must_retry", **fields):
    return VerificationFactory(status=status, provider="local", **fields)


def run(*arguments, **options):
    out, err = StringIO(), StringIO()
    call_command(NAME, *arguments, stdout=out, stderr=err, no_color=True, **options)
    return out.getvalue(), err.getvalue()


def asked():
    messages = OutboxMessage.objects.filter(kind=SUBMIT).order_by("pk")
    return [payload["verification_id"] for payload in messages.values_list("payload", flat=True)]


def refused(*arguments, **options):
    """The error of a call that makes no sense."""
    with pytest.raises(CommandError) as caught:
        run(*arguments, **options)
    assert (caught.value.returncode, asked()) == (2, [])
    return str(caught.value)


def test_what_has_to_be_retried():
    wanted, _ = waits(), waits("submitted")
    assert run() == ("1 asked again.\n", "")
    assert asked() == [wanted.pk]


def test_another_status_and_a_day_with_both_its_ends():
    last = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
    wanted = waits("submitted", submitted_at=last)
    waits("submitted", submitted_at=last + timedelta(seconds=1))
    waits(submitted_at=last)
    assert run("--status", "submitted", *DAY)[0] == "1 asked again.\n"
    assert asked() == [wanted.pk]


def test_by_receipt_and_what_cannot_be_asked_about_is_told_by_its_place():
    wanted, decided = waits("submitted"), waits("approved")
    out, err = StringIO(), StringIO()
    ids = [decided.receipt_id, wanted.receipt_id, "somebody@example.org"]
    with pytest.raises(CommandError) as caught:
        call_command(NAME, "--verification-ids", *ids, stdout=out, stderr=err, no_color=True)
    assert caught.value.returncode == 1
    assert err.getvalue() == "Receipt 1: decided or not handed in.\nReceipt 3: no such verification.\n"
    assert (out.getvalue(), asked()) == ("1 asked again, 2 lines refused.\n", [wanted.pk])


@pytest.mark.parametrize("several", [list, " ".join])
def test_options_of_call_command(several):
    made = [waits(), waits()]
    options = {"verification_ids": several([row.receipt_id for row in made]), "batch_size": "1", "sleep_time": "0"}
    assert run(**options)[0] == "2 asked again.\n"
    assert run(status="must_retry", start_datetime="2026-11-21", end_datetime="2026-11-22")[0] == "Nothing to do.\n"


def test_learners_whose_photos_are_gone_are_counted_and_told_of(files):
    kept(waits())
    StoredPhoto.objects.update(deleted_at=timezone.now())
    words = "1 without photos. Where photos are gone, only the learner can help: by handing in anew.\n"
    assert run() == (words, "")


def test_it_rests_after_full_batches_but_not_in_a_dry_run(rests):
    for _ in range(3):
        waits()
    run("--dry-run", "--batch_size", "2")
    assert (sum(rests), asked()) == (0, [])
    run("--batch_size", "2")
    assert (sum(rests), len(asked())) == (10, 3)


def test_contract_defaults():
    options = Command().create_parser("manage.py", NAME).parse_args([])
    assert (options.batch_size, options.sleep_time, options.status) == (300, 10, "must_retry")


def test_a_dry_run_says_what_would_be_asked():
    waits()
    before = list(SoftwareSecurePhotoVerification.objects.values_list())
    assert run("--dry-run")[0] == "Dry run, nothing was changed: 1 asked again.\n"
    assert (list(SoftwareSecurePhotoVerification.objects.values_list()), asked()) == (before, [])


class TestUsage:
    @pytest.mark.parametrize("date", [DAY[:2], DAY[2:]])
    def test_weakness_w6_one_date_only(self, date):
        waits()
        assert "both or neither" in refused(*date)

    def test_dates_out_of_order(self):
        refused(start_datetime="2026-11-22 00:00:00", end_datetime="2026-11-21 00:00:00")

    @pytest.mark.parametrize("text", ["yesterday", "2026-13-01 00:00:00"])
    def test_no_dates(self, text):
        assert "--end_datetime" in refused(start_datetime="2026-11-21 00:00:00", end_datetime=text)

    @pytest.mark.parametrize("status", ["approved", "denied", "created", "nonsense"])
    def test_weakness_w5_statuses_of_which_nobody_is_asked_again(self, status):
        VerificationFactory(status=status if status != "nonsense" else "approved")
        assert "ready, must_retry, submitted" in refused("--status", status)

    @pytest.mark.parametrize("more", [DAY, ["--after", "1"]])
    def test_receipts_and_what_narrows_a_status(self, more):
        refused("--verification-ids", waits().receipt_id, *more)


class TestFromDatabase:
    """The newest row says what is done."""

    def configured(self, arguments, *, enabled=True):
        retry_config.change(enabled=enabled, arguments=arguments)
        retry_config.forget()

    @pytest.mark.parametrize(("enabled", "arguments"), [(False, "--status must_retry"), (True, ""), (True, " \n ")])
    def test_disabled_or_empty_is_one_line_and_no_failure(self, enabled, arguments):
        waits()
        self.configured(arguments, enabled=enabled)
        out, err = run("--args-from-database")
        assert (out, asked()) == ("", [])
        assert err == "SSPVerificationRetryConfig is disabled or empty; nothing was done.\n"

    def test_none_at_all(self):
        assert run("--args-from-database")[1].count("\n") == 1

    def test_the_command_lines_options_are_not_used(self, rests):
        wanted, _ = [waits("submitted"), waits()]
        self.configured("--status submitted --batch_size 1\n --sleep_time 3")
        assert run("--args-from-database", "--status", "must_retry")[0] == "1 asked again.\n"
        assert (asked(), rests) == ([wanted.pk], [3])

    def test_receipts(self):
        wanted = waits("submitted")
        self.configured(f"--verification-ids {wanted.receipt_id}")
        run(args_from_database=True)
        assert asked() == [wanted.pk]

    def test_quoted_dates(self):
        wanted = waits(submitted_at=datetime(2026, 11, 21, tzinfo=UTC))
        self.configured("--start_datetime '2026-11-21 00:00:00' --end_datetime \"2026-11-21 23:59:59\"")
        run("--args-from-database")
        assert asked() == [wanted.pk]

    @pytest.mark.parametrize("arguments", ["--dry-run --status must_retry", "--status must_retry"])
    def test_a_dry_run_on_either_side_is_one(self, arguments):
        waits()
        self.configured(arguments)
        dry = [] if "dry" in arguments else ["--dry-run"]
        assert run("--args-from-database", *dry)[0].startswith("Dry run")
        assert asked() == []

    @pytest.mark.parametrize(
        "text",
        ["--statsu must_retry", "--status 'must_retry", "must_retry", "--batch_size 0", "--help", "--status approved"],
    )
    def test_what_does_not_parse(self, text):
        waits()
        self.configured(text)
        assert refused("--args-from-database")

    def test_what_does_not_parse_ends_with_code_2(self, capsys):
        self.configured("--statsu must_retry")
        with pytest.raises(SystemExit) as ended:
            Command().run_from_argv(["manage.py", NAME, "--args-from-database"])
        assert ended.value.code == 2
        assert "SSPVerificationRetryConfig" in capsys.readouterr().err
