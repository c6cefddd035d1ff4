"""Telling learners by command that their verification has expired."""

import time

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError

from tests.verify_student.factories import SSOFactory
from tests.verify_student.management.commanding import exit_code, run
from tests.verify_student.services.reminders.mornings import MIDNIGHT, addresses_of, ended, morning, written_to
from verify_student.models import MailedThrough, OutboxMessage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("host")]

COMMAND = "send_verification_expiry_email"
LOOKED_FOR = "Looking for approvals that ended from 2026-07-19 until 2026-07-20, or are due again"


@pytest.fixture(autouse=True)
def _morning():
    with morning():
        yield


@pytest.fixture
def rests(monkeypatch):
    rests = []
    monkeypatch.setattr(time, "sleep", rests.append)
    return rests


def broken(self, messages):
    raise OSError("no route")


def test_it_says_what_it_looked_for_and_what_came_of_it():
    row = ended()
    SSOFactory(user=ended().user)
    assert run(COMMAND)[0] == f"{LOOKED_FOR}: 2.\n1 verified otherwise, 1 sent.\n"
    assert written_to() == addresses_of(row)


def test_nobody():
    assert run(COMMAND)[0] == f"{LOOKED_FOR}: 0.\nNothing to do.\n"


def test_a_dry_run_changes_nothing_and_says_the_same(caplog):
    row = ended()
    SSOFactory(user=ended().user)
    with caplog.at_level("INFO"):
        out, _ = run(COMMAND, "--dry-run")
    assert out.endswith("Dry run, nothing was changed: 1 to be sent, 1 verified otherwise.\n")
    assert "to_be_sent=1" in caplog.text
    row.refresh_from_db()
    assert (row.expiry_email_date, row.expiry_mailed_at, written_to()) == (None, None, [])
    assert not OutboxMessage.objects.exists()
    assert not MailedThrough.objects.exists()


def test_one_failure_fails_the_command_and_stops_nobody(monkeypatch):
    ended(expiry_email_date=MIDNIGHT)
    row = ended()
    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", broken)
        with pytest.raises(CommandError, match="1 could not be done"):
            run(COMMAND)
    assert run(COMMAND)[0].endswith("1 sent, 2 not due.\n")
    assert written_to() == addresses_of(row)


def test_the_shell_is_told(monkeypatch, capsys):
    ended()
    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    assert exit_code(COMMAND) == 1


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
@pytest.mark.parametrize("emails", [0, -1])
def test_weakness_w67_no_mails_at_all_is_bad_usage_and_told_as_such(settings, arguments, emails):
    settings.VERIFICATION_EXPIRY_EMAIL = {"DEFAULT_EMAILS": emails}
    ended()
    with pytest.raises(CommandError, match=r'VERIFICATION_EXPIRY_EMAIL\["DEFAULT_EMAILS"\] has to be 1') as caught:
        run(COMMAND, *arguments)
    assert caught.value.returncode == 2
    assert written_to() == []


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_it_rests_after_full_batches(rests, arguments):
    for _ in range(3):
        ended()
    run(COMMAND, *arguments, "--batch-size", "2")
    assert rests == [10.0]
    run(COMMAND, *arguments, batch_size="2", sleep_time="3")
    assert rests == [10.0, 3.0]
