"""
Keys of what is stored encrypted, as rows of a report: which encrypts, which are still needed, which are missing.

Keys go by their ids. The keys themselves are in the settings, and told to nobody.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proctoring.common.crypto import DecryptionError, Keyring
from proctoring.common.inbox import AbstractInboxDelivery
from proctoring.common.operations.report import CAP, Count, Level, Row, Section

# As much of a token as says which key it is under.
HEAD = 66
NO_KEY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Row):
    """What is stored of one kind under one key."""

    columns = (
        ("key_id", gettext_lazy("key")),
        ("use", gettext_lazy("use")),
        ("count", gettext_lazy("number")),
    )

    stored: str
    key_id: str
    use: str
    count: Count


@dataclass(frozen=True, slots=True)
class Stored:
    """
    One kind of thing that is stored encrypted: ``key`` for programs, ``what`` for people, ``counts`` by key id;
    ``older`` says what becomes of what lies under an older key.
    """

    key: str
    what: str | Promise
    counts: Mapping[str, int]
    older: str | Promise


def keys_section(ring: Callable[[], Keyring], stored: Iterable[Stored]) -> Section:
    """The keys of ``ring``, and those that are missing in it. Settings that cannot be read are told of as broken."""
    try:
        known = ring()
    except (ImproperlyConfigured, ValueError):
        return Section("keys", _("Encryption keys"), (_unreadable(),))
    rows = [_row(known, one, key_id) for one in stored for key_id in _ids(known, one)]
    return Section("keys", _("Encryption keys"), tuple(rows))


def payloads(model: type[AbstractInboxDelivery]) -> Stored:
    """
    The bodies of deliveries, of which the oldest ``CAP`` are looked at: keys come one after the other, so that the one
    to go next is the oldest, and what lies under it is there. One statement.
    """
    heads = model._default_manager.order_by("pk").values_list(Substr("body", 1, HEAD))[:CAP]
    counts = Counter(_key_of(bytes(head or b"")) for (head,) in heads)
    return Stored("payloads", _("Messages that came"), counts, _("They are deleted when they are old."))


def _key_of(head: bytes) -> str:
    try:
        return Keyring.key_id(head)
    except DecryptionError:
        return NO_KEY


def _ids(ring: Keyring, stored: Stored) -> list[str]:
    return [*ring.ids, *sorted(stored.counts.keys() - set(ring.ids))]


def _row(ring: Keyring, stored: Stored, key_id: str) -> Key:
    count = stored.counts.get(key_id, 0)
    is_known = key_id in ring.ids
    return Key(
        key=f"{stored.key}.{key_id}",
        what=str(stored.what),
        level=Level.OK if is_known else Level.ATTENTION,
        advice=_("Put this key back into ENCRYPTION_KEYS, behind the others: without it nobody can read them."),
        stored=stored.key,
        key_id=key_id,
        use=_use(ring, stored, key_id, count) if is_known else _("missing in the settings"),
        count=Count(min(count, CAP)),
    )


def _use(ring: Keyring, stored: Stored, key_id: str, count: int) -> str:
    if key_id == ring.primary:
        return _("encrypts")
    if count:
        return " ".join([_("Decrypts what is older: keep it."), str(stored.older)])
    if sum(stored.counts.values()) >= CAP:
        # Not everything was looked at.
        return _("Nothing among the oldest is under it. Keys go one by one, the oldest first.")
    return _("Nothing is under it. It can go.")


def _unreadable() -> Key:
    return Key(
        key="settings",
        what=_("The settings"),
        level=Level.BROKEN,
        advice=_("ENCRYPTION_KEYS cannot be read. `manage.py check` says what is wrong with it."),
        stored="settings",
        key_id=NO_KEY,
        use=_("cannot be read"),
        count=Count(0),
    )
