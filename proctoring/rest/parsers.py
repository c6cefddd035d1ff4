"""
How bodies are read: JSON and forms, whatever the site's other views take (contract rest.md §1.5).

What no database can hold, and what only breaks whoever looks at it, is a 400 here and nowhere else.
"""

import codecs
import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import parsers, status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.request import Request

from proctoring.conf import config

# Encodings of bodies and queries. There are others, some of which are no encodings of text.
ENCODINGS = frozenset({"utf-8", "ascii", "iso8859-1"})
NUL = "\x00"
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError)


class BodyTooLarge(APIException):
    """More than the site reads into memory."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("The body is too large.")


class JSONParser(parsers.JSONParser):
    """JSON whose texts can be stored, and whose numbers are numbers."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            said = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        if not all(_is_usable(value) for value in _values(said)):
            raise ParseError(_("The JSON holds a character or a number that cannot be stored."))
        return said


class FormParser(parsers.FormParser):
    """A form, as pages send it."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return _without_nul(super().parse(stream, media_type, parser_context))


class MultiPartParser(parsers.MultiPartParser):
    """A form in parts."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        parsed = super().parse(stream, media_type, parser_context)
        _without_nul(parsed.data)
        return parsed


PARSERS = [JSONParser, FormParser, MultiPartParser]


def as_refusal(error: Exception) -> Exception:
    """What breaks while a request is read, for callers; the framework would answer them with a page."""
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(error, UNREADABLE):
        return ParseError(_("The request could not be read."))
    return error


def refuse_unreadable(request: Request) -> None:
    """Refuse bodies that are too large (413), and encodings that are none (415), before anybody reads them."""
    length, most = request.META.get("CONTENT_LENGTH") or "0", config.max_body_size
    if most is not None and length.isascii() and length.isdigit() and int(length) > most:
        raise BodyTooLarge
    encoding = request._request.encoding
    if encoding and codecs.lookup(encoding).name not in ENCODINGS:
        raise UnsupportedMediaType(request.content_type)


def refuse_unusable_address(request: Request, arguments: dict[str, Any]) -> None:
    """Refuse addresses with characters that no database can hold (400)."""
    _without_nul(request.query_params)
    if any(NUL in str(argument) for argument in arguments.values()):
        raise ParseError(_("The address holds a character that is not allowed."))


def _without_nul(fields: QueryDict) -> QueryDict:
    for name, values in fields.lists():
        if any(NUL in str(text) for text in [name, *values]):
            raise ParseError(_("A field holds a character that is not allowed."))
    return fields


def _values(said: Any) -> Iterator[Any]:
    """Everything in ``said`` that holds nothing else, and the names in objects."""
    waiting = [said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
        else:
            yield value


def _is_usable(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, str) or (NUL not in value and not any("\ud800" <= sign <= "\udfff" for sign in value))
