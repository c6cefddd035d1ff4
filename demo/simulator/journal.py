"""The journal of every call between the vendor and the LMS."""

from typing import Any

from demo.simulator.models import JournalEntry

LIMIT = 1000


def since(sequence: int) -> list[dict[str, Any]]:
    """
    Entries after ``sequence``, in order, at most :data:`LIMIT`; ``at`` is ISO-8601, ``status`` null without an
    answer.
    """
    return [_shown(entry) for entry in JournalEntry.objects.filter(pk__gt=sequence).order_by("pk")[:LIMIT]]


def last_sequence() -> int:
    """The sequence of the newest entry, 0 without any."""
    newest = JournalEntry.objects.order_by("pk").last()
    return newest.pk if newest else 0


def _shown(entry: JournalEntry) -> dict[str, Any]:
    return {
        "sequence": entry.pk,
        "at": entry.at.isoformat(),
        "direction": entry.direction,
        "operation": entry.operation,
        "attempt": entry.attempt,
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "milliseconds": entry.milliseconds,
        "key": entry.key,
        "duplicate": entry.duplicate,
        "answer_lost": entry.answer_lost,
        "fault": entry.fault,
    }
