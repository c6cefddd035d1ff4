"""
Requests that are made up from the API's document, sent as nobody, a learner, staff and the vendor: no answer is a
failure of ours, and every answer is one that the document describes, to the last field.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest
from django.conf import settings as site
from hypothesis import strategies as st

from tests.conformance import CHECKS, asked, drawn, operations, requests
from tests.factories import UserFactory
from tests.openapi import IDENTITY
from tests.verify_student.custody import kept_for_vendor
from tests.verify_student.factories import AttemptFactory, ManualFactory, VerificationFactory
from tests.verify_student.pictures import data_url, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

# Of valid and of invalid requests to each operation, as each role.
EXAMPLES = 12
CALLBACK = "POST /verify_student/results_callback"
PHOTO = data_url(picture())
AUTHORIZATIONS = ["SSI ACCESSKEY:signature", "SSI ACCESSKEY:signature", "SSI SOMETHING:else", "ACCESSKEY", ""]


class Role(StrEnum):
    NOBODY = "nobody"
    LEARNER = "learner"
    STAFF = "global staff"
    VENDOR = "vendor"


@dataclass
class Target:
    """What a request is about, by the names that requests have for it."""

    receipt_id: str
    username: str


@pytest.fixture
def sessions(client_of):
    users = {Role.LEARNER: UserFactory(username="learner"), Role.STAFF: UserFactory(staff=True)}
    return {role: client_of(user).cookies[site.SESSION_COOKIE_NAME].value for role, user in users.items()}


@pytest.fixture
def targets(sessions):
    """The learner's, which is decided; somebody's that waits; somebody's of other kinds; and nothing."""
    learner = UserFactory._meta.model.objects.get(username="learner")
    decided = VerificationFactory(user=learner, status="denied", provider="software_secure")
    waiting = VerificationFactory(status="submitted", provider="software_secure")
    other = VerificationFactory(status="approved", provider="software_secure")
    ManualFactory(user=other.user, reason="Seen in person")
    AttemptFactory(user=other.user, status="pending")
    rows = [kept_for_vendor(row) for row in (decided, waiting)] + [other]
    return [Target(row.receipt_id, row.user.username) for row in rows] + [
        Target("00000000-0000-0000-0000-000000000000", "no-such-person")
    ]


def _point(case: Any, about: Target, data: Any) -> None:
    """At something that is there, or nearly."""
    for name in case.path_parameters or {}:
        case.path_parameters[name] = getattr(about, name)
    known = {"EdX-ID": about.receipt_id, "face_image": PHOTO, "photo_id_image": PHOTO}
    for name in case.body if isinstance(case.body, dict) else ():
        if name in known and data.draw(st.booleans()):
            case.body[name] = known[name]


ASKED = [
    pytest.param(role, operation, id=f"{operation.label} as {role}")
    for operation in operations(IDENTITY)
    for role in Role
    # Nobody else's business, and nothing else is theirs.
    if (role is Role.VENDOR) == (operation.label == CALLBACK)
]


@pytest.mark.parametrize(("role", "operation"), ASKED)
def test_answers_are_those_of_the_document(sessions, targets, operation, role):
    @requests(EXAMPLES)
    def ask(data: Any) -> None:
        case = drawn(operation, data)
        _point(case, data.draw(st.sampled_from(targets)), data)
        shown = {"Authorization": data.draw(st.sampled_from(AUTHORIZATIONS))} if role is Role.VENDOR else {}
        case.validate_response(asked(case, sessions.get(role), shown), checks=CHECKS)

    ask()
