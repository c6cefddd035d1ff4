"""
HMAC-SHA256 signatures of messages between machines, over the raw bytes of the body.

Three forms: Standard Webhooks 1.0, the ``t=...,v1=...`` header of Stripe and Persona, and a bare hexadecimal digest.
Every scheme signs and verifies, knows several secrets so that they can be exchanged without downtime, and compares in
constant time. Whatever is wrong with a message, ``SignatureError`` is all that is raised.
"""

import base64
import hashlib
import hmac
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from proctoring.common.errors import DomainError

DEFAULT_TOLERANCE = timedelta(seconds=300)
STANDARD_PREFIX = "whsec_"
STANDARD_SIZES = range(24, 65)
MAX_GROUPS = 10
# Eleven digits end in the year 5138: every number that passes is a date.
_TIMESTAMP = re.compile(r"[0-9]{1,11}")
_HEX_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
# A full stop would make the signed content ambiguous.
_DELIVERY_ID = re.compile(r"[!-\-/-~]{1,255}")


class SignatureError(DomainError):
    """
    The message is not proven to come from its sender.

    ``reason`` is for logs: "missing", "malformed", "expired", "mismatch" or "no_secret" (every secret has ended).
    The sender is told none of it.
    """

    code = "signature_not_valid"
    http_status = 403
    default_message = _("The signature of this message is not valid.")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True)
class Secret:
    """A shared secret with the id that logs know it by; it counts until ``not_after`` (aware), or for good."""

    key_id: str
    value: bytes = field(repr=False)
    not_after: datetime | None = None

    def __post_init__(self) -> None:
        if not self.value:
            raise ValueError(f"The secret {self.key_id!r} is empty.")

    @classmethod
    def from_standard(cls, key_id: str, text: str, not_after: datetime | None = None) -> "Secret":
        """A secret as Standard Webhooks writes it: ``whsec_`` and the base64 of 24 to 64 bytes, else ``ValueError``."""
        value = _from_base64(text.removeprefix(STANDARD_PREFIX))
        if not text.startswith(STANDARD_PREFIX) or value is None or len(value) not in STANDARD_SIZES:
            raise ValueError(f"The secret {key_id!r} is not {STANDARD_PREFIX} and the base64 of 24 to 64 bytes.")
        return cls(key_id, value, not_after)

    def lives(self, now: datetime) -> bool:
        """Whether the secret still counts."""
        return self.not_after is None or now <= self.not_after

    def digest(self, content: bytes) -> bytes:
        """HMAC-SHA256 of ``content``."""
        return hmac.digest(self.value, content, hashlib.sha256)


@dataclass(frozen=True)
class Verified:
    """What a valid signature proves. ``delivery_id`` and ``timestamp`` (aware, UTC) are set only where signed."""

    key_id: str
    delivery_id: str | None = None
    timestamp: datetime | None = None


class SignatureScheme(ABC):
    """
    One way to sign. ``has_timestamp`` says whether an old message can be told from a new one: where it is false, only
    remembering deliveries stops a replay. Every ``now`` is an aware datetime.
    """

    has_timestamp: ClassVar[bool]

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._secrets = tuple(secrets)
        if not self._secrets:
            raise ValueError("A signature needs at least one secret.")

    @abstractmethod
    def sign(self, body: bytes, now: datetime, delivery_id: str = "") -> dict[str, str]:
        """
        The headers that prove ``body``. The first secret that still counts signs, and the later ones too where the form
        has room for them. ``ValueError`` where none counts any more, or the form needs a ``delivery_id`` and has none.
        """

    @abstractmethod
    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Verified:
        """What the signature in ``headers`` (names in any case) proves of ``body``; ``SignatureError`` if nothing."""

    def _signers(self, now: datetime) -> Sequence[Secret]:
        live = self._live(now)
        if not live:
            raise ValueError("Every secret has ended.")
        return live

    def _live(self, now: datetime) -> Sequence[Secret]:
        return [secret for secret in self._secrets if secret.lives(now)]

    def _match(self, content: bytes, digests: Collection[bytes], now: datetime) -> Secret | None:
        live = self._live(now)
        if not live:
            raise SignatureError("no_secret")
        for secret in live:
            expected = secret.digest(content)
            if any(hmac.compare_digest(expected, digest) for digest in digests):
                return secret
        return None


class StandardWebhooks(SignatureScheme):
    """Standard Webhooks 1.0: headers ``webhook-id``, ``-timestamp``, ``-signature``; signs ``id.timestamp.body``."""

    has_timestamp = True

    def __init__(self, secrets: Iterable[Secret], tolerance: timedelta = DEFAULT_TOLERANCE) -> None:
        super().__init__(secrets)
        self._tolerance = tolerance

    def sign(self, body: bytes, now: datetime, delivery_id: str = "") -> dict[str, str]:
        if not _DELIVERY_ID.fullmatch(delivery_id):
            raise ValueError("A delivery id is 1 to 255 printable ASCII characters without full stop.")
        timestamp = str(int(now.timestamp()))
        content = _standard_content(delivery_id, timestamp, body)
        signatures = (base64.b64encode(secret.digest(content)).decode() for secret in self._signers(now))
        return {
            "webhook-id": delivery_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
        }

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Verified:
        delivery_id = _header(headers, "webhook-id")
        timestamp = _header(headers, "webhook-timestamp")
        digests = _standard_digests(_header(headers, "webhook-signature"))
        if not _DELIVERY_ID.fullmatch(delivery_id) or not digests:
            raise SignatureError("malformed")
        sent_at = parse_timestamp(timestamp)
        if abs(now - sent_at) > self._tolerance:
            raise SignatureError("expired")
        secret = self._match(_standard_content(delivery_id, timestamp, body), digests, now)
        if secret is None:
            raise SignatureError("mismatch")
        return Verified(secret.key_id, delivery_id, sent_at)


