"""Reminding learners by command before their verification expires."""

import pytest
from django.core.management import CommandError

from tests.verify_student.management.commanding import run
from tests.verify_student.services.reminders.mornings import DAY, addresses_of, ending, morning, written_to

pytestmark = pytest.mark.django_db

COMMAND = "send_verification_reminders"
LOOKED_FOR = "Looking for approvals that end before 2026-08-18"


@pytest.fixture(autouse=True)
def _morning():
    with morning():
        yield


@pytest.fixture
def row(host):
    row = ending(5 * DAY)
    ending(6 * DAY)
    host.courses.verified.add(row.user_id)
    return row


def test_it_says_what_it_looked_for_and_what_came_of_it(row):
    assert run(COMMAND)[0] == f"{LOOKED_FOR}: 2.\n1 in no course that needs it, 1 sent.\n"
    assert written_to() == addresses_of(row)
    assert run(COMMAND)[0] == f"{LOOKED_FOR}: 2.\n1 in no course that needs it, 1 not due.\n"


def test_a_dry_run_changes_nothing_and_says_the_same(row):
    told = "Dry run, nothing was changed: 1 to be sent, 1 in no course that needs it.\n"
    assert run(COMMAND, dry_run=True)[0].endswith(told)
    row.refresh_from_db()
    assert (row.reminded_at, written_to()) == (None, [])


def test_it_is_off_without_days(row, settings):
    settings.VERIFY_STUDENT = {"REMINDER_DAYS": ()}
    assert run(COMMAND)[0].endswith("Nothing to do.\n")


@pytest.mark.parametrize("days", [[0], [-7], "28", 28, ["soon"]])
def test_days_that_make_no_sense_are_bad_usage(row, settings, days):
    settings.VERIFY_STUDENT = {"REMINDER_DAYS": days}
    with pytest.raises(CommandError, match="REMINDER_DAYS") as caught:
        run(COMMAND)
    assert caught.value.returncode == 2
