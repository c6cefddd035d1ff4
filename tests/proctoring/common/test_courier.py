"""Working through an outbox, on the table of this app."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from proctoring.common.courier import HERE, Courier, Patience
from proctoring.models import Contact, OutboxMessage

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Died(BaseException):
    """What ends a process."""


def courier(effects=None, calls=None):
    return Courier(
        OutboxMessage,
        effects=effects or {},
        calls=calls or {},
        patience=lambda: Patience(base=timedelta(seconds=1), max_age=timedelta(days=1)),
        contacts=Contact,
    )


def message(**fields):
    return OutboxMessage.objects.create(**{"kind": "kind", "destination": "there", **fields})


@pytest.mark.django_db
@pytest.mark.parametrize("place", [HERE, "there"])
def test_what_fails_slowly_is_tried_once_in_a_pass(place):
    tries = []
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(2):
            message(destination=place, payload={"number": number})

        def fails(payload):
            tries.append(payload["number"])
            if len(tries) > 9:
                raise Died
            clock.shift(30)
            raise ValueError

        handlers = {"kind": fails}
        worker = courier(effects=handlers) if place == HERE else courier(calls=handlers)
        assert worker.do_due() == 2
        clock.shift(30)
        assert worker.do_due() == 2
    assert tries == [0, 1, 0, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", [HERE, "there"])
class TestWhoDies:
    def test_in_an_effect_has_done_nothing(self, place):
        row = message(destination=place)

        def dies(payload):
            message(kind="another")
            raise Died

        with pytest.raises(Died):
            courier(effects={"kind": dies}).do_due()
        row.refresh_from_db()
        assert (row.state, OutboxMessage.objects.count()) == ("pending", 1)

    def test_in_a_call_has_not_marked_it(self, place):
        row, in_transaction = message(destination=place), []

        def dies(payload):
            in_transaction.append(connection.in_atomic_block)
            raise Died

        with pytest.raises(Died):
            courier(calls={"kind": dies}).do_due()
        row.refresh_from_db()
        assert (row.state, in_transaction) == ("pending", [False])


@pytest.mark.django_db(transaction=True)
def test_what_an_effect_does_after_commit_and_fails_stops_no_other_effect():
    rows, done = [message(destination=HERE, payload={"number": number}) for number in range(3)], []

    def follows(payload):
        def after():
            if payload["number"] == 0:
                raise ValueError
            done.append(payload["number"])

        transaction.on_commit(after)

    assert courier(effects={"kind": follows}).do_effects([row.pk for row in rows]) == 3
    assert done == [1, 2]
    assert {row.state for row in OutboxMessage.objects.all()} == {"done"}


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_ends_its_process_each_time_holds_up_no_other():
    message(destination=HERE, kind="deadly")
    kind = message(destination=HERE)

    def dies(payload):
        raise Died

    worker = courier(effects={"deadly": dies, "kind": lambda payload: None})
    with pytest.raises(Died):
        worker.do_due()
    assert OutboxMessage.objects.get(kind="deadly").tries == 1
    # As the lease ends that both were taken under.
    OutboxMessage.objects.filter(pk=kind.pk).update(leased_until=None)
    worker.do_due()
    kind.refresh_from_db()
    assert kind.state == "done"


@pytest.mark.django_db
def test_strangers_are_told_under_a_lease_of_their_own():
    others = [message(destination=HERE) for _ in range(3)]
    leased = []

    def told(payload):
        leased.append(OutboxMessage.objects.exclude(leased_until=None).count())

    assert courier(calls={"kind": told}).do_effects([row.pk for row in others]) == 3
    assert leased == [1, 1, 1]
