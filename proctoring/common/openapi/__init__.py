"""
What both doors' documents (OpenAPI) share: `answers` are shapes, `operations` what a generator is told, `written` the
document as it is shipped.
"""

from proctoring.common.openapi.answers import (
    EMPTY,
    LOCATION,
    PAGE,
    PAGED,
    REASONS,
    TEXT,
    ByName,
    Nothing,
    PaginationShape,
    RefusalShape,
    Responses,
    either,
    refusals,
    texts,
)
from proctoring.common.openapi.operations import (
    RETRY_AFTER,
    SECURITY_SCHEMES,
    SESSION,
    TOKEN,
    DocumentedOperation,
)
from proctoring.common.openapi.written import written

__all__ = [
    "EMPTY",
    "LOCATION",
    "PAGE",
    "PAGED",
    "REASONS",
    "RETRY_AFTER",
    "SECURITY_SCHEMES",
    "SESSION",
    "TEXT",
    "TOKEN",
    "ByName",
    "DocumentedOperation",
    "Nothing",
    "PaginationShape",
    "RefusalShape",
    "Responses",
    "either",
    "refusals",
    "texts",
    "written",
]
