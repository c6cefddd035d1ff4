"""What vendors told us and what we have to tell, as staff see it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.utils import timezone

from proctoring.common.crypto import Keyring
from proctoring.common.inbox import Envelope, InboxState, mark, store
from proctoring.common.outbox import OutboxState
from proctoring.conf import config
from proctoring.models import InboxDelivery, OutboxMessage, StaffAction
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory
from tests.proctoring.admin.conftest import Screens, told

INBOX, OUTBOX = "inboxdelivery", "outboxmessage"


def delivery(state: InboxState = InboxState.FAILED, **fields: Any) -> InboxDelivery:
    values = {"source": "mock", "kind": "ready", "subject": "attempt-1", "body": b"{}"} | fields
    kept = store(InboxDelivery, Envelope(**values), config.keyring)
    mark(kept, state, "KeyError")
    return kept


def message(state: OutboxState = OutboxState.DEAD, **fields: Any) -> OutboxMessage:
    return OutboxMessage.objects.create(kind="mail.status", destination="mail", state=state, **fields)


@pytest.mark.parametrize("model", [INBOX, OUTBOX])
def test_messages_are_only_read(screens: Screens, model: str) -> None:
    pk = delivery().pk if model == INBOX else message().pk

    assert screens.row(model, pk).status_code == 200
    assert screens.save(model, pk, state="done").status_code == 403
    assert screens.add(model).status_code == 403
    assert screens.delete(model, pk).status_code == 403


@pytest.mark.parametrize(
    "query", [{"state__exact": "failed"}, {"source": "mock"}, {"kind": "ready"}, {"q": "attempt-1"}]
)
def test_deliveries_are_filtered_and_searched(screens: Screens, query: dict[str, str]) -> None:
    wanted = delivery()
    delivery(InboxState.APPLIED, source="null", kind="review", subject="attempt-2")

    assert screens.found(INBOX, **query) == [wanted]


KEY = "0b3ad0f2-4f3a-4c3c-9f3b-0123456789ab"


@pytest.mark.parametrize(
    "query",
    [
        {"state__exact": "dead"},
        {"kind__exact": "mail.status"},
        {"destination__exact": "mail"},
        {"q": KEY},
        {"q": "mail:12"},
    ],
)
def test_outgoing_messages_are_filtered_and_searched(screens: Screens, query: dict[str, str]) -> None:
    wanted = message(key=KEY, stream="mail:12")
    OutboxMessage.objects.create(kind="credit", destination="lms")

    assert screens.found(OUTBOX, **query) == [wanted]


def test_the_contents_of_a_delivery_take_a_permission(screens_with: Callable[..., Screens]) -> None:
    kept = delivery(body=b'{"name": "<i>Alice</i>"}')
    looker = screens_with("view_inboxdelivery")
    reader = screens_with("view_inboxdelivery", "view_inboxdelivery_payload")

    assert "Alice" not in looker.row(INBOX, kept.pk).content.decode()
    page = reader.row(INBOX, kept.pk).content.decode()
    assert "&lt;i&gt;Alice&lt;/i&gt;" in page


def test_a_delivery_whose_key_is_gone_can_still_be_looked_at(screens: Screens) -> None:
    kept = delivery(body=b"secret")
    lost = Keyring({"lost": b"0" * 32}).encrypt(b"secret", b"")
    InboxDelivery.objects.update(body=lost)

    page = screens.row(INBOX, kept.pk)

    assert page.status_code == 200
    assert "secret" not in page.content.decode()


def test_the_contents_of_an_outgoing_message_take_a_permission(screens_with: Callable[..., Screens]) -> None:
    kept = message(payload={"name": "<i>Alice</i>"})
    looker = screens_with("view_outboxmessage")
    reader = screens_with("view_outboxmessage", "view_outboxmessage_payload")

    assert "Alice" not in looker.row(OUTBOX, kept.pk).content.decode()
    assert "&lt;i&gt;Alice&lt;/i&gt;" in reader.row(OUTBOX, kept.pk).content.decode()


def do(screens: Screens, model: str, verb: str, pk: int, reason: str = "repaired") -> HttpResponse:
    return screens.do(model, pk, verb, reason)


@pytest.mark.django_db(transaction=True)
def test_a_delivery_is_applied_again(screens: Screens) -> None:
    attempt = AttemptFactory(proctored_exam__backend="mock")
    kept = delivery(subject=attempt.external_id)

    response = do(screens, INBOX, "apply-again", kept.pk)

    attempt.refresh_from_db()
    assert attempt.status == Status.ready_to_start
    assert told(response) == [("success", f"Done: mock ready #{kept.pk} (applied).")]
    assert LogEntry.objects.get().change_message == "Apply again: repaired"
    assert told(do(screens, INBOX, "apply-again", kept.pk)) == [("error", "This was applied already.")]


@pytest.mark.django_db(transaction=True)
def test_one_refused_delivery_does_not_stop_the_others(screens: Screens) -> None:
    attempt = AttemptFactory(proctored_exam__backend="mock", submitted=True)
    refused = delivery(kind="review", subject=attempt.external_id, body=json.dumps([]).encode())
    unknown = delivery(subject="unknown")
    broken = delivery(kind="unheard of", subject="attempt-3")
    fine = delivery(subject=attempt.external_id)

    planned = screens.act(INBOX, "apply-again", [refused.pk, unknown.pk, broken.pk, fine.pk])
    assert "4 rows" in screens.client.get(planned["Location"]).content.decode()
    screens.client.post(planned["Location"], {"reason": "the vendor repaired its address"})

    action = StaffAction.objects.get()
    assert (action.done, action.refused) == (1, 3)
    assert [pk for pk, _ in action.refusals] == [refused.pk, unknown.pk, broken.pk]


@pytest.mark.django_db(transaction=True)
def test_dead_letters_are_sent_again(screens: Screens) -> None:
    dead, waiting = message(), message(OutboxState.PENDING)

    planned = screens.act(OUTBOX, "send-again", [dead.pk, waiting.pk])
    screens.client.post(planned["Location"], {"reason": "the mail server is back"})

    dead.refresh_from_db()
    action = StaffAction.objects.get()
    # What is not known how to be done fails again, and waits for its next try.
    assert dead.state != OutboxState.DEAD
    assert (action.done, action.refusals) == (1, [[waiting.pk, "This is not a dead letter."]])


@pytest.mark.parametrize(
    ("model", "verb", "permission"),
    [(INBOX, "apply-again", "replay_inboxdelivery"), (OUTBOX, "send-again", "redeliver_outboxmessage")],
)
def test_trying_again_takes_a_permission(
    screens_with: Callable[..., Screens], model: str, verb: str, permission: str
) -> None:
    pk = delivery().pk if model == INBOX else message().pk
    looker, operator = screens_with(f"view_{model}"), screens_with(f"view_{model}", permission)

    assert verb not in looker.rows(model).content.decode()
    assert verb not in looker.row(model, pk).content.decode()
    assert do(looker, model, verb, pk).status_code == 403
    looker.act(model, verb, [pk])
    assert not StaffAction.objects.exists()
    assert verb in operator.rows(model).content.decode()
    assert verb in operator.row(model, pk).content.decode()
    assert operator.act(model, verb, [pk]).status_code == 302
    assert StaffAction.objects.get().by == operator.user


@pytest.mark.parametrize(
    ("state", "due", "said"),
    [
        (InboxState.RECEIVED, True, "is applied by the schedule soon"),
        (InboxState.APPLIED, False, "It has had its effect"),
        (InboxState.REFUSED, False, "its sender was told so"),
        (InboxState.FAILED, True, "It is tried again"),
        (InboxState.FAILED, False, "It is not tried any more"),
    ],
)
def test_a_delivery_says_what_to_do_next(screens: Screens, state: InboxState, due: bool, said: str) -> None:
    kept = delivery()
    InboxDelivery.objects.update(state=state, due_at=timezone.now() if due else None)

    assert said in screens.row(INBOX, kept.pk).content.decode()


@pytest.mark.parametrize(
    ("state", "error", "said"),
    [
        (OutboxState.PENDING, "", "waits for a worker"),
        (OutboxState.PENDING, "Timeout", "It failed, and is tried again"),
        (OutboxState.DONE, "", "It was done"),
        (OutboxState.DEAD, "Timeout", "It was given up"),
    ],
)
def test_a_message_says_what_to_do_next(screens: Screens, state: OutboxState, error: str, said: str) -> None:
    assert said in screens.row(OUTBOX, message(state, error_code=error).pk).content.decode()


@pytest.mark.parametrize("model", [INBOX, OUTBOX])
@pytest.mark.parametrize("term", ["\0", "a\0b", "x" * 3000, "9" * 300, "%", "'", "٣"])
def test_whatever_is_searched_for_there_is_an_answer(screens: Screens, model: str, term: str) -> None:
    delivery()
    message()

    assert screens.rows(model, q=term).status_code == 200


def test_a_longer_list_takes_no_more_queries(screens: Screens) -> None:
    for number in range(3):
        delivery(subject=f"attempt-{number}")
        message()
    few = [screens.queries(INBOX), screens.queries(OUTBOX)]
    for number in range(3, 30):
        delivery(subject=f"attempt-{number}")
        message()

    assert [screens.queries(INBOX), screens.queries(OUTBOX)] == few
