"""
What requests say, read once and refused clearly (contract rest.md §9.3).

Clients send forms, JSON with texts in it, and JSON with real types: all of them are understood.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

TRUE_TEXT, FALSE_TEXT = "true", "false"
# What asks for addresses of the learning micro-frontend (contract rest.md §5.12).
MFE_TEXTS = frozenset({"1", "true", "True"})
MAX_ID = 2**31 - 1
MAX_TEXT = 255


def fields_of(request: Request) -> Mapping[str, Any]:
    """The request's body as named fields, whether JSON or a form. Anything else is a 400."""
    if not isinstance(request.data, Mapping):
        raise ParseError(_("An object with named fields is expected."))
    return request.data


def id_field(fields: Mapping[str, Any], name: str) -> int:
    """A database id. Missing or no number is a 400."""
    value = fields.get(name)
    number = None if isinstance(value, bool) else _whole_number(value)
    if number is None or not 0 <= number <= MAX_ID:
        raise ParseError(_("The field {name} has to be a number.").format(name=name))
    return number


def flag_field(fields: Mapping[str, Any], name: str) -> bool:
    """A yes or no: a JSON boolean, or the text clients send today. Missing means no; anything else is a 400."""
    value = fields.get(name, False)
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text not in {TRUE_TEXT, FALSE_TEXT}:
        raise ParseError(_("The field {name} has to be true or false.").format(name=name))
    return text == TRUE_TEXT


def text_field(fields: Mapping[str, Any], name: str) -> str:
    """A text, at most 255 characters; a number counts as its digits. Missing, empty or anything else is a 400."""
    value = fields.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT or "\x00" in value:
        raise ParseError(_("The field {name} has to be a text of up to 255 characters.").format(name=name))
    return value


def list_field(fields: Mapping[str, Any], name: str) -> list[str]:
    """
    Texts: a JSON list, or one text with commas as clients send today. Spaces go, so do empty parts and repetitions.

    Missing is empty; a list of anything but texts and numbers is a 400.
    """
    value = fields.get(name) or []
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or any(not _is_simple(part) for part in parts):
        raise ParseError(_("The field {name} has to be a list.").format(name=name))
    texts = ("".join(str(part).split()) for part in parts)
    return list(dict.fromkeys(text for text in texts if text))


def query_id(request: Request, name: str) -> int | None:
    """A database id of the query string; None where it is not given. Anything else is a 400."""
    return id_field(request.query_params, name) if request.query_params.get(name) else None


def for_learning_mfe(request: Request) -> bool:
    """Whether addresses of the learning micro-frontend are asked for."""
    return request.query_params.get("is_learning_mfe") in MFE_TEXTS


def _is_simple(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and "\x00" not in str(value)


def _whole_number(value: object) -> int | None:
    # Digits of other scripts and underscores are numbers to Python only.
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None
