"""
What an app keeps of people, kind by kind: why, since when a period counts, how long it is, and what comes then.

Words are for learners: they read them on a page of the app, and in their export.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from proctoring.common.batches import FAILED, Batch, in_batches

logger = logging.getLogger(__name__)

BATCH = 1000
UNTIL_RETIRED = gettext_lazy("Until your account is deleted.")
STAYS = gettext_lazy("As long as the records of courses are kept; it says your account's number, not your name.")

Rows = QuerySet[Any]
# Deals with the rows, at most so many at a time; talks to storages, so never within a transaction.
Clear = Callable[[Rows, int], Iterator[Batch]]


class PurgeIncomplete(Exception):
    """Some data that should be gone is still there; the log says of which kinds."""


def deleted(rows: Rows, size: int) -> Iterator[Batch]:
    """Delete the rows, in their own order. What has changed meanwhile, or is held now, stays."""
    while keys := list(rows.values_list("pk", flat=True)[:size]):
        gone = rows.order_by().filter(pk__in=keys).delete()[0]
        yield Batch(gone)
        if not gone:
            # Others took them, or took them over.
            return


def blanked(**values: Any) -> Clear:
    """Rows stay, and these columns of theirs get these values."""

    def clear(rows: Rows, size: int) -> Iterator[Batch]:
        for some in in_batches(rows.only("pk"), size):
            keys = [row.pk for row in some]
            yield Batch(rows.order_by().filter(pk__in=keys).update(**values), last=keys[-1])

    return clear


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """
    One kind of data. ``what`` it is, ``why`` it is kept, ``since`` what moment the period counts, and what happens
    ``at_end`` are for people.

    ``period`` gives None for data that has none, and then ``without_period`` says how long it stays. ``setting`` is the
    key that sets the period, empty where nothing does. ``due(before)`` are the rows whose period began before, without
    those that a hold keeps; ``clear`` deals with them.
    """

    kind: str
    what: str | Promise
    why: str | Promise
    since: str | Promise
    at_end: str | Promise
    setting: str = ""
    period: Callable[[], timedelta | None] = lambda: None
    without_period: Callable[[], str | Promise] = lambda: UNTIL_RETIRED
    due: Callable[[datetime], Rows] | None = None
    clear: Clear = deleted

    def over(self, now: datetime) -> Rows | None:
        """The rows whose period is over; None where it never is."""
        period = self.period()
        return self.due(now - period) if period is not None and self.due is not None else None

    @property
    def how_long(self) -> str:
        """The period in words."""
        period = self.period()
        if period is None:
            return str(self.without_period())
        hours = round(period.total_seconds() / 3600)
        if hours % 24:
            return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
        return ngettext("%(number)s day", "%(number)s days", hours // 24) % {"number": hours // 24}


def count(policies: Iterable[Policy]) -> Counter[str]:
    """Kind -> how many rows a purge would deal with now."""
    now = timezone.now()
    overs = {policy.kind: policy.over(now) for policy in policies}
    return Counter({kind: rows.count() for kind, rows in overs.items() if rows is not None})


def purge(policies: Iterable[Policy], size: int = BATCH) -> Iterator[Batch]:
    """
    Deal with what is over, kind by kind; ``counts`` are by kind, and ``FAILED``. A kind that fails stops no other.

    Talks to storages, so never within a transaction.
    """
    now = timezone.now()
    for policy in policies:
        try:
            yield from _purge(policy, now, size)
        # Whatever it is: the next kinds do not wait for it.
        except Exception as error:
            logger.error("A kind of data could not be purged: kind=%s error=%s", policy.kind, type(error).__name__)
            yield Batch(0, {FAILED: 1})


def _purge(policy: Policy, now: datetime, size: int) -> Iterator[Batch]:
    rows = policy.over(now)
    if rows is None:
        return
    for batch in policy.clear(rows, size):
        failed = batch.counts.get(FAILED, 0)
        counts = +Counter({policy.kind: batch.rows - failed, FAILED: failed})
        yield Batch(batch.rows, counts, batch.last)


def purge_all(policies: Iterable[Policy], purged: Callable[[Counter[str]], object]) -> int:
    """
    As :func:`purge`, for a schedule; how much went. ``purged`` is told of the counts where there are any.

    Raises ``PurgeIncomplete`` after all that could be done was done.
    """
    counts: Counter[str] = Counter()
    for batch in purge(policies):
        counts.update(batch.counts)
    failed = counts.pop(FAILED, 0)
    if counts:
        told = " ".join(f"{kind}={number}" for kind, number in sorted(counts.items()))
        logger.info("Old data purged: %s", told)
        purged(counts)
    if failed:
        raise PurgeIncomplete(f"{failed} could not be purged.")
    return counts.total()
