"""
Requests that are made up from the API's document, sent as a learner, staff and a vendor: no answer is a failure of
ours, and every answer is one that the document describes, to the last field.
"""

from typing import Any

import pytest
from hypothesis import strategies as st

from tests.conformance import CHECKS, asked, drawn, operations, requests
from tests.openapi import EXAMS
from tests.proctoring.rest.matrix.rules import Role, Thing
from tests.proctoring.rest.matrix.world import Target, World, use_settings

pytestmark = pytest.mark.django_db

ROLES = [Role.LEARNER, Role.SITE_STAFF, Role.REVIEWER, Role.RETIREMENT]
# Of valid and of invalid requests to each operation, as each role.
EXAMPLES = 8


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


OPERATIONS = operations(EXAMS)
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
    session = world.clients[role].cookies["demo_lms_session"].value

    @requests(EXAMPLES)
    def ask(data: Any) -> None:
        case = drawn(operation, data)
        _point(case, data.draw(st.sampled_from(targets)), data)
        case.validate_response(asked(case, session), checks=CHECKS)

    ask()
