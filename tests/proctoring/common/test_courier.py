"""Working through an outbox, on the table of this app."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

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
