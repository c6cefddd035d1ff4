"""
Requests that are made up from an API's document, and what is asked of the answers: no failure of ours, and nothing but
what the document describes, to the last field.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import schemathesis
from django.core.cache import cache as counters
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.openapi import Source, committed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CSRF = "c" * 32
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


def operations(source: Source) -> list[Any]:
    """What the document says can be asked."""
    document = _closed(committed(source))
    # Callers are who they are here; made-up sessions and tokens would only be refused.
    document["components"].pop("securitySchemes")
    for methods in document["paths"].values():
        for operation in methods.values():
            operation.pop("security")
    schema = schemathesis.openapi.from_dict(document)
    schema.app = _site
    return [found.ok() for found in schema.get_all_operations()]


def requests(examples: int) -> Callable[[Callable[[Any], None]], Callable[[], None]]:
    """A test that is carried out so many times, with ``data`` to draw from; the same each time it is run."""

    def decorated(ask: Callable[[Any], None]) -> Callable[[], None]:
        bounds = settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        tested: Callable[[], None] = bounds(given(data=st.data())(ask))
        return tested

    return decorated


def drawn(operation: Any, data: Any) -> Any:
    """A valid or an invalid request."""
    return data.draw(operation.as_strategy(generation_mode=data.draw(st.sampled_from(MODES))))


def asked(case: Any, session: str | None, headers: Mapping[str, str] | None = None) -> Any:
    """The answer; what the request has done is undone."""
    counters.clear()
    cookies = {"csrftoken": CSRF} | ({"demo_lms_session": session} if session else {})
    with _one_connection(), transaction.atomic():
        answer = case.call(cookies=cookies, headers={"X-CSRFToken": CSRF} | dict(headers or {}))
        transaction.set_rollback(True)
    return answer


@contextmanager
def _one_connection() -> Iterator[None]:
    """The test's transaction lives longer than a request, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _closed(shape: Any) -> Any:
    """The document with objects that have the fields it names and no others."""
    if isinstance(shape, list):
        return [_closed(part) for part in shape]
    if not isinstance(shape, dict):
        return shape
    whole = {name: _closed(part) for name, part in shape.items()}
    if isinstance(whole.get("properties"), dict) and whole.get("type") == "object":
        whole.setdefault("additionalProperties", False)
    return whole


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


def _site(environ: dict[str, Any], start_response: Any) -> Any:
    """The whole site, middleware included; put together when it is first asked."""
    return _handler()(environ, start_response)
