"""Objects of lists, complete however long they are: sent while they are read, as long lists are (``pagination``)."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from proctoring.rest.pagination import BATCH

Named = tuple[str, dict[str, Any]]
name_of, item_of = itemgetter(0), itemgetter(1)


def complete_object(items: Iterable[Named]) -> HttpResponseBase:
    """
    ``{name: [item, ...]}`` of items that come with their names, those of one name next to each other: up to a batch of
    them in an ordinary answer, more while they are read.
    """
    rest = iter(items)
    first = list(islice(rest, BATCH))
    if len(first) < BATCH:
        return Response({name: [item_of(one) for one in group] for name, group in groupby(first, name_of)})
    return StreamingHttpResponse(_as_json(chain(first, rest)), content_type="application/json")


def _as_json(items: Iterable[Named]) -> Iterator[str]:
    yield "{"
    for number, (name, group) in enumerate(groupby(items, name_of)):
        yield f"{',' if number else ''}{_text(name)}:["
        for place, one in enumerate(group):
            yield ("," if place else "") + _text(item_of(one))
        yield "]"
    yield "}"


def _text(value: object) -> str:
    return json.dumps(value, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
