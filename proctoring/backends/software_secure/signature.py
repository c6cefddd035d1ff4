"""
How requests to this vendor are signed (§2.4): HMAC-SHA256 over method, type, date and a canonical form of the body.

The canonical form is the vendor's, oddities included: a nested prefix replaces the outer one.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

CONTENT_TYPE = "application/json"


def authorization(key_id: str, secret: str, date: str, document: Mapping[str, Any]) -> str:
    """The header ``Authorization`` of a POST of ``document``; ``date`` is the header ``Date``."""
    digest = hmac.digest(secret.encode("ascii"), signed_content(date, document), hashlib.sha256)
    return f"SSI {key_id}:{base64.b64encode(digest).decode()}"


def signed_content(date: str, document: Mapping[str, Any]) -> bytes:
    """What the signature is made of."""
    return f"POST\n\n{CONTENT_TYPE}\n{date}\n".encode() + canonical(document)


def canonical(document: Mapping[str, Any]) -> bytes:
    """The body as lines ``key:value``, keys in the order of their code points."""
    return "".join(f"{line}\n" for line in _lines(document, "")).encode()


def _lines(document: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for key in sorted(document):
        value = document[key]
        if isinstance(value, Mapping):
            yield from _lines(value, f"{key}.")
        elif isinstance(value, list | tuple):
            yield from _lines_of_list(value, key)
        else:
            yield f"{prefix}{key}:{_text(value)}"


def _lines_of_list(items: list[Any] | tuple[Any, ...], key: str) -> Iterator[str]:
    for number, item in enumerate(items):
        if isinstance(item, Mapping):
            yield from _lines(item, f"{key}.{number}.")
        else:
            yield f"{key}.{number}:{_text(item)}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value == "":
        return ""
    return str(value) if value else "null"
