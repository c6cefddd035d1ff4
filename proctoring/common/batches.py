"""
Long work over many rows: a batch at a time in the order of the primary key, in constant memory.

What was done is committed with its batch, so that work which is broken off goes on after the last one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db.models import Model, QuerySet

FAILED = "failed"

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Batch:
    """
    What a committed batch came to: ``rows`` looked at, ``counts`` by outcome (``FAILED`` is one of them), and ``last``,
    the key to go on after, where there is one.
    """

    rows: int
    counts: Mapping[str, int] = field(default_factory=dict)
    last: int | None = None


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
