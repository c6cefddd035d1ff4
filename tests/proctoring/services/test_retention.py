"""How long messages are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proctoring import tasks
from proctoring.common import inbox as inbox_table
from proctoring.common import outbox as outbox_table
from proctoring.common.inbox import Envelope, store
from proctoring.common.retention.policies import PurgeIncomplete, deleted
from proctoring.conf import config
from proctoring.models import InboxDelivery, OutboxMessage
from proctoring.services import retention

pytestmark = pytest.mark.django_db


def received(state, days, **fields):
    envelope = Envelope("watcher", "review", "theirs", b"{}", delivery_id=f"{state}-{days}-{fields}")
    delivery = store(InboxDelivery, envelope, config.keyring)
    then = timezone.now() - timedelta(days=days)
    InboxDelivery.objects.filter(pk=delivery.pk).update(
        **{"state": state, "received_at": then, "due_at": None} | fields
    )
    return delivery


def sent(state, days, kind="vendor.stop"):
    then = timezone.now() - timedelta(days=days)
    done_at = then if state == "done" else None
    return OutboxMessage.objects.create(kind=kind, state=state, due_at=then, created=then, done_at=done_at)


def rows_of(batches):
    return sum(batch.rows for batch in batches)


def left(model):
    return set(model.objects.values_list("state", flat=True))


def test_callbacks_that_were_judged_go_after_half_a_year():
    for state in ("received", "applied", "refused", "failed"):
        received(state, 179)
        received(state, 181)

    assert tasks.purge_exam_data() == 3
    assert InboxDelivery.objects.count() == 5
    assert left(InboxDelivery) == {"received", "applied", "refused", "failed"}


def test_what_is_still_tried_is_never_lost():
    received("failed", 5000, due_at=timezone.now())
    received("received", 5000, due_at=timezone.now())

    assert retention.purge() == 0


def test_messages_that_were_sent_go_after_a_month_and_dead_letters_stay():
    for state in ("pending", "done", "dead"):
        sent(state, 29)
        sent(state, 5000)

    assert retention.purge() == 1
    assert sorted(OutboxMessage.objects.values_list("state", flat=True)) == [
        "dead",
        "dead",
        "done",
        "pending",
        "pending",
    ]


def test_a_message_that_was_late_counts_from_when_it_was_done():
    message = sent("done", 40)
    OutboxMessage.objects.filter(pk=message.pk).update(done_at=timezone.now() - timedelta(days=20))

    assert retention.purge() == 0


@pytest.mark.parametrize("kind", retention.REMEMBERED)
def test_what_keeps_us_from_saying_things_twice_is_kept_for_a_year(kind):
    sent("done", 300, kind)
    sent("done", 400, kind)

    assert retention.purge() == 1


def test_a_site_may_keep_more_or_less(settings):
    settings.PROCTORING_SETTINGS = {"INBOX_RETENTION_DAYS": 10, "OUTBOX_RETENTION_DAYS": "1000"}
    received("applied", 11)
    sent("done", 400, retention.REMEMBERED[0])

    assert retention.purge() == 1
    assert OutboxMessage.objects.exists()


def test_as_many_as_there_are_some_at_a_time(django_assert_num_queries):
    for day in range(200, 207):
        received("applied", day)
        sent("done", day)

    # Three times some to look for and to delete, and once more to see that there is no more.
    with django_assert_num_queries(7):
        assert rows_of(deleted(inbox_table.judged(InboxDelivery, timezone.now()), 3)) == 7
    with django_assert_num_queries(7):
        assert rows_of(deleted(outbox_table.sent(OutboxMessage.objects.all(), timezone.now()), 3)) == 7


@pytest.mark.parametrize("days", [0, -1, "soon", float("nan"), float("inf"), None])
@pytest.mark.parametrize("key", ["INBOX_RETENTION_DAYS", "OUTBOX_RETENTION_DAYS"])
def test_nobody_keeps_nothing_by_accident(settings, key, days):
    settings.PROCTORING_SETTINGS = {key: days}
    received("applied", 5000)

    with pytest.raises(PurgeIncomplete):
        retention.purge()
    assert InboxDelivery.objects.exists() or key == "OUTBOX_RETENTION_DAYS"
