"""
Lists in pages, and lists in whole.

What the contract leaves unpaginated stays complete by default, however long it is: short lists are ordinary answers,
longer ones are sent while they are read, so that memory does not grow with them. ``page`` or ``page_size`` in the query
asks for a page instead (docs/differences.rst).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

PAGE_SIZE = 25
MAX_PAGE_SIZE = 500
# Rows that are read at a time, and held in memory.
BATCH = 500

Shape = Callable[[Any], dict[str, Any]]


def clamped_page(rows: Any, request: Request) -> "Page[Any]":
    """
    The page that ``page`` asks for, of 25 rows: no number is the first one, out of range the last (rest.md §5.6).

    ``rows`` is a list or an ordered queryset, which is asked twice.
    """
    return Paginator(rows, PAGE_SIZE).get_page(request.query_params.get("page", 1))


def pagination_info(page: "Page[Any]") -> dict[str, Any]:
    """Where a page stands in its list."""
    return {
        "has_previous": page.has_previous(),
        "has_next": page.has_next(),
        "current_page": page.number,
        "total_pages": page.paginator.num_pages,
    }


def listed(rows: "QuerySet[Any]", shape: Shape, request: Request) -> HttpResponseBase:
    """
    A list of what ``shape`` makes of the rows: complete, or the page that is asked for as
    ``{"results": [...], "count": int, "pagination_info": {...}}``. Rows come in the order of their ids.
    """
    page = asked_for(rows.order_by("pk"), request)
    if page is None:
        return complete_list(shape(row) for row in in_batches(rows))
    return Response({"results": [shape(row) for row in page], **counted(page)})


def asked_for(rows: Any, request: Request) -> "Page[Any] | None":
    """The page that the query asks for; None where it asks for none. A size that is none is a 400."""
    query = request.query_params
    if "page" not in query and "page_size" not in query:
        return None
    size = query.get("page_size", str(PAGE_SIZE))
    if not (size.isascii() and size.isdigit() and len(size) <= 4 and 1 <= int(size) <= MAX_PAGE_SIZE):
        raise ParseError(_("The page size has to be a number from 1 to {limit}.").format(limit=MAX_PAGE_SIZE))
    return Paginator(rows, int(size)).get_page(query.get("page", 1))


def counted(page: "Page[Any]") -> dict[str, Any]:
    """What a page says besides its rows."""
    return {"count": page.paginator.count, "pagination_info": pagination_info(page)}


def in_batches(rows: "QuerySet[Any]") -> Iterator[Model]:
    """The rows by their ids, a batch a statement, each batch as cheap as the first; memory holds one batch."""
    last = None
    while True:
        ordered = rows.order_by("pk") if last is None else rows.filter(pk__gt=last).order_by("pk")
        batch = list(ordered[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].pk


def complete_list(items: Iterable[dict[str, Any]]) -> HttpResponseBase:
    """All of ``items`` as a JSON list: up to a batch of them in an ordinary answer, more while they are read."""
    rest = iter(items)
    first = list(islice(rest, BATCH))
    if len(first) < BATCH:
        return Response(first)
    return StreamingHttpResponse(_as_json(chain(first, rest)), content_type="application/json")


def _as_json(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, item in enumerate(items):
        yield ("," if number else "") + json.dumps(item, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
    yield "]"
