"""The exam clock, in a real browser whose time, network and sleep are the test's."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.screens import Screen
from proctoring.services import attempts
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.browser.stage import OUTLINE, Stage, has_htmx, press, shows, stage, until

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)

Attempts = ProctoredExamStudentAttempt.objects
LABEL = "What is 6 times 7?"
# As a computer whose clock somebody sets: the wall clock jumps, nothing else does.
WALL_CLOCK = """
window.wallShift = 0;
const now = Date.now;
Date.now = () => now() + window.wallShift;
"""


class Watch:
    """The clock in a page, and what the server knows about it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.bar = page.locator("[data-proctoring-timer]")

    def left(self) -> int:
        """Seconds, as they are shown."""
        shown = self.bar.locator("#time_remaining_id b").inner_text()
        hours, minutes, seconds = (int(part) for part in shown.split(":"))
        return hours * 3600 + minutes * 60 + seconds

    def part(self, name: str) -> str:
        """What a part of the bar says."""
        return str(self.bar.locator(f"[data-timer-{name}]").text_content()).strip()

    def waits_for(self, name: str, text: str) -> None:
        """Until a part of the bar says ``text``."""
        self.bar.locator(f"[data-timer-{name}]", has_text=text).wait_for(state="attached")

    def asks(self) -> None:
        """The server is asked within the next second."""
        self.page.evaluate("window.dispatchEvent(new Event('online'))")


def ends_in(**span: float) -> None:
    """The server moves the end of every attempt, as if each had begun half an hour before it."""
    end = timezone.now() + timedelta(**span)
    Attempts.update(deadline_at=end, started_at=end - timedelta(minutes=30))


@pytest.fixture
def begin(stage: Stage, open_as: Any) -> Any:
    """``begin("timed")`` is the clock of an exam that the learner began just now, with half an hour."""

    def opened(name: str, **options: Any) -> Watch:
        stage.attempt(name, Status.started, started_at=timezone.now(), allowed_time_limit_mins=30)
        watch = Watch(open_as(stage.learner, stage.path(name), **options))
        # It has asked the server for the first time.
        watch.waits_for("announce", "you have 30 minutes remaining")
        return watch

    return opened


def test_it_counts_announces_once_and_can_be_hidden(begin: Any, inspect: Any) -> None:
    watch = begin("timed")
    page = watch.page
    assert 1780 <= watch.left() <= 1800
    assert (watch.part("level"), watch.part("connection")) == ("", "")
    page.evaluate("""() => {
      window.said = [];
      new MutationObserver(() => window.said.push(1))
        .observe(document.querySelector(".timer-announce"), { childList: true });
    }""")
    before = watch.left()
    until(page, lambda: watch.left() < before)
    watch.asks()
    page.wait_for_timeout(1300)
    assert page.evaluate("window.said") == []
    toggle = page.locator("#toggle_timer")
    toggle.focus()
    page.keyboard.press("Enter")
    assert not page.locator("#time_remaining_id").is_visible()
    page.reload()
    until(page, lambda: not page.locator("#time_remaining_id").is_visible())
    toggle.click()
    assert page.locator("#time_remaining_id").is_visible()
    inspect(page, "timer")


def test_it_says_in_words_that_time_runs_low(begin: Any, inspect: Any) -> None:
    watch = begin("timed")
    ends_in(minutes=5)
    watch.asks()
    watch.waits_for("announce", "Time is running low. you have 5 minutes remaining")
    assert {"exam-timer", "low-time", "warning"} <= set(watch.bar.get_attribute("class").split())
    inspect(watch.page, "timer-low")
    ends_in(seconds=85)
    watch.asks()
    watch.waits_for("announce", "Very little time is left. you have 1 minute remaining")
    assert {"low-time", "critical"} <= set(watch.bar.get_attribute("class").split())
    inspect(watch.page, "timer-critical")
    # Course staff grant more time.
    ends_in(minutes=20)
    watch.asks()
    watch.waits_for("announce", "you have 20 minutes remaining")
    assert (watch.part("level"), watch.bar.get_attribute("data-level")) == ("", "")


def test_it_goes_on_without_a_connection_and_is_back_by_itself(begin: Any, inspect: Any) -> None:
    watch = begin("timed")
    page = watch.page
    page.expected_errors = ["ERR_INTERNET_DISCONNECTED"]
    page.context.set_offline(True)
    watch.asks()
    watch.waits_for("connection", "cannot be reached")
    before = watch.left()
    page.wait_for_timeout(1500)
    assert before - 4 <= watch.left() < before
    inspect(page, "timer-offline")
    ends_in(minutes=25)
    page.context.set_offline(False)
    watch.waits_for("connection", "can be reached again")
    until(page, lambda: 1480 <= watch.left() <= 1500)
    # A server in trouble is the same to the learner.
    page.context.route("**/proctored_exam/attempt/*", lambda route: route.fulfill(status=503, body="busy"))
    page.expected_errors.append("503")
    watch.asks()
    watch.waits_for("connection", "cannot be reached")


