"""Other machines, as rows of a report: what waits for them, and when they last did what they were asked to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proctoring.common.contacts import AbstractContact
from proctoring.common.courier import HERE
from proctoring.common.operations.messages import Pending
from proctoring.common.operations.report import Count, Level, Row

DOWN = timedelta(hours=1)
# A vendor that was left is not told of for ever.
LATELY = timedelta(days=30)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Row):
    """A machine; ``breaker`` is the state of its circuit breaker in this process, empty where it has none."""

    columns = (
        ("waiting", gettext_lazy("waiting")),
        ("dead", gettext_lazy("dead letters")),
        ("succeeded_at", gettext_lazy("last success")),
        ("failed_at", gettext_lazy("last failure")),
        ("error_code", gettext_lazy("last error")),
        ("breaker", gettext_lazy("breaker here")),
    )

    waiting: Count
    dead: Count
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    failing_since: datetime | None = None
    error_code: str = ""
    breaker: str = ""


def contact_rows(
    model: type[AbstractContact],
    breakers: Mapping[str, str],
    *,
    pending: Iterable[Pending],
    dead: Iterable[Pending],
    now: datetime,
) -> list[Row]:
    """
    The machines of ``breakers``, which has the state of each one's circuit breaker, and all that something is to be
    sent to, or was lately. One statement.
    """
    known = {contact.name: contact for contact in model._default_manager.order_by("name")[:1000]}
    lately = {name for name, contact in known.items() if _last_asked(contact) > now - LATELY}
    waiting, given_up = _by_destination(pending), _by_destination(dead)
    names = sorted(breakers.keys() | lately | waiting.keys() | given_up.keys())
    return [
        _row(known.get(name) or model(name=name), breakers.get(name, ""), waiting[name], given_up[name], now)
        for name in names
    ]


def _last_asked(contact: AbstractContact) -> datetime:
    return max(moment for moment in (LONG_AGO, contact.succeeded_at, contact.failed_at) if moment)


def _by_destination(messages: Iterable[Pending]) -> Counter[str]:
    return Counter(one.destination for one in messages if one.destination not in {"", HERE})


def _row(contact: AbstractContact, breaker: str, waiting: int, dead: int, now: datetime) -> Contact:
    level, advice = _judged(contact, breaker, now)
    return Contact(
        key=contact.name,
        what=contact.name,
        level=level,
        advice=advice,
        waiting=Count(waiting),
        dead=Count(dead),
        succeeded_at=contact.succeeded_at,
        failed_at=contact.failed_at,
        failing_since=contact.failing_since,
        error_code=contact.error_code,
        breaker=breaker,
    )


def _judged(contact: AbstractContact, breaker: str, now: datetime) -> tuple[Level, str]:
    since, lately = contact.failing_since, contact.failed_at
    if since is not None and lately is not None and now - since > DOWN and now - lately <= DOWN:
        return Level.BROKEN, _("It has not worked for over an hour. Ask whoever runs it, and check its settings here.")
    if since is not None:
        return Level.ATTENTION, _("The last call failed. What waits for it is sent when it works again.")
    if breaker not in {"", CLOSED}:
        return Level.ATTENTION, _("It failed several times in a row, and this process leaves it alone for a moment.")
    return Level.OK, ""
