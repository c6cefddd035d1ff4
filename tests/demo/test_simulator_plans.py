"""Plans and verdicts: the simulator's pure decisions."""

from typing import Any

import pytest

from demo.simulator import plans
from demo.simulator.plans import Plan, PlanError, default_for, parse
from demo.simulator.verdicts import LONGEST_DELAY, MAX_NOT_FOUND, MAX_TRIES, State, judge


def test_an_empty_plan_lets_everybody_pass() -> None:
    plan = parse({})
    assert plan == Plan()
    assert plan.review["status"] == "passed"


def test_a_plan_survives_its_json_form() -> None:
    given = {
        "status": "violation",
        "comments": [{"comment": "Left", "status": "violation", "start": 1, "stop": 2, "duration": 1}],
        "reviewed_by": "grader@demo.invalid",
        "refusal": "onboarding_failed",
        "ready_delay": 0.5,
        "review_delay": 3,
        "duplicate_callbacks": 4,
        "malformed_first": True,
        "error_first": ["register", "started"],
        "lose_answer_first": ["submitted"],
        "answer_fault": "500",
        "callback_fault": "reordered",
        "slow_seconds": 0.5,
        "onboarding_status": "expired",
        "recording": False,
    }
    plan = parse(given)
    assert plan.as_json() == given | {"comments": tuple(given["comments"])}  # type: ignore[arg-type]
    assert parse({**plan.as_json(), "comments": given["comments"]}) == plan


@pytest.mark.parametrize("status", sorted(plans.REVIEW_STATUSES))
def test_every_review_has_comments_of_the_contracts_shape(status: str) -> None:
    review = Plan(status=status).review
    assert "reviewed_by" not in review
    for comment in review["comments"]:
        assert set(comment) == {"comment", "status", "start", "stop", "duration"}
        assert comment["duration"] == comment["stop"] - comment["start"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"status": "splendid"}, "status"),
        ({"status": ["passed"]}, "status"),
        ({"refusal": "because"}, "refusal"),
        ({"reviewed_by": 7}, "reviewed_by"),
        ({"ready_delay": "soon"}, "ready_delay"),
        ({"review_delay": -1}, "review_delay"),
        ({"review_delay": True}, "review_delay"),
        ({"duplicate_callbacks": 1.5}, "duplicate_callbacks"),
        ({"duplicate_callbacks": 1000}, "duplicate_callbacks"),
        ({"malformed_first": "yes"}, "malformed_first"),
        ({"recording": 1}, "recording"),
        ({"answer_fault": "forged"}, "answer_fault"),
        ({"callback_fault": "silent"}, "callback_fault"),
        ({"slow_seconds": 601}, "slow_seconds"),
        ({"onboarding_status": "unknown"}, "onboarding_status"),
        ({"error_first": "register"}, "error_first"),
        ({"error_first": [["register"]]}, "error_first"),
        ({"lose_answer_first": ["lunch"]}, "lose_answer_first"),
        ({"comments": "none"}, "comments"),
        ({"comments": ["none"]}, "comments"),
    ],
)
def test_a_bad_plan_is_refused_by_name(given: dict[str, Any], named: str) -> None:
    with pytest.raises(PlanError, match=named):
        parse(given)


@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("bruno@demo.invalid", "suspicious"),
        ("Bruno-1a2b3c@demo.invalid", "suspicious"),
        ("dana@demo.invalid", "violation"),
        ("amal@demo.invalid", "passed"),
        ("", "passed"),
    ],
)
def test_some_names_are_trouble(email: str, status: str) -> None:
    assert default_for(email).status == status


@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_taken_callback_is_delivered(status: int) -> None:
    assert judge(status, 1).state is State.DELIVERED


@pytest.mark.parametrize("status", [400, 401, 403, 410, 412, 422])
def test_a_refused_callback_is_given_up(status: int) -> None:
    assert judge(status, 1).state is State.GIVEN_UP


@pytest.mark.parametrize("status", [None, 302, 404, 408, 409, 425, 429, 500, 503])
def test_anything_else_is_tried_again_later(status: int | None) -> None:
    verdict = judge(status, 1)
    assert verdict.state is State.PENDING
    assert verdict.delay > 0


def test_an_lms_that_never_knows_the_attempt_is_believed_in_the_end() -> None:
    assert judge(404, MAX_NOT_FOUND - 1).state is State.PENDING
    assert judge(404, MAX_NOT_FOUND).state is State.GIVEN_UP


def test_delays_grow_up_to_a_limit_and_tries_end() -> None:
    delays = [judge(None, tries).delay for tries in range(1, 20)]
    assert delays == sorted(delays)
    assert delays[0] < delays[1]
    assert delays[-1] == LONGEST_DELAY
    assert judge(None, MAX_TRIES).state is State.GIVEN_UP
