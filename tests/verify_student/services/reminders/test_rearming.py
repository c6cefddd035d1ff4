"""Who enrols again is reminded again."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories import UserFactory
from tests.verify_student.factories import VerificationFactory
from verify_student.conf import config
from verify_student.services import reminders

pytestmark = [pytest.mark.django_db]

NOW = datetime(2026, 7, 20, 15, 30, tzinfo=UTC)


def due_after_enrolling(**values):
    row = VerificationFactory(**({"status": "approved"} | values))
    updated_at = row.updated_at
    with time_machine.travel(NOW, tick=False):
        reminders.rearm(row.user, config.expiry_email)
    row.refresh_from_db()
    assert row.updated_at == updated_at
    return row.expiry_email_date


def test_an_approval_that_ended_is_due_in_the_next_run():
    assert due_after_enrolling(expiration_date=datetime(2026, 7, 1, tzinfo=UTC)) == datetime(2026, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize("until", [datetime(2026, 7, 19, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)])
def test_one_that_counts_or_is_in_the_next_run_anyway_is_left(until):
    assert due_after_enrolling(expiration_date=until) is None


def test_somebody_who_is_reminded_already_is_left():
    known = datetime(2026, 7, 18, tzinfo=UTC)
    assert due_after_enrolling(expiration_date=datetime(2026, 7, 1, tzinfo=UTC), expiry_email_date=known) == known


def test_only_approvals():
    assert due_after_enrolling(expiration_date=datetime(2026, 7, 1, tzinfo=UTC), status="denied") is None
    reminders.rearm(UserFactory(), config.expiry_email)


def test_weakness_w43_the_last_approval_is_the_one_that_ended_last():
    last = VerificationFactory(status="approved", expiration_date=datetime(2026, 7, 10, tzinfo=UTC))
    assert due_after_enrolling(user=last.user, expiration_date=datetime(2026, 7, 1, tzinfo=UTC)) is None
    last.refresh_from_db()
    assert last.expiry_email_date == datetime(2026, 7, 5, tzinfo=UTC)
