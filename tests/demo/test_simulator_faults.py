"""The simulator's lasting faults: of its answers, chosen on a page or by a header, and of its messages."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.utils.html import escape

from demo.simulator.faults import ANSWERS, CALLBACKS, HEADER
from tests.demo.simulating import FakeLms, Simulator, Taking, registration, wait_until

Take = Callable[..., Taking]


def started(taking: Taking, fault: str = "", **options: Any) -> requests.Response:
    """Report a start as an LMS does; ``fault`` is asked for in the header."""
    headers = {HEADER: fault} if fault else {}
    return taking.simulator.call("PATCH", taking.path, {"status": "started"}, headers=headers, **options)


def choose(taking: Taking, **faults: str) -> requests.Response:
    """Choose faults on the attempt's page."""
    return taking.simulator.submit(f"/attempts/{taking.id}/", f"/attempts/{taking.id}/faults/", **faults)


# Answers


def test_a_500_does_nothing(take: Take) -> None:
    taking = take()
    assert started(taking, "500").status_code == 500
    assert taking.shown()["status"] == "created"


def test_garbage_is_no_json_and_the_call_is_carried_out(take: Take) -> None:
    taking = take()
    answer = started(taking, "garbage")
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert taking.shown()["status"] == "started"


def test_a_slow_answer_takes_the_planned_seconds(take: Take) -> None:
    taking = take(slow_seconds=0.4)
    begun = time.monotonic()
    assert started(taking, "slow").json() == {"status": "started"}
    assert time.monotonic() - begun >= 0.4


def test_silence_lasts_until_the_client_gives_up(take: Take) -> None:
    taking = take()
    path = taking.simulator.url + taking.path
    headers = taking.simulator.authorised | {HEADER: "silent"}
    with pytest.raises(requests.ReadTimeout):
        requests.patch(path, json={"status": "started"}, headers=headers, timeout=0.5)
    assert taking.shown()["status"] == "started"


@pytest.mark.parametrize("fault", ["wrong-id", "garbage"])
def test_a_spoilt_answer_is_right_when_asked_again_without_the_fault(
    simulator: Simulator, fake_lms: FakeLms, name: str, fault: str
) -> None:
    simulator.plan(name, ready_delay=0)
    path = f"/api/v1/exam/{simulator.make_exam()}/attempt/"
    body = registration(fake_lms.url, name)
    spoilt = simulator.call("POST", path, body, key=f"code-of-{name}", headers={HEADER: fault})
    right = simulator.call("POST", path, body, key=f"code-of-{name}").json()["id"]
    assert right not in spoilt.text
    assert [attempt["id"] for attempt in simulator.attempts(name)] == [right]


def test_a_header_that_names_no_fault_is_refused(take: Take) -> None:
    assert started(take(), "splendid").status_code == 400


def test_answers_follow_the_page_until_it_is_changed(take: Take) -> None:
    taking = take()
    assert choose(taking, answer_fault="500").ok
    assert [started(taking).status_code for _ in range(2)] == [500, 500]
    choose(taking, answer_fault="")
    assert started(taking).status_code == 200


def test_a_fault_can_be_planned_before_an_attempt_is_registered(
    simulator: Simulator, fake_lms: FakeLms, name: str
) -> None:
    simulator.plan(name, answer_fault="500")
    path = f"/api/v1/exam/{simulator.make_exam()}/attempt/"
    assert simulator.call("POST", path, registration(fake_lms.url, name)).status_code == 500
    assert simulator.attempts(name) == []


def test_the_journal_names_the_fault(take: Take) -> None:
    taking = take(callback_fault="duplicate")
    started(taking, "garbage")
    taking.settle(callbacks=2)
    faults = {(entry["operation"], entry["fault"]) for entry in taking.simulator.journal(taking.id)}
    assert faults == {("register", ""), ("started", "garbage"), ("ready", "duplicate")}


# Messages


def test_every_message_comes_twice(take: Take) -> None:
    taking = take(callback_fault="duplicate")
    taking.report("submitted")
    taking.settle(callbacks=4)
    assert [len(taking.told(kind)) for kind in ("ready", "reviewed")] == [2, 2]


def test_the_review_comes_before_the_ready_message(take: Take) -> None:
    taking = take(callback_fault="reordered")
    taking.settle(callbacks=2)
    taking.report("submitted")
    assert [heard.kind for heard in taking.lms.heard if heard.attempt == taking.id] == ["reviewed", "ready"]
    assert len(taking.shown()["callbacks"]) == 2


def test_the_review_comes_with_the_start_where_the_computer_is_ready(take: Take) -> None:
    taking = take()
    taking.settle(callbacks=1)
    choose(taking, callback_fault="reordered")
    taking.report("started")
    taking.settle(callbacks=2)
    taking.report("submitted")
    assert len(taking.told("reviewed")) == 1


