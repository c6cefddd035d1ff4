"""How answers are described in the API's document; what both apps say is in ``proctoring.common.openapi``."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from proctoring.common.openapi import (
    EMPTY,
    LOCATION,
    PAGE,
    PAGED,
    TEXT,
    ByName,
    Nothing,
    RefusalShape,
    Responses,
    either,
    refusals,
    texts,
)

__all__ = [
    "EMPTY",
    "FORBIDDEN",
    "FOR_LEARNING_MFE",
    "LOCATION",
    "NO_LONGER_PROCTORED",
    "OK_TEXT",
    "PAGE",
    "PAGED",
    "ByName",
    "Nothing",
    "RefusalShape",
    "Responses",
    "either",
    "refusals",
    "texts",
]

OK_TEXT: dict[str, Any] = {"type": "string", "const": "OK"}
"""What vendors get for a message that was understood."""

FORBIDDEN = OpenApiResponse(
    description="A caller who is nobody gets a sentence, as everywhere; one who may not do this gets no body."
)

NO_LONGER_PROCTORED: Responses = {412: OpenApiResponse(TEXT, "The exam is not proctored any more.")}

FOR_LEARNING_MFE = OpenApiParameter(
    "is_learning_mfe",
    OpenApiTypes.STR,
    description="`1`, `true` or `True`: addresses of the learning micro-frontend instead of those of the platform.",
)
