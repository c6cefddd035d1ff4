"""What stamps and seals are made of. Changing this makes every log that there is look forged."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from proctoring.common.audit.entries import AbstractAuditEntry
from proctoring.common.crypto import Keyring

# What the first entry has for the seal before it.
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The newest sealed entry of a log: kept elsewhere, it shows later that nothing was cut off."""

    sequence: int
    seal: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.seal}"


def canonical(value: Mapping[str, Any]) -> str:
    """One text for one value: keys in order, nothing but ASCII, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def stamp(entry: AbstractAuditEntry, keys: Keyring) -> str:
    """The stamp of a new entry, under the newest key: ``key id:HMAC``."""
    return f"{keys.primary}:{keys.tag(_message('stamp', _said(entry)), keys.primary)}"


def is_stamped(entry: AbstractAuditEntry, keys: Keyring) -> bool:
    """Whether the application wrote what the entry says. ``LookupError`` where the key is gone."""
    key_id, _, _ = entry.stamp.rpartition(":")
    expected = f"{key_id}:{keys.tag(_message('stamp', _said(entry)), key_id)}"
    return _same(expected, entry.stamp)


def seal(entry: AbstractAuditEntry, keys: Keyring) -> str:
    """The seal of an entry that has its place, the seal before and the id of its key. ``LookupError`` without it."""
    chained = {
        "id": entry.pk,
        "key": entry.key_id,
        "previous": entry.previous,
        "sequence": entry.sequence,
        "stamp": entry.stamp,
    }
    return keys.tag(_message("seal", _said(entry) | chained), entry.key_id)


def is_sealed(entry: AbstractAuditEntry, keys: Keyring) -> bool:
    """Whether the seal fits. ``LookupError`` where the key is gone."""
    return _same(seal(entry, keys), entry.seal)


def _same(expected: str, found: str) -> bool:
    # Bytes: what somebody wrote into the column may be anything.
    return hmac.compare_digest(expected.encode(), found.encode())


def _message(purpose: str, content: Mapping[str, Any]) -> bytes:
    return canonical({"purpose": purpose, **content}).encode()


def _said(entry: AbstractAuditEntry) -> dict[str, Any]:
    return {
        # An entry of one app is none of the other's.
        "log": entry._meta.label_lower,
        "uid": str(entry.uid),
        "at": _instant(entry.at),
        "event": entry.event,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "actor_id": entry.actor_id,
        "actor_kind": entry.actor_kind,
        "facts": entry.facts,
    }


def _instant(at: datetime) -> str:
    # A host without time zones stores its own clock's time.
    aware = timezone.make_aware(at) if timezone.is_naive(at) else at
    return aware.astimezone(UTC).isoformat(timespec="microseconds")
