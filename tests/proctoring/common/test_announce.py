from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction

from proctoring.common.announce import Announcement, announce, announce_once

Committed = Callable[[], AbstractContextManager[Any]]
SECRET = "Ada Lovelace, ada@example.org"


class Listener:
    """Remembers what it was told; has no name of its own, as an object has not."""

    def __init__(self, fails: bool = False) -> None:
        self.heard: list[dict[str, Any]] = []
        self.fails = fails

    def __call__(self, sender: object, **payload: Any) -> None:
        del payload["signal"]
        self.heard.append({"sender": sender, **payload})
        if self.fails:
            raise ValueError(SECRET)


@pytest.fixture
def signal() -> Announcement:
    return Announcement()


@pytest.fixture
def listener(signal: Announcement) -> Listener:
    listener = Listener()
    signal.connect(listener)
    return listener


@pytest.mark.django_db
def test_listeners_are_told_after_commit(signal: Announcement, listener: Listener, committed: Committed) -> None:
    with committed(), transaction.atomic():
        announce(signal, "sender", exam=7)
        assert listener.heard == []

    assert listener.heard == [{"sender": "sender", "exam": 7}]


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_announced(signal: Announcement, listener: Listener, committed: Committed) -> None:
    with committed(), transaction.atomic():
        announce(signal, "sender")
        transaction.set_rollback(True)

    assert listener.heard == []


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_it_is_announced_at_once(signal: Announcement, listener: Listener) -> None:
    announce(signal, "sender")

    assert len(listener.heard) == 1


@pytest.mark.django_db
def test_announcements_come_in_order(signal: Announcement, listener: Listener, committed: Committed) -> None:
    with committed():
        for number in range(3):
            announce(signal, "sender", number=number)

    assert [told["number"] for told in listener.heard] == [0, 1, 2]


@pytest.mark.django_db
def test_a_failing_listener_keeps_nobody_from_hearing(
    signal: Announcement, committed: Committed, caplog: pytest.LogCaptureFixture
) -> None:
    listeners = [Listener(), Listener(fails=True), Listener()]
    for each in listeners:
        signal.connect(each)

    with committed():
        announce(signal, "sender", exam=7)
        announce(signal, "sender", exam=8)

    assert [[told["exam"] for told in each.heard] for each in listeners] == [[7, 8]] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "A listener failed: listener=Listener error=ValueError"
    ] * 2


@pytest.mark.django_db
def test_a_failing_listener_is_logged_by_name_and_kind_only(
    signal: Announcement, committed: Committed, caplog: pytest.LogCaptureFixture
) -> None:
    def forgetful(**payload: Any) -> None:
        raise LookupError(SECRET)

    signal.connect(forgetful)
    with committed():
        announce(signal, "sender", name=SECRET)

    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert "forgetful" in record.getMessage()
    assert "LookupError" in record.getMessage()
    assert record.exc_info is None
    assert SECRET not in caplog.text


@pytest.mark.django_db
def test_nobody_has_to_listen(committed: Committed) -> None:
    with committed():
        announce(Announcement(), "sender")


@pytest.mark.django_db
def test_once_is_once_a_transaction(signal: Announcement, listener: Listener, committed: Committed) -> None:
    with committed(), transaction.atomic():
        announce_once(signal, "sender")
        announce_once(signal, "another")
        with transaction.atomic():
            announce_once(signal, "sender")
        announce(signal, "sender", exam=7)

    assert listener.heard == [{"sender": "sender"}, {"sender": "another"}, {"sender": "sender", "exam": 7}]


@pytest.mark.django_db
def test_once_counts_what_was_not_undone(signal: Announcement, listener: Listener, committed: Committed) -> None:
    with committed(), transaction.atomic():
        with transaction.atomic():
            announce_once(signal, "sender")
            transaction.set_rollback(True)
        announce_once(signal, "sender")

    assert listener.heard == [{"sender": "sender"}]