def test_a_forged_message_has_another_token_and_is_not_repeated(take: Take, fake_lms: FakeLms, name: str) -> None:
    fake_lms.answers[name] = [401]
    taking = take(callback_fault="forged")
    taking.settle(callbacks=1)
    (ready,) = taking.told("ready")
    assert ready.authorization.startswith("Bearer ")
    assert not ready.authorization.startswith("Bearer token-")
    assert taking.shown()["callbacks"][0]["state"] == "given_up"


def test_a_message_about_a_wrong_id_is_about_no_attempt_of_the_vendor(take: Take) -> None:
    taking = take(callback_fault="wrong-id")
    taking.settle(callbacks=1)
    assert taking.told("ready") == []
    known = {attempt["id"] for attempt in taking.simulator.send("GET", "/simulator/attempts").json()["attempts"]}
    assert any(heard.kind == "ready" and heard.attempt not in known for heard in taking.lms.heard)


def test_a_message_of_garbage_cannot_be_read(take: Take) -> None:
    taking = take(callback_fault="garbage")
    taking.report("submitted")
    taking.settle(callbacks=2)
    for heard in taking.told("ready") + taking.told("reviewed"):
        with pytest.raises(ValueError, match="Expecting value"):
            json.loads(heard.body)
    assert taking.shown()["review_status"] == ""


def test_a_slow_message_comes_later(take: Take) -> None:
    taking = take(callback_fault="slow", slow_seconds=0.6)
    begun = time.monotonic()
    taking.settle(callbacks=1)
    assert time.monotonic() - begun >= 0.4


def test_a_header_can_ask_for_a_fault_of_the_messages_that_follow(take: Take) -> None:
    taking = take()
    taking.settle(callbacks=1)
    headers = {HEADER: "duplicate"}
    answer = taking.simulator.call("PATCH", taking.path, {"status": "submitted"}, headers=headers)
    assert answer.json() == {"status": "submitted"}
    taking.settle(callbacks=3)
    assert len(taking.told("reviewed")) == 2


# The pages


def test_the_attempts_page_says_what_each_fault_does(take: Take) -> None:
    taking = take()
    text = taking.simulator.page(f"/attempts/{taking.id}/").text
    for fault in (*ANSWERS, *CALLBACKS):
        assert escape(fault.text) in text
    choose(taking, answer_fault="slow", callback_fault="forged", slow_seconds="2.5")
    form = taking.simulator.page(f"/attempts/{taking.id}/").form_with("slow_seconds")
    assert form is not None
    chosen = {name: value for name, value in form.fields if name != "csrfmiddlewaretoken"}
    assert chosen == {"answer_fault": "slow", "callback_fault": "forged", "slow_seconds": "2.5"}


@pytest.mark.parametrize(
    "wrong",
    [{"answer_fault": "forged"}, {"callback_fault": "silent"}, {"slow_seconds": "soon"}, {"slow_seconds": "1e9"}],
)
def test_a_form_that_cannot_be_followed_is_answered_with_the_page(take: Take, wrong: dict[str, str]) -> None:
    answer = choose(take(), **wrong)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text


def test_faults_chosen_on_the_page_leave_the_rest_of_the_plan(take: Take) -> None:
    comments = [{"comment": "Phone", "status": "suspicious", "start": 1, "stop": 2, "duration": 1}]
    taking = take(status="suspicious", comments=comments, error_first=["started"])
    assert taking.report("started").status_code == 500
    choose(taking, callback_fault="duplicate")
    assert taking.report("started").status_code == 200
    taking.report("submitted")
    wait_until(lambda: len(taking.told("reviewed")) == 2)
    assert json.loads(taking.told("reviewed")[0].body) == {"status": "suspicious", "comments": comments}


@pytest.mark.parametrize("status", ["passed", "violation", "suspicious", "not_reviewed"])
def test_a_review_is_sent_from_the_page(take: Take, status: str) -> None:
    taking = take()
    page, action = f"/attempts/{taking.id}/", f"/attempts/{taking.id}/review/"
    assert 'role="status"' in taking.simulator.submit(page, action, status=status).text
    taking.settle(callbacks=2)
    (review,) = taking.told("reviewed")
    body = json.loads(review.body)
    assert body["status"] == status
    assert body["comments"]
    wait_until(lambda: taking.shown()["review_status"] == status)


def test_a_review_needs_a_verdict(take: Take) -> None:
    taking = take()
    page, action = f"/attempts/{taking.id}/", f"/attempts/{taking.id}/review/"
    assert taking.simulator.submit(page, action, status="splendid").status_code == 400


def test_a_form_of_another_site_is_refused(take: Take) -> None:
    taking = take()
    answer = taking.simulator.send("POST", f"/attempts/{taking.id}/faults/", data={"answer_fault": "500"})
    assert answer.status_code == 403


def test_the_list_leads_to_the_attempt(take: Take) -> None:
    taking = take()
    assert f"/attempts/{taking.id}/" in taking.simulator.page("/").links


def test_an_unknown_attempt_has_no_page(simulator: Simulator) -> None:
    assert simulator.send("GET", "/attempts/nobody/").status_code == 404
