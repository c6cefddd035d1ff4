"""Vouching by command."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import ManualFactory
from tests.verify_student.management.commanding import exit_code, listed, run
from verify_student.models import ManualVerification, OutboxMessage
from verify_student.services import manual
from verify_student.services.standing import is_verified

pytestmark = pytest.mark.django_db

COMMAND = "manual_verifications"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "addresses"


@pytest.fixture
def amal():
    return UserFactory(first_name="Amal", last_name="Haddad", email="Amal@example.test")


def rows():
    kept = ManualVerification.objects.order_by("user_id", "pk")
    return list(kept.values_list("user_id", "status", "name", "reason"))


def test_learners_of_a_file_are_verified(path, amal, caplog):
    caplog.set_level("INFO")
    other = UserFactory(email="ida@example.test", first_name="Ida", last_name="Rolf")
    file = listed(path, amal.email, "", "  ida@example.test ")
    assert run(COMMAND, "--email-ids-file", file) == ("2 verified.\n", "")
    assert rows() == [(amal.pk, "approved", "Amal Haddad", ""), (other.pk, "approved", "Ida Rolf", "")]
    assert is_verified(amal)
    made = ManualVerification.objects.first()
    assert made.expiration_date.date() == (timezone.now() + timedelta(days=365)).date()
    assert (timezone.now() - made.created_at).seconds < 60
    assert "Manual verifications: 2 e-mails, none failed." in caplog.text
    # Nobody is told (contract §7.2).
    assert not OutboxMessage.objects.exists()


def test_whoever_has_been_vouched_for_is_no_failure(path, amal):
    manual.vouch(amal)
    file = listed(path, amal.email)
    assert run(COMMAND, email_ids_file=str(file))[0] == "1 verified before.\n"
    assert exit_code(COMMAND, "--email_ids_file", file) == 0
    assert len(rows()) == 1


def test_old_and_denied_ones_do_not_count(path, amal):
    with time_machine.travel(timezone.now() - timedelta(days=366), tick=False):
        manual.vouch(amal)
    ManualFactory(user=amal, status="denied")
    assert run(COMMAND, "--email", amal.email)[0] == "1 verified.\n"
    assert [status for _, status, _, _ in rows()] == ["approved", "denied", "approved"]


@pytest.mark.parametrize("spelling", ["amal@example.test", "AMAL@EXAMPLE.TEST", "Amal@example.test"])
def test_weakness_w69_letter_case_does_not_decide(path, amal, spelling):
    assert run(COMMAND, "--email-ids-file", listed(path, spelling))[0] == "1 verified.\n"
    assert run(COMMAND, "--email", spelling)[0] == "1 verified before.\n"


def test_weakness_w69_accounts_that_differ_in_letter_case_only_are_nobody(path, amal):
    UserFactory(email="amal@example.test")
    assert run(COMMAND, "--email-ids-file", listed(path, amal.email))[0] == "1 failed.\n"
    assert rows() == []


def test_weakness_w69_two_rows_of_a_learner_are_no_error(amal):
    ManualFactory(user=amal)
    ManualFactory(user=amal)
    assert run(COMMAND, "--email", amal.email)[0] == "1 verified before.\n"


@pytest.mark.parametrize("arguments", [[], ["--email", ""], ["--email-ids-file", ""]])
def test_weakness_w69_neither_option_is_bad_usage(arguments):
    with pytest.raises(CommandError, match="--email-ids-file") as caught:
        run(COMMAND, *arguments)
    assert caught.value.returncode == 2
    assert exit_code(COMMAND, *arguments) == 2


def test_weakness_w68_failures_are_told_by_line_and_without_an_exception(path, amal, caplog):
    caplog.set_level("DEBUG")
    file = listed(path, "ida@example.test", "", amal.email, "ida\x00@example.test", "x" * 5000)
    out, err = run(COMMAND, "--email-ids-file", file)
    assert out == "1 verified, 3 failed.\n"
    assert "3 of 4 e-mails failed" in caplog.text
    assert "Failed emails for manual verification: lines 1, 4, 5" in caplog.text
    assert "of lines 1, 4, 5." in err
    assert "@" not in caplog.text + out + err
    assert exit_code(COMMAND, "--email-ids-file", file) == 1


def test_a_single_one_that_is_unknown(caplog):
    assert run(COMMAND, "--email", "ida@example.test")[0] == "1 failed.\n"
    assert "Failed emails for manual verification" in caplog.text
    assert exit_code(COMMAND, "--email", "ida@example.test") == 1


def test_the_single_one_takes_precedence(path, amal):
    UserFactory(email="ida@example.test")
    run(COMMAND, "--email", amal.email, "--email-ids-file", listed(path, "ida@example.test"))
    assert [user_id for user_id, _, _, _ in rows()] == [amal.pk]
    run(COMMAND, "--email", amal.email, "--email-ids-file", "no such file")


def test_no_file():
    with pytest.raises(CommandError) as caught:
        run(COMMAND, "--email-ids-file", "no such file")
    assert caught.value.returncode == 2


@pytest.mark.parametrize("size", ["1", "2", "10000"])
def test_who_is_listed_twice_is_verified_once(path, amal, size):
    UserFactory(email="ida@example.test")
    file = listed(path, amal.email, "ida@example.test", "AMAL@example.test")
    run(COMMAND, "--email-ids-file", file, "--batch-size", size)
    assert len(rows()) == 2


def test_a_dry_run_says_the_same_and_changes_nothing(path, amal):
    known = UserFactory(email="ida@example.test")
    manual.vouch(known)
    file = listed(path, amal.email, known.email, "nobody@example.test")
    out, _ = run(COMMAND, "--email-ids-file", file, "--dry-run")
    assert out == "Dry run, nothing was changed: 1 verified, 1 verified before, 1 failed.\n"
    assert len(rows()) == 1


def test_a_learner_whose_name_cannot_be_had_stops_nobody(path, amal, host, caplog):
    other = UserFactory(email="ida@example.test")
    host.profiles.names[amal.pk] = LookupError("Amal Haddad")
    host.profiles.names[other.pk] = "n" * 300
    out, _ = run(COMMAND, "--email-ids-file", listed(path, amal.email, other.email))
    assert out == "1 failed, 1 verified.\n"
    assert rows() == [(other.pk, "approved", "n" * 255, "")]
    assert f"user={amal.pk} error=LookupError" in caplog.text
    assert "Failed emails for manual verification: lines 1" in caplog.text
    assert "Haddad" not in caplog.text
