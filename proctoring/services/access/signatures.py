"""
Who speaks where nobody has signed in: a vendor whose signature is on the message (Standard Webhooks, over raw bytes).

A signature counts for the vendor of the attempt that the message is about, and for no other. Where we do not know the
attempt, it says which vendor is speaking.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from proctoring.backends import configured_names
from proctoring.backends.callbacks import callback_secrets
from proctoring.common.signing import SignatureError, StandardWebhooks, Verified, parse_timestamp
from proctoring.exceptions import StudentExamAttemptDoesNotExistsException
from proctoring.services import legacy
from proctoring.services.access.callers import backends_of
from proctoring.services.vendors import backend_name

logger = logging.getLogger(__name__)

SIGNATURE_HEADER = "webhook-signature"
TIMESTAMP_HEADER = "webhook-timestamp"
UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Speaker:
    """
    In whose name a message counts. ``sender`` is for people; ``delivery_id`` and ``sent_at`` are the sender's, where
    they are proven.
    """

    backend: str
    sender: str
    delivery_id: str = ""
    sent_at: datetime | None = None


def signed_vendor(external_id: str, headers: Mapping[str, str], body: bytes) -> Speaker:
    """The vendor that signed a message about the attempt it calls ``external_id``. Raises ``SignatureError``."""
    return _signer(sorted(backends_of(external_id)) or configured_names(), headers, body)


def sent_at(headers: Mapping[str, str]) -> datetime | None:
    """When a message without a signature was sent, as its header says; None where it says nothing that can be read."""
    try:
        return parse_timestamp(headers.get(TIMESTAMP_HEADER, ""))
    except SignatureError:
        return None


def legacy_vendor(attempt_code: str, headers: Mapping[str, str], body: bytes) -> Speaker:
    """
    The vendor that sent a message about the attempt of this code: the one that signed it, or, where the site allows
    that, whoever sends it without any signature. Raises ``SignatureError``.
    """
    names = _legacy_names(attempt_code)
    if not any(name.lower() == SIGNATURE_HEADER for name in headers):
        unsigned = [name for name in names if legacy.allows_unsigned(name)]
        if unsigned:
            return Speaker(unsigned[0], UNSIGNED)
    return _signer(names, headers, body)


def _legacy_names(attempt_code: str) -> list[str]:
    try:
        attempt, _is_live = legacy.attempt_by_code(attempt_code)
    except StudentExamAttemptDoesNotExistsException:
        return legacy.names()
    return [backend_name(attempt.proctored_exam)]


def _signer(names: Collection[str], headers: Mapping[str, str], body: bytes) -> Speaker:
    reasons: dict[str, str] = {}
    for name in names:
        try:
            verified = _verified(name, headers, body)
        except SignatureError as error:
            reasons[name] = error.reason
            continue
        logger.info("A vendor signed its message: backend=%s key=%s", name, verified.key_id)
        return Speaker(name, f"key {verified.key_id}", verified.delivery_id or "", verified.timestamp)
    why = ",".join(f"{name}:{reason}" for name, reason in reasons.items()) or "no_vendor"
    logger.warning("A message was refused for its signature: reason=%s", why)
    raise SignatureError(why)


def _verified(name: str, headers: Mapping[str, str], body: bytes) -> Verified:
    try:
        secrets = callback_secrets(name)
    except ImproperlyConfigured as error:
        # `check` says it too; here it must not turn into an error of ours towards whoever asks.
        logger.error("Callback secrets cannot be read: %s", error)
        secrets = []
    if not secrets:
        raise SignatureError("no_secret")
    return StandardWebhooks(secrets).verify(headers, body, timezone.now())
