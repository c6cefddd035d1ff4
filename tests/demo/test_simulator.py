"""The simulator's REST protocol, its faults that strike once, and its messages."""

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.demo.simulating import (
    CREDENTIALS,
    PROJECT,
    SECONDS,
    FakeLms,
    Simulator,
    Taking,
    environment,
    registration,
    wait_until,
)

SETTINGS = "demo.simulator.settings"


# Who may call


def test_wrong_credentials_get_no_token(simulator: Simulator) -> None:
    form = {"grant_type": "client_credentials", "client_id": CREDENTIALS["client_id"], "client_secret": "wrong"}
    assert simulator.send("POST", "/oauth2/access_token", data=form).status_code == 401


def test_other_grants_get_no_token(simulator: Simulator) -> None:
    form = {"grant_type": "password", **CREDENTIALS}
    assert simulator.send("POST", "/oauth2/access_token", data=form).status_code == 400


@pytest.mark.parametrize("authorization", ["", "JWT nonsense", "Bearer nonsense"])
def test_calls_without_a_token_are_refused(simulator: Simulator, authorization: str) -> None:
    answer = simulator.send("GET", "/api/v1/config/", headers={"Authorization": authorization})
    assert answer.status_code == 401


# The protocol


def test_config_names_rules_instructions_and_download(simulator: Simulator) -> None:
    config = simulator.call("GET", "/api/v1/config/").json()
    assert set(config) == {"name", "rules", "download_url", "instructions"}
    assert simulator.send("GET", config["download_url"].removeprefix(simulator.url)).ok


def test_an_exam_keeps_its_id_when_it_changes(simulator: Simulator) -> None:
    exam = simulator.make_exam()
    answer = simulator.call("POST", f"/api/v1/exam/{exam}/", {"exam_name": "Renamed", "time_limit_mins": 30})
    assert answer.json() == {"id": exam}
    shown = simulator.call("GET", f"/api/v1/exam/{exam}/").json()
    assert (shown["exam_name"], shown["time_limit_mins"]) == ("Renamed", 30)


def test_an_unknown_exam_is_not_found(simulator: Simulator, fake_lms: FakeLms, name: str) -> None:
    assert simulator.call("GET", "/api/v1/exam/None/").status_code == 404
    body = registration(fake_lms.url, name)
    assert simulator.call("POST", "/api/v1/exam/None/attempt/", body).status_code == 404


def test_an_exam_of_a_lost_database_is_taken_up_again(simulator: Simulator, fake_lms: FakeLms, name: str) -> None:
    body = registration(fake_lms.url, name)
    answer = simulator.call("POST", f"/api/v1/exam/{uuid.uuid4().hex}/attempt/", body)
    assert answer.status_code == 200


def test_methods_and_bodies_that_are_not_of_the_protocol_are_refused(take: Callable[..., Taking]) -> None:
    taking = take()
    call = taking.simulator.call
    assert call("PUT", taking.path, {}).status_code == 405
    assert call("PATCH", taking.path, ["started"]).status_code == 400
    assert call("PATCH", taking.path, {"status": "verified"}).status_code == 400
    taking.settle(callbacks=1)


def test_a_registered_attempt_becomes_ready(take: Callable[..., Taking]) -> None:
    taking = take()
    taking.settle(callbacks=1)
    (ready,) = taking.told("ready")
    assert json.loads(ready.body) == {"status": "ready"}
    assert ready.authorization.startswith("Bearer token-")


def test_a_submission_is_reviewed_with_time_coded_comments(take: Callable[..., Taking]) -> None:
    comments = [{"comment": "Phone", "status": "suspicious", "start": 61, "stop": 75, "duration": 14}]
    taking = take(status="suspicious", comments=comments, reviewed_by="grader@demo.invalid")
    assert taking.report("started").json() == {"status": "started"}
    assert taking.report("submitted").json() == {"status": "submitted"}
    taking.settle(callbacks=2)
    (review,) = taking.told("reviewed")
    expected = {"status": "suspicious", "comments": comments, "reviewed_by": "grader@demo.invalid"}
    assert json.loads(review.body) == expected


def test_a_late_message_does_not_take_an_attempt_back(take: Callable[..., Taking]) -> None:
    taking = take()
    taking.report("submitted")
    assert taking.report("started").json() == {"status": "submitted"}
    taking.settle(callbacks=2)
    assert len(taking.told("reviewed")) == 1


def test_an_attempt_is_shown_and_deleted(take: Callable[..., Taking]) -> None:
    taking = take()
    taking.settle(callbacks=1)
    shown = taking.simulator.call("GET", taking.path).json()
    assert set(shown) == {"status", "instructions", "download_url"}
    assert taking.simulator.call("DELETE", taking.path).json() == {"status": "deleted"}
    for method, body in (("GET", None), ("PATCH", {"status": "started"}), ("DELETE", None)):
        assert taking.simulator.call(method, taking.path, body).status_code == 404


def test_a_refused_learner_gets_a_status_and_no_id(simulator: Simulator, fake_lms: FakeLms, name: str) -> None:
    simulator.plan(name, refusal="onboarding_missing")
    exam = simulator.make_exam()
    answer = simulator.call("POST", f"/api/v1/exam/{exam}/attempt/", registration(fake_lms.url, name))
    assert answer.json() == {"status": "onboarding_missing"}


