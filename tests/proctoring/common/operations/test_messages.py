"""Inbox and outbox as an operator sees them, on the tables of this app."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proctoring.common.inbox import InboxState
from proctoring.common.operations import Level, messages
from proctoring.common.outbox import OutboxState
from proctoring.models import InboxDelivery, OutboxMessage

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def came(state, *, ago=HOUR, due=None, error="KeyError"):
    now = timezone.now()
    number = InboxDelivery.objects.count()
    due_at = None if due is None else now + due
    return InboxDelivery.objects.create(
        source="vendor", kind="review", subject="s", delivery_id=str(number), body=b"", body_size=0, state=state,
        error_code=error, received_at=now - ago, due_at=due_at,
    )  # fmt: skip


def goes(state=OutboxState.PENDING, *, due=timedelta(0), **fields):
    values = {"kind": "mail.status", "destination": "mail"} | fields
    return OutboxMessage.objects.create(state=state, due_at=timezone.now() + due, **values)


def inbox():
    return {row.key.removeprefix("inbox."): row for row in messages.inbox_rows(InboxDelivery, timezone.now())}


def outbox():
    pending = messages.undone(OutboxMessage, OutboxState.PENDING)
    return {
        row.key.removeprefix("outbox."): row for row in messages.outbox_rows(OutboxMessage, pending, timezone.now())
    }


def dead():
    return messages.dead_rows(OutboxMessage, messages.undone(OutboxMessage, OutboxState.DEAD))


def said(row):
    return row.count, row.level


def test_nothing_is_well():
    assert {said(row) for row in [*inbox().values(), *outbox().values()]} == {(0, Level.OK)}
    assert dead() == []


@pytest.mark.parametrize(("late", "level"), [(1, Level.OK), (6, Level.ATTENTION), (31, Level.BROKEN)])
def test_what_nobody_applies(late, level):
    came(InboxState.RECEIVED, due=-late * MINUTE)
    came(InboxState.RECEIVED, due=MINUTE)
    came(InboxState.APPLIED)
    came(InboxState.REFUSED)
    assert said(inbox()["waiting"]) == (1, level)


def test_what_could_not_be_applied_is_tried_again_until_it_is_not():
    came(InboxState.FAILED, due=HOUR, error="First")
    newest = came(InboxState.FAILED, due=HOUR, ago=MINUTE, error="Last")
    came(InboxState.FAILED)
    rows = inbox()
    assert said(rows["failed"]) == (2, Level.ATTENTION)
    assert (rows["failed"].error_code, rows["failed"].oldest < newest.received_at) == ("Last", True)
    assert said(rows["given_up"]) == (1, Level.ATTENTION)
    assert "nothing else will" in rows["given_up"].to_do


def test_what_failed_and_is_not_tried_again_in_time_is_as_bad_as_what_nobody_applies():
    came(InboxState.FAILED, due=-HOUR)
    assert inbox()["failed"].level is Level.BROKEN


@pytest.mark.parametrize(("late", "level"), [(1, Level.OK), (6, Level.ATTENTION), (31, Level.BROKEN)])
def test_what_no_worker_takes(late, level):
    goes(due=-late * MINUTE)
    goes(due=HOUR)
    goes(OutboxState.DONE, due=-HOUR)
    assert said(outbox()["waiting"]) == (1, level)


def test_what_a_worker_has_taken():
    goes(due=-HOUR, leased_until=timezone.now() + MINUTE)
    assert said(outbox()["waiting"]) == (0, Level.OK)
    goes(due=-2 * MINUTE, leased_until=timezone.now() - MINUTE)
    assert said(outbox()["waiting"]) == (1, Level.OK)
    assert said(outbox()["lapsed"]) == (1, Level.ATTENTION)


def test_retries_are_ordinary_for_an_hour():
    goes(due=MINUTE, tries=2, error_code="vendor_timeout")
    assert said(outbox()["retrying"]) == (1, Level.OK)
    goes(due=MINUTE, tries=9, error_code="vendor_timeout", created=timezone.now() - 2 * HOUR)
    assert said(outbox()["retrying"]) == (2, Level.ATTENTION)
    assert outbox()["retrying"].error_code == "vendor_timeout"


def test_what_waits_behind_another_one_is_nobodys_fault():
    goes(due=HOUR, stream="vendor:1", tries=3, error_code="vendor_timeout")
    goes(due=-2 * HOUR, stream="vendor:1")
    goes(due=-2 * HOUR, stream="vendor:1")
    rows = outbox()
    assert said(rows["waiting"]) == (0, Level.OK)
    assert said(rows["behind"]) == (2, Level.OK)


def test_dead_letters_by_destination_and_kind():
    goes(OutboxState.DEAD, due=-HOUR, error_code="First", created=timezone.now() - 3 * HOUR)
    goes(OutboxState.DEAD, due=-MINUTE, error_code="Last")
    goes(OutboxState.DEAD, kind="vendor.stop", destination="watcher", error_code="Other")
    rows = dead()
    assert [(row.destination, row.kind, row.count, row.error_code, row.level) for row in rows] == [
        ("mail", "mail.status", 2, "Last", Level.ATTENTION),
        ("watcher", "vendor.stop", 1, "Other", Level.ATTENTION),
    ]
    assert timezone.now() - rows[0].oldest > 2 * HOUR
    assert rows[0].link.query == {
        "state__exact": "dead",
        "destination__exact": "mail",
        "kind__exact": "mail.status",
    }
