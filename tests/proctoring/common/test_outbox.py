"""The outbox's mechanics, on the table of this app."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proctoring.common import outbox
from proctoring.common.announce import Announcement
from proctoring.models import OutboxMessage

needs_row_locks = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time; `make test-services` runs this"
)


def message(**fields):
    return OutboxMessage.objects.create(**{"kind": "kind", "destination": "there", **fields})


@pytest.fixture
def filled():
    return Announcement()


@pytest.fixture
def announced(filled):
    """Ids of the messages that were announced, announcement by announcement."""
    heard = []

    def listener(sender, message_ids, **kwargs):
        heard.append((sender, message_ids))

    filled.connect(listener)
    yield heard
    filled.disconnect(listener)


def unwritten(number):
    return [OutboxMessage(kind="kind", destination="there", payload={"number": index}) for index in range(number)]


@pytest.mark.django_db
class TestWrite:
    @pytest.mark.parametrize("ids_are_told", [True, False])
    @pytest.mark.parametrize("number", [1, 3, 1200])
    def test_the_ids_are_those_of_the_messages(self, filled, announced, committed, monkeypatch, ids_are_told, number):
        if not ids_are_told:
            monkeypatch.setattr(type(connection.features), "can_return_rows_from_bulk_insert", False)
        with committed():
            ids = outbox.write(OutboxMessage, filled, iter(unwritten(number)))
        assert announced == [(OutboxMessage, ids)]
        numbers = dict(OutboxMessage.objects.values_list("pk", "payload"))
        assert [numbers[pk]["number"] for pk in ids] == list(range(number))
        assert ids == sorted(ids)

    def test_a_few_statements_for_any_number(self, filled):
        with CaptureQueriesContext(connection) as captured:
            outbox.write(OutboxMessage, filled, unwritten(60))
        assert len([query for query in captured if query["sql"].startswith("INSERT")]) == 1

    def test_nothing_is_announced_of_nothing(self, filled, announced, committed):
        with committed():
            assert outbox.write(OutboxMessage, filled, []) == []
        assert announced == []

    def test_what_is_rolled_back_is_not_announced(self, filled, announced, committed):
        with committed(), transaction.atomic():
            outbox.write(OutboxMessage, filled, unwritten(2))
            transaction.set_rollback(True)
        assert (announced, OutboxMessage.objects.count()) == ([], 0)


@pytest.mark.django_db
class TestRedeliver:
    def test_a_dead_letter(self, filled, announced, committed):
        dead = message(state="dead", error_code="gone", tries=3)
        with committed():
            assert outbox.redeliver(OutboxMessage, filled, dead.pk)
        dead.refresh_from_db()
        assert (dead.state, dead.tries, dead.error_code, announced) == ("pending", 0, "", [(OutboxMessage, [dead.pk])])

    @pytest.mark.parametrize("state", ["pending", "done"])
    def test_no_other(self, filled, announced, committed, state):
        with committed():
            assert not outbox.redeliver(OutboxMessage, filled, message(state=state).pk)
            assert not outbox.redeliver(OutboxMessage, filled, 10**6)
        assert announced == []


@pytest.mark.django_db
class TestClaim:
    def test_oldest_first_and_one_of_each_stream(self):
        first, _, other, loose, looser = [message(stream=stream) for stream in ("a", "a", "b", "", "")]
        assert outbox.claim(OutboxMessage.objects.all(), limit=10) == [first, other, loose, looser]

    def test_only_what_is_due(self):
        message(due_at=timezone.now() + timedelta(minutes=1))
        message(state="done")
        message(state="dead")
        assert outbox.claim(OutboxMessage.objects.all(), limit=10) == []

    def test_a_stream_waits_for_its_first_even_when_that_is_not_due(self):
        message(stream="a", due_at=timezone.now() + timedelta(minutes=1))
        message(stream="a")
        assert outbox.claim(OutboxMessage.objects.all(), limit=10) == []

    def test_a_dead_letter_does_not_hold_its_stream_up(self):
        message(stream="a", state="dead")
        second = message(stream="a")
        assert outbox.claim(OutboxMessage.objects.all(), limit=10) == [second]

    def test_a_claim_is_a_try_and_a_lease(self):
        written = message()
        now = timezone.now()
        (claimed,) = outbox.claim(OutboxMessage.objects.all(), limit=1, now=now)
        written.refresh_from_db()
        assert (written.tries, written.leased_until) == (claimed.tries, claimed.leased_until) == (1, now + outbox.LEASE)
        assert outbox.claim(OutboxMessage.objects.all(), limit=1, now=now) == []
        assert outbox.claim(OutboxMessage.objects.all(), limit=1, now=now + outbox.LEASE) == [written]

    def test_a_lease_that_was_taken_over_cannot_be_marked(self):
        message()
        (mine,) = outbox.claim(OutboxMessage.objects.all(), limit=1)
        outbox.claim(OutboxMessage.objects.all(), limit=1, now=timezone.now() + outbox.LEASE)
        with pytest.raises(outbox.LeaseLost):
            outbox.mark_done(mine)
        assert OutboxMessage.objects.get().state == "pending"


@pytest.mark.django_db
class TestHold:
    def test_a_try_counts_with_its_mark(self):
        written = [message(), message(tries=3), message(stream="a"), message(stream="a")]
        held = outbox.hold(OutboxMessage.objects.all(), limit=10)
        assert held == written[:3]
        outbox.mark_all_done(held)
        assert sorted(OutboxMessage.objects.values_list("state", "tries", "leased_until")) == [
            ("done", 1, None),
            ("done", 1, None),
            ("done", 4, None),
            ("pending", 0, None),
        ]

    def test_what_somebody_has_claimed_is_left_alone(self):
        message()
        outbox.claim(OutboxMessage.objects.all(), limit=1)
        assert outbox.hold(OutboxMessage.objects.all(), limit=1) == []

    def test_one_that_changed_meanwhile_cannot_be_marked(self):
        written = [message(), message()]
        held = outbox.hold(OutboxMessage.objects.all(), limit=2)
        OutboxMessage.objects.filter(pk=written[1].pk).update(tries=7)
        with pytest.raises(outbox.LeaseLost), transaction.atomic():
            outbox.mark_all_done(held)
        assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"pending"}


@pytest.mark.django_db
class TestMarks:
    BASE, AGE = timedelta(seconds=10), timedelta(days=1)

    def test_failures_wait_longer_each_time(self):
        delays = [outbox.retry_delay(tries, self.BASE).total_seconds() for tries in range(1, 60)]
        for tries, delay in enumerate(delays, start=1):
            whole = min(10 * 2 ** (tries - 1), 3600)
            assert whole / 2 <= delay <= whole

    def test_a_failed_message_waits(self):
        failed = message(tries=1)
        outbox.mark_failed(failed, "x" * 500, base=self.BASE, max_age=self.AGE)
        failed.refresh_from_db()
        assert (failed.state, len(failed.error_code)) == ("pending", 128)
        assert failed.due_at > timezone.now()

    def test_an_old_one_is_dead_and_can_be_revived(self):
        old = message(created=timezone.now() - timedelta(days=2), tries=9)
        outbox.mark_failed(old, "gone", base=self.BASE, max_age=self.AGE)
        old.refresh_from_db()
        assert (old.state, old.error_code, str(old)) == ("dead", "gone", f"kind #{old.pk} (dead)")
        assert outbox.revive(OutboxMessage.objects.all()) == 1
        assert outbox.revive(OutboxMessage.objects.all()) == 0
        old.refresh_from_db()
        assert (old.state, old.tries) == ("pending", 0)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_workers_never_get_the_same_message():
    for number in range(40):
        message(stream=f"s{number}")
    start = threading.Barrier(4)

    def work(_):
        try:
            start.wait(timeout=10)
            taken = []
            for _round in range(40):
                taken += [claimed.pk for claimed in outbox.claim(OutboxMessage.objects.all(), limit=3)]
            return taken
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        taken = [pk for pks in pool.map(work, range(4)) for pk in pks]
    assert sorted(taken) == sorted(OutboxMessage.objects.values_list("pk", flat=True))
