"""Other machines: what is kept of them, and as an operator sees them."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.common.contacts import note_failure, note_success
from proctoring.common.operations import Level, messages
from proctoring.common.operations.contacts import contact_rows
from proctoring.common.outbox import OutboxState
from proctoring.models import Contact, OutboxMessage

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
START = timezone.now().replace(microsecond=0)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


def rows(**breakers):
    states = [messages.undone(OutboxMessage, state) for state in (OutboxState.PENDING, OutboxState.DEAD)]
    told = contact_rows(Contact, breakers, pending=states[0], dead=states[1], now=timezone.now())
    return {row.key: row for row in told}


def test_a_machine_that_does_what_it_is_asked_to(clock):
    note_success(Contact, "vendor")
    row = rows(vendor="closed")["vendor"]
    assert (row.level, row.succeeded_at, row.failed_at, row.breaker) == (Level.OK, START, None, "closed")


def test_what_is_known_is_written_now_and_then_only(clock, django_assert_num_queries):
    note_success(Contact, "vendor")
    clock.shift(10)
    with django_assert_num_queries(1):
        note_success(Contact, "vendor")
    assert Contact.objects.get().succeeded_at == START
    clock.shift(25)
    with django_assert_num_queries(2):
        note_success(Contact, "vendor")
    assert Contact.objects.get().succeeded_at == START + timedelta(seconds=35)


def test_a_failure_and_the_end_of_it_are_never_missed(clock):
    note_success(Contact, "vendor")
    note_failure(Contact, "vendor", "vendor_timeout")
    clock.shift(1)
    note_failure(Contact, "vendor", "vendor_unreachable")
    contact = Contact.objects.get()
    assert (contact.failing_since, contact.error_code) == (START, "vendor_unreachable")
    clock.shift(1)
    note_success(Contact, "vendor")
    contact.refresh_from_db()
    assert (contact.failing_since, contact.succeeded_at) == (None, START + timedelta(seconds=2))
    assert contact.error_code == "vendor_unreachable"


def test_a_machine_that_fails_is_down_after_an_hour_of_nothing_else(clock):
    note_failure(Contact, "vendor", "vendor_timeout")
    assert rows()["vendor"].level is Level.ATTENTION
    clock.shift(2 * HOUR)
    assert rows()["vendor"].level is Level.ATTENTION, "nobody has asked it for two hours"
    note_failure(Contact, "vendor", "vendor_timeout")
    assert rows()["vendor"].level is Level.BROKEN


def test_an_open_breaker_is_told():
    assert rows(vendor="open")["vendor"].level is Level.ATTENTION


def test_what_waits_for_it_and_what_was_given_up():
    for state, number in ((OutboxState.PENDING, 3), (OutboxState.DEAD, 2), (OutboxState.DONE, 4)):
        for _ in range(number):
            OutboxMessage.objects.create(kind="vendor.stop", destination="vendor", state=state)
    OutboxMessage.objects.create(kind="credit", destination="lms")
    known = rows(other="")
    assert set(known) == {"vendor", "other"}
    assert (known["vendor"].waiting, known["vendor"].dead) == (3, 2)
    assert str(Contact(name="vendor")) == "vendor"


def test_a_machine_that_was_left_is_not_told_of_for_ever(clock):
    note_failure(Contact, "former", "vendor_timeout")
    note_success(Contact, "vendor")
    clock.shift(timedelta(days=31))
    assert set(rows(vendor="")) == {"vendor"}
    assert rows(vendor="")["vendor"].succeeded_at == START
