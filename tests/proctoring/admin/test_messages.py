"""What vendors told us and what we have to tell, as staff see it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from proctoring.common.crypto import Keyring
from proctoring.common.inbox import Envelope, InboxState, mark, store
from proctoring.common.outbox import OutboxState
from proctoring.conf import config
from proctoring.models import InboxDelivery, OutboxMessage
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


@pytest.mark.parametrize("query", [{"state__exact": "failed"}, {"source": "mock"}, {"q": "attempt-1"}])
def test_deliveries_are_filtered_and_searched(screens: Screens, query: dict[str, str]) -> None:
    wanted = delivery()
    delivery(InboxState.APPLIED, source="null", subject="attempt-2")

    assert screens.found(INBOX, **query) == [wanted]


@pytest.mark.parametrize("query", [{"state__exact": "dead"}, {"q": "mail"}])
def test_outgoing_messages_are_filtered_and_searched(screens: Screens, query: dict[str, str]) -> None:
    wanted = message()
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


def test_what_is_in_an_outgoing_message_is_not_shown(screens: Screens) -> None:
    kept = message(payload={"name": "Alice"})

    assert "Alice" not in screens.row(OUTBOX, kept.pk).content.decode()


def test_a_delivery_is_applied_again(screens: Screens) -> None:
    attempt = AttemptFactory(proctored_exam__backend="mock")
    kept = delivery(subject=attempt.external_id)

    response = screens.act(INBOX, "replay", [kept.pk])

    attempt.refresh_from_db()
    assert attempt.status == Status.ready_to_start
    assert told(response) == [("success", f"#{kept.pk}: applied")]


def test_one_refused_delivery_does_not_stop_the_others(screens: Screens) -> None:
    attempt = AttemptFactory(proctored_exam__backend="mock", submitted=True)
    refused = delivery(kind="review", subject=attempt.external_id, body=json.dumps([]).encode())
    unknown = delivery(subject="unknown")
    broken = delivery(kind="unheard of", subject="attempt-3")
    fine = delivery(subject=attempt.external_id)

    response = screens.act(INBOX, "replay", [refused.pk, unknown.pk, broken.pk, fine.pk])

    levels = {text.split(":")[0]: level for level, text in told(response)}
    assert levels == {
        f"#{refused.pk}": "error",
        f"#{unknown.pk}": "error",
        f"#{broken.pk}": "error",
        f"#{fine.pk}": "success",
    }


def test_a_dead_letter_is_sent_again(screens: Screens) -> None:
    dead, waiting = message(), message(OutboxState.PENDING)

    response = screens.act(OUTBOX, "send_again", [dead.pk, waiting.pk])

    dead.refresh_from_db()
    assert dead.state == OutboxState.PENDING
    assert [level for level, _ in told(response)] == ["success", "warning"]


@pytest.mark.parametrize(
    ("model", "action", "permission"),
    [(INBOX, "replay", "replay_inboxdelivery"), (OUTBOX, "send_again", "redeliver_outboxmessage")],
)
def test_trying_again_takes_a_permission(
    screens_with: Callable[..., Screens], model: str, action: str, permission: str
) -> None:
    pk = delivery().pk if model == INBOX else message().pk
    looker, operator = screens_with(f"view_{model}"), screens_with(f"view_{model}", permission)

    assert action not in looker.rows(model).content.decode()
    looker.act(model, action, [pk])
    if model == INBOX:
        assert InboxDelivery.objects.get().tries == 1
    else:
        assert OutboxMessage.objects.get().state == OutboxState.DEAD
    assert action in operator.rows(model).content.decode()
    assert told(operator.act(model, action, [pk]))


def test_a_longer_list_takes_no_more_queries(screens: Screens) -> None:
    for number in range(3):
        delivery(subject=f"attempt-{number}")
        message()
    few = [screens.queries(INBOX), screens.queries(OUTBOX)]
    for number in range(3, 30):
        delivery(subject=f"attempt-{number}")
        message()

    assert [screens.queries(INBOX), screens.queries(OUTBOX)] == few
