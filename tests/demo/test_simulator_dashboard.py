"""The simulator's dashboard for instructors, and what it says of onboarding."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from tests.demo.simulating import COURSE, CREDENTIALS, Simulator, Taking

Take = Callable[..., Taking]
CLIENT, SECRET = CREDENTIALS["client_id"], CREDENTIALS["client_secret"]
READER = {"id": "an-obscured-id", "full_name": "<b>Henry</b>", "email": "henry@demo.invalid"}


def claims(**values: Any) -> dict[str, Any]:
    """What the LMS says; None leaves a claim out."""
    said = {
        "course_id": COURSE,
        "user": READER,
        "iss": CLIENT,
        "jti": uuid.uuid4().hex,
        "exp": time.time() + 60,
        **values,
    }
    return {name: value for name, value in said.items() if value is not None}


def path(secret: str = SECRET, client: str = CLIENT, **values: Any) -> str:
    return f"/api/v1/instructor/{client}/?jwt={jwt.encode(claims(**values), secret, algorithm='HS256')}"


def test_a_course_is_shown_with_its_attempts(take: Take) -> None:
    taking = take()
    text = taking.simulator.page(path()).text
    assert COURSE in text
    assert "Some Body" in text
    assert "&lt;b&gt;Henry&lt;/b&gt;" in text


def test_an_exam_is_shown_with_its_own_attempts_only(take: Take) -> None:
    taking = take()
    assert taking.id in taking.simulator.page(path(exam_id=taking.exam, attempt_id=taking.id)).text
    assert taking.id not in taking.simulator.page(path(exam_id="another", attempt_id=taking.id)).text
    assert taking.id not in taking.simulator.page(path(course_id="another", attempt_id=taking.id)).text


def test_the_set_up_of_an_exam_is_shown(take: Take) -> None:
    taking = take()
    assert "60 minutes" in taking.simulator.page(path(exam_id=taking.exam, config=True)).text
    assert "has not told us" in taking.simulator.page(path(exam_id="another", config=True)).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another-secret-of-somebody-who-is-not-the-lms"},
        {"client": "another"},
        {"iss": "another"},
        {"exp": 1},
        {"exp": None},
        {"jti": None},
        {"course_id": None},
        {"user": None},
        {"user": "henry"},
    ],
)
def test_a_token_that_is_not_good_is_not_let_in(simulator: Simulator, wrong: dict[str, Any]) -> None:
    answer = simulator.send("GET", path(**wrong))
    assert answer.status_code == 403
    assert "Henry" not in answer.text


def test_without_a_token_nobody_is_let_in(simulator: Simulator) -> None:
    assert simulator.send("GET", f"/api/v1/instructor/{CLIENT}/").status_code == 403


@pytest.mark.parametrize(
    ("status", "has_end"),
    [
        ("expired", True),
        ("approved-in-course", True),
        ("approved-in-different-course", True),
        ("rejected", False),
        ("pending", False),
        ("no-profile", False),
    ],
)
def test_an_onboarding_status_can_be_planned(simulator: Simulator, name: str, status: str, has_end: bool) -> None:
    simulator.plan(f"id-of-{name}", onboarding_status=status)
    profile = simulator.call("GET", f"/api/v1/courses/{COURSE}/onboarding_statuses?user_id=id-of-{name}").json()
    assert (profile["status"], profile["expiration_date"] is not None) == (status, has_end)