class TimestampedHex(SignatureScheme):
    """
    One header ``t=<unix seconds>,v1=<hex>``; signs ``t.body``. Stripe repeats ``v1`` for each secret, Persona the whole
    group after a space: both are read, and other fields (``v0``) are passed over. Signing repeats ``v1``.
    """

    has_timestamp = True

    def __init__(self, secrets: Iterable[Secret], header: str, tolerance: timedelta = DEFAULT_TOLERANCE) -> None:
        super().__init__(secrets)
        self._name = header
        self._tolerance = tolerance

    def sign(self, body: bytes, now: datetime, delivery_id: str = "") -> dict[str, str]:
        timestamp = str(int(now.timestamp()))
        content = _timestamped_content(timestamp, body)
        fields = [f"t={timestamp}", *(f"v1={secret.digest(content).hex()}" for secret in self._signers(now))]
        return {self._name: ",".join(fields)}

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Verified:
        groups = _timestamped_groups(_header(headers, self._name))
        sent_at = {timestamp: parse_timestamp(timestamp) for timestamp in groups}
        fresh = [timestamp for timestamp in groups if abs(now - sent_at[timestamp]) <= self._tolerance]
        if not fresh:
            raise SignatureError("expired")
        for timestamp in fresh:
            secret = self._match(_timestamped_content(timestamp, body), groups[timestamp], now)
            if secret is not None:
                return Verified(secret.key_id, timestamp=sent_at[timestamp])
        raise SignatureError("mismatch")


class BareHex(SignatureScheme):
    """One header with the digest of the body in hexadecimal, after ``prefix`` (such as ``sha256=``). No timestamp."""

    has_timestamp = False

    def __init__(self, secrets: Iterable[Secret], header: str, prefix: str = "") -> None:
        super().__init__(secrets)
        self._name = header
        self._prefix = prefix

    def sign(self, body: bytes, now: datetime, delivery_id: str = "") -> dict[str, str]:
        return {self._name: self._prefix + self._signers(now)[0].digest(body).hex()}

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Verified:
        value = _header(headers, self._name)
        digest = value.removeprefix(self._prefix)
        if not value.startswith(self._prefix) or not _HEX_DIGEST.fullmatch(digest):
            raise SignatureError("malformed")
        secret = self._match(body, [bytes.fromhex(digest)], now)
        if secret is None:
            raise SignatureError("mismatch")
        return Verified(secret.key_id)


def _header(headers: Mapping[str, str], name: str) -> str:
    values = [value for key, value in headers.items() if key.lower() == name.lower()]
    if not any(values):
        raise SignatureError("missing")
    if len(values) > 1 or not isinstance(values[0], str):
        raise SignatureError("malformed")
    return values[0].strip()


def parse_timestamp(text: str) -> datetime:
    """Whole seconds since 1970. ``SignatureError`` for anything else."""
    if not _TIMESTAMP.fullmatch(text):
        raise SignatureError("malformed")
    return datetime.fromtimestamp(int(text), UTC)


def _from_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


def _standard_content(delivery_id: str, timestamp: str, body: bytes) -> bytes:
    return b".".join([delivery_id.encode(), timestamp.encode(), body])


def _standard_digests(value: str) -> list[bytes]:
    """The ``v1`` signatures of a list; other versions, and what is not base64, are passed over."""
    pairs = (entry.partition(",") for entry in value.split(" "))
    decoded = (_from_base64(text) for version, _comma, text in pairs if version == "v1" and text)
    return [digest for digest in decoded if digest]


def _timestamped_content(timestamp: str, body: bytes) -> bytes:
    return timestamp.encode() + b"." + body


def _timestamped_groups(value: str) -> dict[str, list[bytes]]:
    """Timestamp (as text) -> its digests. Bounded, because each timestamp costs a pass over the body."""
    groups: dict[str, list[bytes]] = {}
    current: list[bytes] | None = None
    for entry in re.split(r"[,\s]+", value):
        name, _equals, text = entry.partition("=")
        if name == "t":
            current = groups.setdefault(text, [])
        elif name == "v1" and current is not None and _HEX_DIGEST.fullmatch(text):
            current.append(bytes.fromhex(text))
    signed = {timestamp: digests for timestamp, digests in groups.items() if digests}
    if not signed or len(signed) > MAX_GROUPS:
        raise SignatureError("malformed")
    return signed
