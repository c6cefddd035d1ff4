"""
The outbox in an operator's hands: what waits, having it all done now, and sending dead letters again.

How one message is done, and tried again later, is ``services.delivery``.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from proctoring.common import outbox
from proctoring.common.batches import FAILED, Batch, in_batches
from proctoring.common.outbox import OutboxState
from proctoring.models import OutboxMessage
from proctoring.services import audit, delivery

SENT, REVIVED, DUE, WAITING, DEAD = "sent", "revived", "due", "waiting", "dead letters"
# That a vendor is away shows in the messages for it that were not tried any more.
LEAST = 2


@dataclass(frozen=True, slots=True)
class Pile:
    """Messages of one kind for one destination: how many are due, wait, or are dead, and how old the oldest is."""

    destination: str
    kind: str
    counts: dict[str, int]
    age: timedelta


def messages(*, kind: str | None = None, destination: str | None = None) -> "QuerySet[OutboxMessage]":
    """What has not been done, dead letters too; of one kind, or for one destination."""
    rows = OutboxMessage.objects.exclude(state=OutboxState.DONE)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return rows.filter(destination=destination) if destination is not None else rows


def piles(rows: "QuerySet[OutboxMessage]") -> Iterator[Pile]:
    """What there is, sorted by destination and kind."""
    now = timezone.now()
    groups = rows.values("destination", "kind").annotate(
        number=Count("pk"),
        dead=Count("pk", filter=Q(state=OutboxState.DEAD)),
        due=Count("pk", filter=Q(state=OutboxState.PENDING, due_at__lte=now)),
        oldest=Min("created"),
    )
    for group in groups.order_by("destination", "kind"):
        counts = {DUE: group["due"], WAITING: group["number"] - group["due"] - group["dead"], DEAD: group["dead"]}
        yield Pile(group["destination"], group["kind"], counts, now - group["oldest"])


def revive(rows: "QuerySet[OutboxMessage]", size: int) -> Iterator[Batch]:
    """Give the dead letters among ``rows`` the full span of retries again; they are due at once."""
    for dead in in_batches(rows.filter(state=OutboxState.DEAD).only("pk"), size):
        with transaction.atomic():
            audit.write(audit.entry("outboxmessage.sent_again", message) for message in dead)
            revived = outbox.revive(OutboxMessage.objects.filter(pk__in=[message.pk for message in dead]))
        yield Batch(len(dead), {REVIVED: revived}, dead[-1].pk)


def deliver(rows: "QuerySet[OutboxMessage]", size: int) -> Iterator[Batch]:
    """
    Do those of ``rows`` that are due now, each once; then say what is left.

    It is one pass: a vendor that cannot be reached is left alone for the rest of it (contract since_6_1.md 6). What
    other workers do at the same time is left to them.
    """
    # What fails now is due later, and left for then: otherwise this could go on for as long as something fails.
    started, away, after = timezone.now(), set[str](), 0
    while True:
        due = outbox.due(rows.filter(due_at__lte=started, pk__gt=after).exclude(destination__in=away), max(size, LEAST))
        if due:
            counts, left_alone = _done(due)
            away |= left_alone
            yield Batch(len(due), counts, due[-1])
        elif not after:
            break
        # A message that is done makes way for the next one of its stream, which may stand before where we are.
        after = due[-1] if due else 0
    yield Batch(0, _left(rows))


def _done(message_ids: list[int]) -> tuple[Counter[str], set[str]]:
    """The outcomes of trying the messages; and the destinations of those that were not tried."""
    batch = OutboxMessage.objects.filter(pk__in=message_ids)
    tries = dict(batch.values_list("pk", "tries"))
    delivery.deliver_lms_effects(message_ids)
    delivery.deliver_remote(message_ids)
    counts: Counter[str] = Counter()
    left_alone = set()
    for message in batch.only("destination", "state", "tries", "leased_until"):
        if message.state == OutboxState.DONE:
            counts[SENT] += 1
        elif message.state == OutboxState.DEAD:
            counts[FAILED] += 1
        elif message.tries == tries[message.pk]:
            left_alone.add(message.destination)
        elif message.leased_until is None:
            counts[FAILED] += 1
    return counts, left_alone


def _left(rows: "QuerySet[OutboxMessage]") -> dict[str, int]:
    left = rows.aggregate(
        waiting=Count("pk", filter=Q(state=OutboxState.PENDING)), dead=Count("pk", filter=Q(state=OutboxState.DEAD))
    )
    return {WAITING: left["waiting"], DEAD: left["dead"]}
