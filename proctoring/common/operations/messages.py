"""
What lies in an inbox and an outbox, as rows of a report.

Each function reads a table once, by an index, and no more than ``CAP`` rows of it: what is finished is not looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proctoring.common.inbox import AbstractInboxDelivery, InboxState
from proctoring.common.operations.report import CAP, Count, Level, Link, Row, Stuck, graded, worst
from proctoring.common.outbox import AbstractOutboxMessage, OutboxState

# A worker that is there begins within a minute or two.
SOON, LATE = timedelta(minutes=5), timedelta(minutes=30)
# Others may be away for a while; that is what retries are for.
PATIENCE = timedelta(hours=1)


class Pending(NamedTuple):
    """What is known of a message that is not done."""

    pk: int
    destination: str
    kind: str
    stream: str
    tries: int
    due_at: datetime
    leased_until: datetime | None
    error_code: str
    created: datetime


class Kept(NamedTuple):
    """What is known of a delivery that was not applied."""

    received_at: datetime
    due_at: datetime | None
    error_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters(Row):
    """Messages of one kind for one destination that were given up."""

    columns = (
        ("destination", gettext_lazy("destination")),
        ("count", gettext_lazy("number")),
        ("oldest", gettext_lazy("oldest")),
        ("error_code", gettext_lazy("last error")),
    )

    destination: str
    kind: str
    count: Count
    oldest: datetime
    error_code: str


def undone(model: type[AbstractOutboxMessage], state: OutboxState) -> list[Pending]:
    """The messages in this state, the longest due first; of more than ``CAP``, the first ones."""
    rows = model._default_manager.filter(state=state).order_by("due_at")
    return [Pending(*row) for row in rows.values_list(*Pending._fields)[:CAP]]


def inbox_rows(model: type[AbstractInboxDelivery], now: datetime) -> list[Row]:
    """Deliveries that were not applied. Two statements."""
    in_state = model._default_manager.filter
    received = _kept(in_state(state=InboxState.RECEIVED, due_at__lte=now))
    failed = _kept(in_state(state=InboxState.FAILED))
    tried_again, given_up = [one for one in failed if one.due_at], [one for one in failed if not one.due_at]
    return [
        Stuck(
            key="inbox.waiting",
            what=_("Messages that came and wait to be applied"),
            level=_since_due(received, now),
            advice=_("Whoever received them died. They are applied on a schedule: see whether that runs."),
            link=_link(model, state__exact=InboxState.RECEIVED),
            **_of_deliveries(received),
        ),
        Stuck(
            key="inbox.failed",
            what=_("Messages that came and could not be applied yet"),
            level=worst([_if_any(tried_again), _since_due(tried_again, now)]),
            advice=_("They are tried again. Repair what the error says, or apply them now."),
            link=_link(model, state__exact=InboxState.FAILED),
            **_of_deliveries(tried_again),
        ),
        Stuck(
            key="inbox.given_up",
            what=_("Messages that came and are not tried any more"),
            level=_if_any(given_up),
            advice=_("Repair what the error says, then apply them again; nothing else will."),
            link=_link(model, state__exact=InboxState.FAILED, due_at__isnull="True"),
            **_of_deliveries(given_up),
        ),
    ]


def _kept(deliveries: "QuerySet[Any]") -> list[Kept]:
    rows = deliveries.order_by("received_at").values_list(*Kept._fields)
    return [Kept(*row) for row in rows[:CAP]]


def _of_deliveries(rows: Sequence[Kept]) -> dict[str, Any]:
    """Their number, the oldest one, and the newest one's error."""
    return {
        "count": Count(len(rows)),
        "oldest": rows[0].received_at if rows else None,
        "error_code": rows[-1].error_code if rows else "",
    }


def outbox_rows(model: type[AbstractOutboxMessage], pending: Iterable[Pending], now: datetime) -> list[Row]:
    """Messages that wait: for a worker, for their next try, and behind an earlier one."""
    heads, behind = _in_order(pending)
    due = [one for one in heads if one.due_at <= now and not (one.leased_until and one.leased_until > now)]
    lapsed = [one for one in heads if one.leased_until and one.leased_until <= now]
    retried = [one for one in heads if one.error_code and one.due_at > now]
    link = _link(model, state__exact=OutboxState.PENDING)
    return [
        Stuck(
            key="outbox.waiting",
            what=_("Messages that wait for a worker"),
            level=_since_due(due, now),
            advice=_("No worker takes them: see whether workers and the schedule run."),
            link=link,
            **_of_messages(due) | {"oldest": min((one.due_at for one in due), default=None)},
        ),
        Stuck(
            key="outbox.lapsed",
            what=_("Messages whose worker did not come back"),
            level=_if_any(lapsed),
            advice=_("Another worker takes them. See whether workers are killed, for want of memory for example."),
            link=link,
            **_of_messages(lapsed)
            | {"oldest": min((one.leased_until for one in lapsed if one.leased_until), default=None)},
        ),
        Stuck(
            key="outbox.retrying",
            what=_("Messages that failed and wait for their next try"),
            level=graded(min((one.created for one in retried), default=None), now, PATIENCE),
            advice=_("They are tried again until they are dead letters. See below who does not answer."),
            link=link,
            **_of_messages(retried),
        ),
        Stuck(
            key="outbox.behind",
            what=_("Messages behind an earlier one about the same thing"),
            link=link,
            **_of_messages(behind),
        ),
    ]


def _in_order(pending: Iterable[Pending]) -> tuple[list[Pending], list[Pending]]:
    """The first message of each stream, and the others."""
    seen, heads, behind = set[str](), list[Pending](), list[Pending]()
    for one in sorted(pending, key=lambda one: one.pk):
        (behind if one.stream and one.stream in seen else heads).append(one)
        seen.add(one.stream)
    return heads, behind


def _of_messages(messages: Sequence[Pending]) -> dict[str, Any]:
    """Their number, since when the oldest one is there, and an error."""
    return {
        "count": Count(len(messages)),
        "oldest": min((one.created for one in messages), default=None),
        "error_code": next((one.error_code for one in reversed(messages) if one.error_code), ""),
    }


def _since_due(rows: Iterable[Kept | Pending], now: datetime) -> Level:
    """How bad it is that nobody has taken what was due."""
    return graded(min((row.due_at for row in rows if row.due_at), default=None), now, SOON, LATE)


def _if_any(rows: Sequence[Any]) -> Level:
    return Level.ATTENTION if rows else Level.OK


def dead_rows(model: type[AbstractOutboxMessage], dead: Iterable[Pending]) -> list[Row]:
    """Dead letters by destination and kind."""
    groups: defaultdict[tuple[str, str], list[Pending]] = defaultdict(list)
    for one in dead:
        groups[one.destination, one.kind].append(one)
    return [_dead_letters(model, *group, messages) for group, messages in sorted(groups.items())]


def _dead_letters(
    model: type[AbstractOutboxMessage], destination: str, kind: str, messages: list[Pending]
) -> DeadLetters:
    return DeadLetters(
        key=f"{destination}.{kind}",
        what=kind,
        level=Level.ATTENTION,
        advice=_("Repair what the error says, then send them again; nothing else will."),
        link=_link(model, state__exact=OutboxState.DEAD, destination__exact=destination, kind__exact=kind),
        destination=destination,
        kind=kind,
        count=Count(len(messages)),
        oldest=min(one.created for one in messages),
        error_code=messages[-1].error_code,
    )


def _link(model: Any, **query: str) -> Link:
    return Link(model._meta.label_lower, {name: str(value) for name, value in query.items()})
