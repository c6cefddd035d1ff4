"""
The Software Secure vendor's side of a registration (contract vendors_admin_screens.md §2.2-2.4): is it signed with the
LMS's key, and does its password hold its code? Written from the contract alone, so that no mistake of ours is shared.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.padding import PKCS7

TOLERANCE = timedelta(minutes=5)
SCHEME = "SSI "


class NotAuthentic(Exception):
    """A registration that is refused; the text says why and shows no secret."""


def check_signature(headers: Mapping[str, str], body: Mapping[str, Any], key: tuple[str, str]) -> None:
    """Raise :class:`NotAuthentic` unless ``Authorization`` signs the call with ``key``, its id and its secret."""
    key_id, secret = key
    given = headers.get("Authorization", "")
    signed = _content(headers.get("Content-Type", ""), headers.get("Date", ""), body)
    signature = base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()
    if not given.startswith(SCHEME):
        raise NotAuthentic("Authorization: SSI is needed")
    if not hmac.compare_digest(given.encode(), f"{SCHEME}{key_id}:{signature}".encode()):
        raise NotAuthentic("the signature is not that of this key")


def check_date(text: str, now: datetime) -> None:
    """Raise :class:`NotAuthentic` unless the header ``Date`` says about ``now``."""
    try:
        sent = parsedate_to_datetime(text)
    except ValueError:
        raise NotAuthentic("Date is not a date of HTTP") from None
    if sent.tzinfo is None or abs(now - sent) > TOLERANCE:
        raise NotAuthentic("Date is not now")


def check_password(body: Mapping[str, Any], crypto_key: str) -> None:
    """Raise :class:`NotAuthentic` unless ``examPassword`` is ``examCode`` under ``crypto_key``."""
    if (
        not isinstance(body.get("examCode"), str)
        or _decrypted(body.get("examPassword"), crypto_key) != body["examCode"]
    ):
        raise NotAuthentic("examPassword is not examCode")


def _decrypted(text: object, crypto_key: str) -> str | None:
    decryptor = Cipher(TripleDES(crypto_key.encode()), ECB()).decryptor()  # noqa: S305 - fixed by the protocol
    unpadder = PKCS7(TripleDES.block_size).unpadder()
    try:
        encrypted = base64.b64decode(str(text), validate=True)
        return (unpadder.update(decryptor.update(encrypted) + decryptor.finalize()) + unpadder.finalize()).decode()
    except ValueError:
        return None


def _content(content_type: str, date: str, body: Mapping[str, Any]) -> bytes:
    return f"POST\n\n{content_type}\n{date}\n".encode() + "".join(canonical(body)).encode()


def canonical(body: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The lines that are signed. Of nested names the outermost ones are dropped: that is the protocol."""
    for name, value in sorted(body.items()):
        if isinstance(value, list):
            for number, item in enumerate(value):
                yield from _lines("", f"{name}.{number}", item)
        else:
            yield from _lines(prefix, name, value)


def _lines(prefix: str, name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from canonical(value, f"{name}.")
    else:
        yield f"{prefix}{name}:{_scalar(value)}\n"


def _scalar(value: Any) -> str:
    if value is True or value is False:
        return str(value).lower()
    return str(value) if value or value == "" else "null"
