"""
How requests are signed (contract §2.6): HMAC-SHA256 over method, type, date and a canonical form of the body.

The canonical form is the vendor's, oddities included: a prefix holds for scalars only, and is lost for what is nested.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

SIGNED_HEADERS = ("content-type", "date", "content-md5")


def authorization(access_key: str, secret_key: str, headers: Mapping[str, str], document: Mapping[str, Any]) -> str:
    """The header ``Authorization`` of a POST of ``document`` with ``headers``."""
    return f"SSI {access_key}:{signature(secret_key, headers, document)}"


def signature(secret_key: str, headers: Mapping[str, str], document: Mapping[str, Any]) -> str:
    """The signature of a POST, in one line of base64. Names of ``headers`` are in any case."""
    content = signed_content(headers, document).encode()
    return base64.b64encode(hmac.digest(secret_key.encode(), content, hashlib.sha256)).decode()


def signed_content(headers: Mapping[str, str], document: Mapping[str, Any]) -> str:
    """What the signature is made of."""
    given = {name.lower(): value for name, value in headers.items()}
    signed = "".join(f"{given[name]}\n" for name in SIGNED_HEADERS if given.get(name))
    return f"POST\n\n{signed}{canonical(document)}"


def canonical(document: Mapping[str, Any]) -> str:
    """The body as lines ``key:value``, keys in the order of their code points."""
    return "".join(f"{line}\n" for line in _lines(document, ""))


def _lines(document: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for key in sorted(document):
        value = document[key]
        if isinstance(value, Mapping):
            yield from _lines(value, f"{key}:")
        elif isinstance(value, list | tuple):
            yield from _lines_of_list(value, key)
        else:
            yield f"{prefix}{key}:{'null' if value is None else value}"


def _lines_of_list(items: list[Any] | tuple[Any, ...], key: str) -> Iterator[str]:
    for number, item in enumerate(items):
        if isinstance(item, Mapping):
            yield from _lines(item, f"{key}.{number}.")
        else:
            yield f"{key}.{number}:{item}"