def test_a_retired_learner_leaves_no_name(take: Callable[..., Taking]) -> None:
    taking = take()
    taking.settle(callbacks=1)
    answer = taking.simulator.call("DELETE", f"/api/v1/user/id-of-{taking.name}/")
    assert (answer.status_code, answer.json()) == (200, True)
    assert taking.simulator.attempts(taking.name) == []


@pytest.fixture
def rehearse(simulator: Simulator, fake_lms: FakeLms) -> Callable[..., str]:
    """A learner's attempt at an onboarding exam of ``course``, up to ``reached``; the learner's name."""

    def begin(course: str, reached: str, **plan: Any) -> str:
        name = f"learner-{uuid.uuid4().hex[:8]}"
        simulator.plan(name, ready_delay=0, **plan)
        exam = simulator.make_exam(course_id=course, is_practice_exam=True)
        body = registration(fake_lms.url, name, is_sample_attempt=True)
        attempt = simulator.call("POST", f"/api/v1/exam/{exam}/attempt/", body).json()["id"]
        simulator.call("PATCH", f"/api/v1/exam/{exam}/attempt/{attempt}/", {"status": reached})
        return name

    return begin


def test_onboarding_statuses_follow_the_rehearsals(simulator: Simulator, rehearse: Callable[..., str]) -> None:
    course = f"course-v1:Demo+{uuid.uuid4().hex[:6]}+2026"
    path = f"/api/v1/courses/{course}/onboarding_statuses"
    learners = {
        "approved-in-course": rehearse(course, "submitted", status="passed", review_delay=0),
        "approved-in-different-course": rehearse("course-v1:Demo+OTHER+2026", "submitted", review_delay=0),
        "rejected": rehearse(course, "submitted", status="violation", review_delay=0),
        "pending": rehearse(course, "submitted", review_delay=3600),
        "no-profile": rehearse(course, "started"),
    }
    for status, name in learners.items():
        wait_until(lambda name=name, status=status: _profile(simulator, path, name)["status"] == status)  # type: ignore[misc]
    assert _profile(simulator, path, learners["approved-in-course"])["expiration_date"]
    assert _profile(simulator, path, learners["rejected"])["expiration_date"] is None
    assert _profile(simulator, path, "a-stranger")["status"] == "no-profile"


def test_onboarding_statuses_are_listed_by_status_and_page(simulator: Simulator, rehearse: Callable[..., str]) -> None:
    course = f"course-v1:Demo+{uuid.uuid4().hex[:6]}+2026"
    path = f"/api/v1/courses/{course}/onboarding_statuses"
    waiting = {f"id-of-{rehearse(course, 'submitted', review_delay=3600)}" for _ in range(2)}
    rehearse(course, "started")
    first = simulator.call("GET", f"{path}?status=pending,rejected&page_size=1").json()
    second = simulator.call("GET", f"{path}?status=pending,rejected&page_size=1&page=2").json()
    assert (first["count"], first["num_pages"], first["next"], second["previous"]) == (2, 2, 2, 1)
    assert {profile["user_id"] for page in (first, second) for profile in page["results"]} == waiting


def _profile(simulator: Simulator, path: str, name: str) -> dict[str, Any]:
    return dict(simulator.call("GET", f"{path}?user_id=id-of-{name}").json())


# Once is once


def test_the_same_key_gets_the_same_answer(take: Callable[..., Taking]) -> None:
    taking = take()
    path = f"/api/v1/exam/{taking.exam}/attempt/"
    again = taking.simulator.call("POST", path, registration(taking.lms.url, taking.name), key=f"code-of-{taking.name}")
    assert again.json() == {"id": taking.id}
    assert len(taking.simulator.attempts(taking.name)) == 1
    taking.report("started")
    taking.report("started")
    started = [entry["duplicate"] for entry in taking.simulator.journal(taking.id) if entry["operation"] == "started"]
    assert started == [False, True]
    taking.settle(callbacks=1)


def test_a_key_belongs_to_one_request(take: Callable[..., Taking]) -> None:
    taking = take()
    answer = taking.simulator.call("POST", "/api/v1/exam/", {}, key=f"code-of-{taking.name}")
    assert answer.status_code == 422
    taking.settle(callbacks=1)


def test_the_journal_holds_no_bodies_and_no_secrets(take: Callable[..., Taking]) -> None:
    taking = take()
    taking.settle(callbacks=1)
    text = taking.simulator.send("GET", "/simulator/journal").text
    assert taking.name not in text.replace(f"code-of-{taking.name}", "")
    assert CREDENTIALS["client_secret"] not in text
    assert "token-" not in text


# Faults


def test_a_planned_error_strikes_once_and_nothing_is_done(take: Callable[..., Taking]) -> None:
    taking = take(error_first=["submitted"])
    assert taking.report("submitted").status_code == 500
    assert taking.report("submitted").status_code == 200
    taking.settle(callbacks=2)


