"""Whole exams in a real browser, from the entrance to the end."""

import re
from typing import Any

import pytest

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.screens import Screen
from proctoring.services import removal
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.browser.stage import Stage, has_htmx, press, shows, stage

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)

Attempts = ProctoredExamStudentAttempt.objects
LABEL = "What is 6 times 7?"


def test_a_timed_exam_by_keyboard_alone(stage: Stage, open_as: Any) -> None:
    page = open_as(stage.learner, stage.path("timed"))
    keys = page.keyboard

    def reach(label: str) -> None:
        """Tab until the control with this text has the focus, which is to be seen."""
        for _ in range(40):
            keys.press("Tab")
            found = page.evaluate(
                "() => [document.activeElement.innerText || document.activeElement.id, "
                "getComputedStyle(document.activeElement).outlineStyle]"
            )
            if label in found[0]:
                assert found[1] != "none"
                return
        raise AssertionError(f"{label!r} cannot be reached by keyboard")

    def act(label: str) -> None:
        reach(label)
        with page.expect_navigation():
            keys.press("Enter")

    act("Start the exam now")
    question = page.get_by_label(LABEL)
    reach(question.get_attribute("id"))
    keys.type("42")
    act("Save answers")
    assert page.get_by_label(LABEL).input_value() == "42"
    act("End my exam")
    assert shows(page) == Screen.TIMED_READY_TO_SUBMIT
    act("No, I want to work on")
    act("End my exam")
    act("Hand in my exam")
    assert shows(page) == Screen.TIMED_SUBMITTED
    assert stage.status("timed") == Status.submitted


def test_a_proctored_exam(stage: Stage, open_as: Any) -> None:
    page = open_as(stage.learner, stage.path("proctored"))
    press(page, "Continue to the set-up")
    assert shows(page) == Screen.INSTRUCTIONS
    page.context.route("https://vendor.example/**", lambda route: route.fulfill(body="The vendor's own page."))
    with page.expect_popup() as popup, page.expect_navigation():
        page.get_by_role("link", name="Start the system check").click()
    assert popup.value.evaluate("window.opener") is None
    popup.value.close()
    assert "Waiting for the system check" in page.locator(".proctoring-status").inner_text()
    # Without anybody's doing the page sees that the vendor is ready.
    with page.expect_navigation():
        stage.vendor_is_ready("proctored")
    assert shows(page) == Screen.READY_TO_START
    press(page, "Start the exam now")
    assert page.get_by_label(LABEL).is_visible()
    assert re.fullmatch(r"(1:00:00|0:59:\d\d)", page.locator("#time_remaining_id b").inner_text())
    press(page, "End my exam")
    press(page, "Hand in my exam")
    assert shows(page) == Screen.SUBMITTED


def test_taking_a_proctored_exam_without_proctoring(stage: Stage, open_as: Any) -> None:
    page = open_as(stage.learner, stage.path("proctored"))
    way_out = page.get_by_role("button", name="Continue without proctoring")
    assert not way_out.is_visible()
    page.get_by_text("Take this exam without proctoring").click()
    assert "cannot earn credit" in page.get_by_text("You cannot take this back").inner_text()
    with page.expect_navigation():
        way_out.click()
    assert page.get_by_label(LABEL).is_visible()
    assert stage.status("proctored") == Status.declined


def test_practising_again_and_onboarding(stage: Stage, open_as: Any) -> None:
    page = open_as(stage.learner, stage.path("practice"))
    for begin in ("Continue to the set-up", "Practise again"):
        has_htmx(page)
        before = Attempts.count()
        # An impatient learner is one learner.
        with page.expect_navigation():
            page.get_by_role("button", name=begin).dblclick()
        assert Attempts.count() <= before + 1
        stage.vendor_is_ready("practice")
        page.reload()
        press(page, "Start the exam now")
        press(page, "End my exam")
        press(page, "Hand in my exam")
        assert shows(page) == Screen.PRACTICE_SUBMITTED
    page.goto(stage.path("onboarding"))
    press(page, "Continue to the set-up")
    stage.vendor_is_ready("onboarding")
    page.reload()
    press(page, "Start the exam now")
    press(page, "End my exam")
    assert "only complete when you hand in" in page.locator("[data-proctoring-screen]").inner_text()
    press(page, "Hand in my exam")
    assert shows(page) == Screen.ONBOARDING_SUBMITTED
    again = page.get_by_role("button", name="Delete it and start again")
    assert not again.is_visible()
    page.get_by_text("Take the onboarding exam again").click()
    with page.expect_navigation():
        again.click()
    assert shows(page) == Screen.INSTRUCTIONS


def test_a_button_that_does_not_work_says_why_and_can_be_pressed_again(stage: Stage, open_as: Any) -> None:
    stage.attempt("timed", Status.created)
    page = open_as(stage.learner, stage.path("timed"))
    has_htmx(page)
    page.expected_errors = ["/pages/attempt/", "htmx-2"]
    button = page.get_by_role("button", name="Start the exam now")
    alert = page.get_by_role("alert")
    # The network is gone; then the server refuses in its own words; then it works.
    page.context.set_offline(True)
    button.click()
    page.get_by_text("That did not work. Check your connection").wait_for()
    assert button.evaluate("(element) => element === document.activeElement && !element.disabled")
    page.context.set_offline(False)
    Attempts.update(status=Status.verified)
    button.click()
    page.get_by_text("not possible in the attempt's present state").wait_for()
    assert "verified" not in alert.inner_text()
    Attempts.update(status=Status.created)
    press(page, "Start the exam now")
    assert page.get_by_label(LABEL).is_visible()


def test_without_javascript_everything_works_too(stage: Stage, open_as: Any) -> None:
    page = open_as(stage.learner, stage.path("timed"), java_script_enabled=False)
    page.expected_errors = ["409"]
    assert not page.get_by_text("need JavaScript").count()
    press(page, "Start the exam now")
    assert re.search(r"you had (29|30) minutes left", page.locator("noscript").inner_text())
    page.get_by_label(LABEL).fill("42")
    press(page, "Save answers")
    press(page, "End my exam")
    Attempts.update(status=Status.verified)
    press(page, "Hand in my exam")
    assert page.get_by_role("heading", level=1).inner_text() == "That did not work"
    Attempts.update(status=Status.ready_to_submit)
    page.get_by_role("link", name="Back to the exam").click()
    press(page, "Hand in my exam")
    assert shows(page) == Screen.TIMED_SUBMITTED


def test_a_host_that_has_its_own_htmx_keeps_it(stage: Stage, open_as: Any) -> None:
    page = open_as(stage.learner, stage.path("timed"))
    has_htmx(page)
    assert page.locator("script[src*='htmx']").count() == 1
    page.add_init_script("window.htmx = { version: 'of the host', process() {} }")
    page.reload(wait_until="load")
    page.wait_for_timeout(100)
    assert page.evaluate("window.htmx.version") == "of the host"
    assert page.locator("script[src*='htmx']").count() == 0


def test_an_attempt_that_staff_remove_takes_the_learner_back_to_the_entrance(stage: Stage, open_as: Any) -> None:
    attempt = stage.attempt("proctored", Status.created)
    page = open_as(stage.learner, stage.path("proctored"))
    has_htmx(page)
    removal.remove(attempt.pk, by=None)
    # Asked now and not in some seconds, as whenever the learner comes back to the page.
    with page.expect_navigation():
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert shows(page) == Screen.PROCTORED_ENTRANCE
