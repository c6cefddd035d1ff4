"""
Long work over many rows: a batch at a time in the order of the primary key, in constant memory.

What was done is committed with its batch, so that work which is broken off goes on after the last one.
"""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet

FAILED = "failed"

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Batch:
    """
    What a committed batch came to: ``rows`` looked at, ``counts`` by outcome (``FAILED`` is one of them), and ``last``,
    the key to go on after, where there is one. ``is_final`` where it is known that no other one comes.
    """

    rows: int
    counts: Mapping[str, int] = field(default_factory=dict)
    last: int | None = None
    is_final: bool = False


def in_batches(queryset: "QuerySet[Row]", size: int, *, after: int = 0) -> Iterator[list[Row]]:
    """
    The rows of ``queryset`` with a primary key above ``after``, at most ``size`` at a time, in the order of the key.

    Each batch is read when it is asked for: what the work on one batch changes is seen by the next read.
    """
    while rows := list(queryset.filter(pk__gt=after).order_by("pk")[:size]):
        yield rows
        after = rows[-1].pk


def chunked(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """``items``, read as they are needed, at most ``size`` at a time."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def with_end(items: Iterable[Item]) -> Iterator[tuple[Item, bool]]:
    """Each of ``items``, and whether it is the last one; the next one is read for that."""
    end = object()
    for item, following in pairwise(chain(items, [end])):
        yield cast(Item, item), following is end


def together(
    items: Sequence[Item],
    work: Callable[[Sequence[Item]], Mapping[str, int]],
    failed: Callable[[Item, Exception], Any],
) -> Counter[str]:
    """
    ``work`` on all of ``items`` at once, in a transaction of its own, and what it counted.

    Where that fails it is tried on either half, down to the items that cannot be done: ``failed`` is told of those, and
    they are counted.
    """
    if not items:
        return Counter()
    try:
        return Counter(work(items))
    except Exception as error:  # whatever it is, it stops nobody else's work
        if len(items) == 1:
            failed(items[0], error)
            return Counter({FAILED: 1})
    middle = len(items) // 2
    return together(items[:middle], work, failed) + together(items[middle:], work, failed)


class Shortlist:
    """How many numbers there were, and the smallest of them in order: as much as a log line can take."""

    def __init__(self, length: int = 1000) -> None:
        self._length = length
        self._smallest: list[int] = []
        self.total = 0

    def add(self, number: int) -> None:
        self.total += 1
        insort(self._smallest, number)
        del self._smallest[self._length :]

    def __str__(self) -> str:
        told = ", ".join(map(str, self._smallest))
        more = self.total - len(self._smallest)
        return f"{told} and {more} more" if more else told
