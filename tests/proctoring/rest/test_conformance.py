"""
Requests that are made up from the API's document, sent as a learner, staff and a vendor: no answer is a failure of
ours, and every answer is one that the document describes, to the last field.
"""

from functools import cache
from typing import Any

import pytest
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

from tests.openapi import committed
from tests.proctoring.rest.matrix.rules import Role, Thing
from tests.proctoring.rest.matrix.world import Target, World, use_settings

pytestmark = pytest.mark.django_db

ROLES = [Role.LEARNER, Role.SITE_STAFF, Role.REVIEWER, Role.RETIREMENT]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Of valid and of invalid requests to each operation, as each role.
EXAMPLES = 8
CSRF = "c" * 32


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


def _lms(environ: dict[str, Any], start_response: Any) -> Any:
    """The whole site, middleware included; put together when it is first asked."""
    return _handler()(environ, start_response)


def _operations() -> list[Any]:
    document = _closed(committed())
    # Callers are who they are here; made-up sessions and tokens would only be refused.
    document["components"].pop("securitySchemes")
    for operations in document["paths"].values():
        for operation in operations.values():
            operation.pop("security")
    schema = schemathesis.openapi.from_dict(document)
    schema.app = _lms
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture(autouse=True)
def _one_connection():
    """The test's transaction lives longer than a request, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(settings, lms):
    use_settings(settings)
    return World(lms, ROLES)


def _point(case: Any, about: Target, data: Any) -> None:
    """At something that is there, or nearly."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = getattr(about, name)
    known = {"user_info": about.username, "user_ids": about.username, "exam_ids": str(about.exam_id)}
    for fields in (case.query, case.body):
        for name in fields if isinstance(fields, dict) else ():
            if (name in known or hasattr(about, name)) and data.draw(st.booleans()):
                fields[name] = known.get(name) or getattr(about, name)


def _asked(case: Any, world: World, role: Role) -> Any:
    """The answer; what the request has done is undone."""
    session = world.clients[role].cookies["demo_lms_session"].value
    counters.clear()
    with transaction.atomic():
        answer = case.call(cookies={"demo_lms_session": session, "csrftoken": CSRF}, headers={"X-CSRFToken": CSRF})
        transaction.set_rollback(True)
    return answer


OPERATIONS = _operations()
ASKED = [
    pytest.param(role, operation, id=f"{operation.label} as {role.name}")
    for operation in OPERATIONS
    for role in ROLES
    # Nobody else's business, and nothing else is theirs.
    if role is not Role.RETIREMENT or "retire" in operation.label
]


@pytest.mark.parametrize(("role", "operation"), ASKED)
def test_answers_are_those_of_the_document(world, operation, role):
    targets = [world.target(role, thing) for thing in Thing]
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]

    @given(data=st.data())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(data: Any) -> None:
        case = data.draw(operation.as_strategy(generation_mode=data.draw(st.sampled_from(modes))))
        _point(case, data.draw(st.sampled_from(targets)), data)
        answer = _asked(case, world, role)
        case.validate_response(answer, checks=CHECKS)

    ask()
