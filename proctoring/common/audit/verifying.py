"""Looking for anything that was done to an audit log behind the application's back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from proctoring.common.audit import seals
from proctoring.common.audit.entries import AbstractAuditEntry
from proctoring.common.audit.log import FIRST, AuditLog
from proctoring.common.audit.seals import BEGINNING, Head
from proctoring.common.crypto import Keyring

READ_BATCH = 1000
# Sealing takes seconds, and its schedule comes round every minute.
SEALED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """``what`` is wrong, and with which entry: ``where`` is its place, its row, or a span of places."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def findings(log: AuditLog, advance: Callable[[int], object], expected: Head | None = None) -> Iterator[Finding]:
    """
    Everything that is wrong with the log, in the order of its entries; in constant memory, reading only.

    ``advance`` is told how many entries have been looked at. ``expected`` is a head that the log had once: it has to be
    there still.
    """
    keys = log.keys()
    yield from _chain(log, keys, advance)
    yield from _unsealed(log, keys, advance)
    if expected is not None:
        yield from _cut_off(log, expected)


def _chain(log: AuditLog, keys: Keyring, advance: Callable[[int], object]) -> Iterator[Finding]:
    last = Head(FIRST - 1, BEGINNING)
    for entry, place in _sealed(log, advance):
        where = f"entry {place}"
        if place < FIRST:
            yield Finding(where, "has a place that no entry can have: it was moved or inserted")
            continue
        if place > last.sequence + 1:
            yield Finding(_span(last.sequence + 1, place - 1), "missing: removed or moved")
        elif entry.previous != last.seal:
            yield Finding(where, "does not follow the entry before it: that one was replaced, moved or sealed anew")
        yield from _content(keys, entry, where)
        last = Head(place, entry.seal)


def _content(keys: Keyring, entry: AbstractAuditEntry, where: str) -> Iterator[Finding]:
    try:
        if not seals.is_sealed(entry, keys):
            yield Finding(where, f"was changed or moved after it was sealed (row {entry.pk})")
    except LookupError:
        yield Finding(where, f"cannot be checked: the key that it says it was sealed with is unknown (row {entry.pk})")
    yield from _origin(keys, entry, where)


def _origin(keys: Keyring, entry: AbstractAuditEntry, where: str) -> Iterator[Finding]:
    try:
        if not seals.is_stamped(entry, keys):
            yield Finding(where, f"does not say what the application wrote: changed or inserted (row {entry.pk})")
    except LookupError:
        yield Finding(where, f"cannot be checked: the key that it says it was stamped with is unknown (row {entry.pk})")


def _unsealed(log: AuditLog, keys: Keyring, advance: Callable[[int], object]) -> Iterator[Finding]:
    limit = timezone.now() - SEALED_WITHIN
    # The order of its index, so that few that wait are not looked for among all that were ever written.
    waiting = log.model._default_manager.filter(sequence=None).order_by("sequence", "id")
    rows = list(waiting[:READ_BATCH])
    while rows:
        for entry in rows:
            where = f"row {entry.pk}"
            if entry.seal or entry.previous or entry.key_id:
                yield Finding(where, "has a seal but no place any more: it was taken out of the chain")
            yield from _origin(keys, entry, where)
            if entry.at < limit:
                yield Finding(where, "was written and never sealed: is the sealing task running?")
        advance(len(rows))
        rows = list(waiting.filter(pk__gt=rows[-1].pk)[:READ_BATCH])


def _cut_off(log: AuditLog, expected: Head) -> Iterator[Finding]:
    found = log.model._default_manager.filter(sequence=expected.sequence).values_list("seal", flat=True).first()
    where = f"entry {expected.sequence}"
    if found is None:
        yield Finding(where, "is not there, and was once the newest: the end of the log was cut off")
    elif found != expected.seal:
        yield Finding(where, "is not the one that was once the newest: the log was written anew from here or before")


def _sealed(log: AuditLog, advance: Callable[[int], object]) -> Iterator[tuple[AbstractAuditEntry, int]]:
    """Entries that have a place, and that place, in its order."""
    chain = log.model._default_manager.exclude(sequence=None).order_by("sequence")
    rows = list(chain[:READ_BATCH])
    while rows:
        places = [place for row in rows if (place := row.sequence) is not None]
        yield from zip(rows, places, strict=True)
        advance(len(rows))
        rows = list(chain.filter(sequence__gt=places[-1])[:READ_BATCH])


def _span(first: int, last: int) -> str:
    return f"entry {first}" if first == last else f"entries {first} to {last}"
