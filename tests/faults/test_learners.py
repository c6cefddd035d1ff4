"""Learners do as browsers do."""

import pytest
import requests
import responses

from tests.faults import learners
from tests.faults.learners import ATTEMPTS, EXAM, IDENTITY_STATUS, PHOTOS, Browser, GaveUp, Meetings, hand_in

SITE = "http://site.test"
BROKEN = requests.ConnectionError()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(learners, "PAUSE", 0)


@pytest.fixture
def site():
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def browser():
    browser = Browser(SITE, "exam-00001", "session", Meetings(), patience=0)
    yield browser
    browser.close()


def keys(site):
    return [call.request.headers.get("Idempotency-Key") for call in site.calls]


def test_a_broken_connection_is_met_by_the_same_request(site, browser):
    site.post(SITE + ATTEMPTS, body=BROKEN)
    site.post(SITE + ATTEMPTS, status=502)
    site.post(SITE + ATTEMPTS, json={"exam_attempt_id": 5})
    assert browser.insist("POST", ATTEMPTS, json={}).body == {"exam_attempt_id": 5}
    assert len(keys(site)) == 3
    assert len(set(keys(site))) == 1


def test_a_refusal_is_final(site, browser):
    site.post(SITE + ATTEMPTS, status=400, json={"detail": "no"})
    assert browser.insist("POST", ATTEMPTS, json={}).status == 400
    assert len(site.calls) == 1


def test_whose_attempt_was_made_without_an_answer_goes_on_with_it(site, browser):
    site.get(SITE + EXAM, body="page")
    site.post(SITE + ATTEMPTS, status=400, json={"detail": "there is one"})
    site.get(f"{SITE}/demo/effects/exam-00001/{learners.CONTENT_ID}", json={"attempts": [{"id": 7}]})
    site.get(f"{SITE}{ATTEMPTS}/7", json={"status": "ready_to_start"})
    learners.Exam(browser, 3).begin()


def test_an_action_that_was_carried_out_without_an_answer_is_not_asked_for_again(site, browser):
    site.get(f"{SITE}{ATTEMPTS}/0", json={"status": "ready_to_start"})
    for _ in range(learners.SAME_KEY_TRIES):
        site.put(f"{SITE}{ATTEMPTS}/0", body=BROKEN)
    site.get(f"{SITE}{ATTEMPTS}/0", json={"status": "started"})
    learners.Exam(browser, 3).act("start", "started")


def test_photos_that_are_under_way_are_not_handed_in_again(site, browser):
    for _ in range(learners.SAME_KEY_TRIES):
        site.post(SITE + PHOTOS, body=BROKEN)
    site.get(SITE + IDENTITY_STATUS, json={"status": "submitted"})
    hand_in(browser, b"face", b"id")


def test_whoever_gets_nowhere_says_where(site, browser):
    site.get(f"{SITE}{ATTEMPTS}/0", json={"status": "created"})
    site.put(f"{SITE}{ATTEMPTS}/0", status=400, json={})
    with pytest.raises(GaveUp, match="exam-00001: started"):
        learners.Exam(browser, 3).act("start", "started")
