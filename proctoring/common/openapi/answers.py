"""
How answers are described in an API's document: what every view may say, and the forms that no serializer has.

Nothing here is carried out; it is what views are annotated with.
"""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer
from rest_framework import serializers

Responses = dict[int | tuple[int, str], Any]
"""By status, or by status and media type where it is not the view's own."""

TEXT = OpenApiTypes.STR
"""A bare JSON text."""

EMPTY = OpenApiResponse(description="Done; the answer has no body.")

LOCATION = OpenApiParameter(
    "Location", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description="Where to go.", response=[302]
)
PAGE = OpenApiParameter(
    "page",
    OpenApiTypes.STR,
    description="Which page. No number is the first one, a number out of range the last.",
)
PAGE_SIZE = OpenApiParameter(
    "page_size", {"type": "integer", "minimum": 1, "maximum": 500}, description="Rows of a page; 25 by default."
)
PAGED = [PAGE, PAGE_SIZE]
"""Of lists that are complete unless a page is asked for."""

REASONS: Mapping[int, str] = {
    400: "The request cannot be carried out.",
    401: "The caller is nobody.",
    403: "The caller is nobody, or may not do this.",
    404: "There is no such thing here.",
    405: "This address has no such method.",
    406: "No answer in the wanted form.",
    409: "A request with this idempotency key is being carried out.",
    413: "The body is too large.",
    415: "The body has a form that is not understood.",
    422: "The idempotency key belongs to another request.",
    429: "Too many requests; `Retry-After` says when to come back.",
    500: "It failed on our side; what was sent is kept.",
    502: "The vendor did not answer, or not in a usable way.",
    503: "The vendor does not answer.",
}


class RefusalShape(serializers.Serializer[Any]):
    """A sentence for people."""

    detail = serializers.CharField()


def refusals(*codes: int) -> Responses:
    """Answers ``{"detail": sentence}`` with these statuses. Those that every view may give need not be named."""
    return {code: OpenApiResponse(RefusalShape, REASONS[code]) for code in codes}


def texts(*codes: int) -> Responses:
    """Refusals that are a bare JSON text."""
    return {code: OpenApiResponse(TEXT, REASONS[code]) for code in codes}


def either(name: str, *shapes: Any) -> PolymorphicProxySerializer:
    """An answer that has one of several forms; a list is ``Shape(many=True)``."""
    return PolymorphicProxySerializer(name, shapes, resource_type_field_name=None, many=False)


class PaginationShape(serializers.Serializer[Any]):
    """Where a page stands in its list."""

    has_previous = serializers.BooleanField()
    has_next = serializers.BooleanField()
    current_page = serializers.IntegerField(min_value=1)
    total_pages = serializers.IntegerField(min_value=1)


class Nothing(serializers.Serializer[Any]):
    """An empty object."""


class NothingExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    target_class = Nothing

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        return {"type": "object", "maxProperties": 0, "additionalProperties": False, "description": "An empty object."}


class ByName(serializers.Serializer[Any]):
    """An object of any names, each with a value of one shape."""

    def __init__(self, name: str, shape: Any) -> None:
        super().__init__()
        self.name, self.shape = name, shape


class ByNameExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    target_class = ByName
    match_subclasses = True

    def get_identity(self, auto_schema: AutoSchema, direction: Direction) -> Any:
        return self.target.name

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:
        return str(self.target.name)

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        shape = self.target.shape
        value = shape if isinstance(shape, dict) else auto_schema._unwrap_list_serializer(shape, direction)
        return {"type": "object", "additionalProperties": value}