def test_a_computers_clock_does_not_matter_whatever_it_says(begin: Any, stage: Stage, open_as: Any) -> None:
    watch = begin("timed")
    page = watch.page
    page.add_init_script(WALL_CLOCK.replace("wallShift = 0", "wallShift = -5 * 3600 * 1000"))
    page.reload()
    watch.waits_for("announce", "you have 30 minutes remaining")
    assert 1750 <= watch.left() <= 1800
    # Somebody sets it: the server is asked at once, and is right.
    ends_in(minutes=20)
    page.evaluate("window.wallShift = 3 * 3600 * 1000")
    until(page, lambda: 1180 <= watch.left() <= 1200)
    # Without an answer the computer has probably slept.
    page.expected_errors = ["ERR_INTERNET_DISCONNECTED"]
    page.context.set_offline(True)
    page.evaluate("window.wallShift += 10 * 60 * 1000")
    watch.waits_for("connection", "cannot be reached")
    until(page, lambda: 540 <= watch.left() <= 600)


def test_when_time_is_over_the_exam_is_handed_in_and_says_so(begin: Any, stage: Stage) -> None:
    watch = begin("timed")
    page = watch.page
    page.clock.install()
    page.reload()
    page.clock.run_for(2000)
    # For a moment both clocks are given time to agree, and the learner hears what happens.
    ends_in(seconds=1)
    page.clock.fast_forward(1797 * 1000)
    page.clock.run_for(3000)
    watch.waits_for("announce", "The time is over. Your exam is being handed in.")
    assert watch.left() == 0
    page.get_by_label(LABEL).fill("not saved")
    ends_in(seconds=-2)
    with page.expect_navigation():
        page.clock.run_for(10_000)
    assert shows(page) == Screen.TIMED_SUBMITTED
    assert stage.status("timed") == Status.submitted


def test_time_ends_in_a_tab_that_sleeps(begin: Any, stage: Stage) -> None:
    watch = begin("timed")
    page = watch.page
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    ends_in(seconds=-1)
    assert attempts.close_overdue().closed == 1
    assert stage.status("timed") == Status.submitted
    with page.expect_navigation():
        devtools.send("Page.setWebLifecycleState", {"state": "active"})
        watch.asks()
    assert shows(page) == Screen.TIMED_SUBMITTED
    assert "The time is over" in page.locator(".proctoring-status").inner_text()


def test_what_happens_elsewhere_shows_here(begin: Any, stage: Stage) -> None:
    watch = begin("timed")
    Attempts.update(status=Status.ready_to_submit)
    with watch.page.expect_navigation():
        watch.asks()
    assert shows(watch.page) == Screen.TIMED_READY_TO_SUBMIT
    watch.waits_for("announce", "you have 30 minutes remaining")
    watch.page.expected_errors = ["403"]
    Session.objects.all().delete()
    with watch.page.expect_navigation(url="**/accounts/login/**"):
        watch.asks()


def test_what_is_not_saved_is_not_lost_by_a_slip(begin: Any, stage: Stage) -> None:
    watch = begin("timed")
    page = watch.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label(LABEL).fill("42")
    end = page.get_by_role("button", name="End my exam")
    end.click()
    page.get_by_text("something on this page that you have not saved").wait_for()
    press(page, "Save answers")
    page.get_by_label(LABEL).fill("43")
    page.goto(OUTLINE)
    assert asked == ["beforeunload"]
    page.goto(stage.path("timed"))
    page.get_by_label(LABEL).fill("44")
    has_htmx(page)
    end.click()
    press(page, "End my exam")
    assert shows(page) == Screen.TIMED_READY_TO_SUBMIT
    # Whoever has nothing to lose is asked nothing.
    page.goto(OUTLINE)
    assert asked == ["beforeunload"]


def test_who_leaves_before_handing_in_a_proctored_exam_is_asked(begin: Any, stage: Stage) -> None:
    watch = begin("proctored")
    page = watch.page
    press(page, "End my exam")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("h1").click()
    press(page, "No, I want to work on")
    press(page, "End my exam")
    assert asked == []
    page.locator("h1").click()
    page.goto(OUTLINE)
    assert asked == ["beforeunload"]
