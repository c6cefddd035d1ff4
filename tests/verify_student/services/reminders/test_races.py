"""Several runs at the same time, on a database with row locks: each mail is written down once, and sent once."""

import pytest
from django.core import mail as mailbox
from django.db import connection

from tests.proctoring.services.test_concurrency import together
from tests.verify_student.services.reminders.mornings import DAY, addresses_of, done, ended, ending, morning, written_to
from verify_student.models import MailedThrough, OutboxMessage
from verify_student.services import reminders

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("host"),
]


def run_together(begin):
    with morning():
        return [outcome for outcome in together(lambda: done(begin(), 7)) if isinstance(outcome, Exception)]


def test_runs_for_what_has_ended():
    rows = [ended() for _ in range(20)]
    assert run_together(reminders.begin_expired) == []
    assert written_to() == addresses_of(*rows)
    assert OutboxMessage.objects.count() == 20
    assert MailedThrough.objects.count() == 1


def test_runs_for_what_ends(host):
    rows = [ending(5 * DAY) for _ in range(20)]
    host.courses.verified.update(row.user_id for row in rows)
    assert run_together(reminders.begin_ending) == []
    assert written_to() == addresses_of(*rows)


def test_runs_that_send_dead_letters_again():
    rows = [ended() for _ in range(20)]
    with morning():
        done(reminders.begin_expired())
    mailbox.outbox.clear()
    OutboxMessage.objects.update(state="dead", error_code="OSError")
    assert run_together(reminders.begin_expired) == []
    assert written_to() == addresses_of(*rows)