def test_a_lost_answer_is_given_when_asked_again(take: Callable[..., Taking]) -> None:
    taking = take(lose_answer_first=["started"])
    with pytest.raises(requests.ConnectionError):
        taking.report("started")
    assert taking.report("started").json() == {"status": "started"}
    entries = [entry for entry in taking.simulator.journal(taking.id) if entry["operation"] == "started"]
    assert [(entry["answer_lost"], entry["duplicate"]) for entry in entries] == [(True, False), (False, True)]
    taking.settle(callbacks=1)


def test_reviews_come_doubled_and_after_a_broken_one(take: Callable[..., Taking]) -> None:
    taking = take(duplicate_callbacks=2, malformed_first=True)
    taking.report("submitted")
    taking.settle(callbacks=5)
    broken, *right = [review.body for review in sorted(taking.told("reviewed"), key=lambda review: len(review.body))]
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(broken)
    assert len(right) == 3
    assert len(set(right)) == 1


def test_a_review_is_sent_again_on_demand(take: Callable[..., Taking]) -> None:
    taking = take()
    send = taking.simulator.send
    assert send("POST", "/simulator/reviews", json={"attempt": taking.id}).status_code == 409
    taking.report("submitted")
    taking.settle(callbacks=2)
    assert len(send("POST", "/simulator/reviews", json={"attempt": taking.id, "times": 3}).json()["callbacks"]) == 3
    assert send("POST", "/simulator/reviews", json={"attempt": taking.id, "malformed": True}).ok
    taking.settle(callbacks=6)
    assert send("POST", "/simulator/reviews", json={"attempt": taking.id, "times": 0}).status_code == 400
    assert send("POST", "/simulator/reviews", json={"attempt": "nobody"}).status_code == 404


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"json": {"learner": "somebody", "status": "splendid"}}, 400),
        ({"json": {"status": "passed"}}, 400),
        ({"json": {"learner": 7}}, 400),
        ({"json": ["learner"]}, 400),
        ({"data": "{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": '{"learner": "somebody"}', "headers": {"Content-Type": "text/plain"}}, 415),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(simulator: Simulator, content: Any, status: int) -> None:
    assert simulator.send("POST", "/simulator/plan", **content).status_code == status


# Callbacks arrive


@pytest.mark.parametrize("trouble", [[503], [404, 404]])
def test_a_callback_is_repeated_until_it_is_taken(
    take: Callable[..., Taking], fake_lms: FakeLms, name: str, trouble: list[int]
) -> None:
    fake_lms.answers[name] = list(trouble)
    taking = take()
    taking.settle(callbacks=1)
    (callback,) = taking.simulator.callbacks(taking.name)
    assert (callback["state"], callback["tries"]) == ("delivered", len(trouble) + 1)


def test_a_refused_callback_is_not_repeated(take: Callable[..., Taking], fake_lms: FakeLms, name: str) -> None:
    fake_lms.answers[name] = [400]
    taking = take()
    taking.settle(callbacks=1)
    (callback,) = taking.simulator.callbacks(taking.name)
    assert (callback["state"], callback["tries"], callback["status"]) == ("given_up", 1, 400)


def test_a_refused_token_is_renewed_once(take: Callable[..., Taking], fake_lms: FakeLms, name: str) -> None:
    fake_lms.answers[name] = [401]
    taking = take()
    taking.settle(callbacks=1)
    first, second = taking.told("ready")
    assert first.authorization != second.authorization


def test_an_lms_that_gives_no_token_is_asked_again(take: Callable[..., Taking], fake_lms: FakeLms, name: str) -> None:
    fake_lms.tokenless[name] = True
    taking = take()
    taking.settle(callbacks=1)
    (callback,) = taking.simulator.callbacks(taking.name)
    assert (callback["state"], callback["tries"]) == ("delivered", 2)


def test_a_killed_simulator_goes_on_where_it_stopped(tmp_path: Path, fake_lms: FakeLms, name: str) -> None:
    simulator = Simulator(tmp_path)
    simulator.start()
    simulator.plan(name, ready_delay=1)
    exam = simulator.make_exam()
    path = f"/api/v1/exam/{exam}/attempt/"
    body = registration(fake_lms.url, name)
    attempt = simulator.call("POST", path, body, key="code").json()["id"]
    simulator.end(signal.SIGKILL)
    simulator.start()
    try:
        wait_until(lambda: [callback["state"] for callback in simulator.callbacks(name)] == ["delivered"])
        assert len(fake_lms.told(attempt, "ready")) == 1
        assert simulator.call("POST", path, body, key="code").json() == {"id": attempt}
    finally:
        simulator.end()


# The process


def test_a_taken_port_is_said_clearly(tmp_path: Path, simulator: Simulator) -> None:
    command = [sys.executable, "-m", "demo.simulator", "--port", str(simulator.port)]
    ended = subprocess.run(
        command, cwd=PROJECT, env=environment(tmp_path), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{simulator.port}" in ended.stderr


def test_its_tables_have_their_migrations(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]
    env = environment(tmp_path, DJANGO_SETTINGS_MODULE=SETTINGS)
    ended = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ended.returncode == 0, ended.stdout
