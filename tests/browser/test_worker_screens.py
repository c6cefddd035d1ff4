"""The vendor's desktop application in the learner's screens (contract vendors_admin_screens.md §3.13)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.screens import Screen
from proctoring.services import attempts
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.browser.stage import Stage, has_htmx, press, shows, stage

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)

Attempts = ProctoredExamStudentAttempt.objects
GOOD = {"startExamAttempt": "examAttemptStarted", "endExamAttempt": "examAttemptEnded", "ping": "echo"}
# A vendor's script that tells the test what it hears, and what the attempt is by then.
SCRIPT = """
const replies = %s;
self.addEventListener("message", async ({ data: { type, attemptExternalId } }) => {
  await fetch(`${self.origin}/heard/${type}/${attemptExternalId}`);
  self.postMessage(replies[type]);
});
"""


class Application:
    """The vendor's application on the learner's computer; ``heard`` is what it was told, of what, in which status."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.replies = {told: {"type": reply} for told, reply in GOOD.items()}
        self.heard: list[tuple[str, str, str]] = []

    def run_in(self, context: Any) -> None:
        """The pages of the browser can reach it."""
        context.route("**/vendor.js", self._script)
        context.route("**/heard/**", self._hear)

    def refuses(self, told: str, why: str) -> None:
        """It does not do what it is told."""
        self.replies[told] = {"type": "refused", "error": why}

    def _script(self, route: Any) -> None:
        route.fulfill(content_type="text/javascript", body=SCRIPT % json.dumps(self.replies))

    def _hear(self, route: Any) -> None:
        told, attempt = route.request.url.split("/")[-2:]
        self.heard.append((told, attempt, self._stage.status("proctored")))
        route.fulfill(body="")


@pytest.fixture
def application(stage: Stage, monkeypatch: Any) -> Application:
    fakes = "tests.proctoring.screen_fakes.GuidedBackend"
    monkeypatch.setattr(f"{fakes}.get_javascript", lambda self: "/vendor.js", raising=False)
    monkeypatch.setattr(f"{fakes}.ping_interval", 1)
    return Application(stage)


@pytest.fixture
def begin(stage: Stage, open_as: Any, application: Application) -> Any:
    """``begin(status)`` is the page of an attempt in this status."""

    def opened(status: str) -> Any:
        started = {} if status == Status.ready_to_start else {"started_at": timezone.now()}
        stage.attempt("proctored", status, external_id="a1", allowed_time_limit_mins=60, **started)
        page = open_as(stage.learner)
        application.run_in(page.context)
        page.goto(stage.path("proctored"))
        return page

    return opened


def test_it_hears_of_the_start_before_and_of_the_end_after_the_server(
    begin: Any, stage: Stage, application: Application
) -> None:
    page = begin(Status.ready_to_start)
    press(page, "Start the exam now")
    assert stage.status("proctored") == Status.started
    press(page, "End my exam")
    has_htmx(page)
    press(page, "Hand in my exam")
    assert shows(page) == Screen.SUBMITTED
    told = [heard for heard in application.heard if heard[0] != "ping"]
    assert told == [("startExamAttempt", "a1", "ready_to_start"), ("endExamAttempt", "a1", "submitted")]


def test_without_it_no_exam_starts_and_the_learner_learns_why(
    begin: Any, stage: Stage, application: Application
) -> None:
    page = begin(Status.ready_to_start)
    application.refuses("startExamAttempt", "closed")
    start = page.get_by_role("button", name="Start the exam now")
    start.click()
    page.get_by_text("SimProc does not answer on this computer").wait_for()
    assert start.is_enabled()
    assert stage.status("proctored") == Status.ready_to_start
    # What the server refuses is said in its words.
    Attempts.update(status=Status.verified)
    application.replies["startExamAttempt"] = {"type": "examAttemptStarted"}
    page.expected_errors = ["400"]
    start.click()
    page.get_by_text("not possible in the attempt's present state").wait_for()


def test_what_is_handed_in_stays_so_whatever_it_says(begin: Any, application: Application) -> None:
    page = begin(Status.ready_to_submit)
    application.refuses("endExamAttempt", "busy")
    has_htmx(page)
    press(page, "Hand in my exam")
    assert shows(page) == Screen.SUBMITTED


def test_when_it_is_gone_the_exam_is_interrupted(begin: Any, application: Application, monkeypatch: Any) -> None:
    application.refuses("ping", "closed")
    page = begin(Status.started)
    page.get_by_text("Your exam was interrupted").wait_for()
    assert shows(page) == Screen.ERROR
    assert ("ping", "a1", "started") in application.heard


def test_it_hears_of_an_exam_that_the_clock_has_handed_in(begin: Any, stage: Stage, application: Application) -> None:
    page = begin(Status.started)
    page.locator(".timer-announce", has_text="you have").wait_for(state="attached")
    Attempts.update(deadline_at=timezone.now() - timedelta(seconds=1))
    attempts.close_overdue()
    with page.expect_navigation():
        page.evaluate("window.dispatchEvent(new Event('online'))")
    assert shows(page) == Screen.SUBMITTED
    assert application.heard[-1] == ("endExamAttempt", "a1", "submitted")
