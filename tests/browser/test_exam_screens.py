"""Every screen of the learner's, as it looks in a course's page."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.screens import Screen
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.browser.stage import Stage, has_htmx, shows, stage
from tests.factories import ReviewPolicyFactory
from tests.proctoring.screen_fakes import EVERYBODY

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)

Attempts = ProctoredExamStudentAttempt.objects


class Tour:
    """Looks at one exam in one state after the other."""

    def __init__(self, page: Any, inspect: Any) -> None:
        self.page, self.inspect = page, inspect
        self.seen: set[str] = set()

    def sees(self, screen: Screen, **state: Any) -> None:
        """The page shows ``screen`` once the attempts are in ``state``, and every sentence of it is there."""
        if state:
            Attempts.update(**state)
        self.page.reload()
        has_htmx(self.page)
        assert shows(self.page) == screen
        name = screen.replace("/", "-")
        self.inspect(self.page, name if name not in self.seen else f"{name}-{len(self.seen)}")
        self.seen.add(name)


@pytest.fixture
def tour(open_as: Any, inspect: Any, stage: Stage) -> Any:
    """``tour(name)`` begins at the page of the exam called ``name``."""
    return lambda name: Tour(open_as(stage.learner, stage.path(name), timezone_id="Asia/Kolkata"), inspect)


def running() -> dict[str, Any]:
    """Times of an attempt that began ten minutes ago."""
    return {"started_at": timezone.now() - timedelta(minutes=10), "allowed_time_limit_mins": 30}


def test_of_a_timed_exam(stage: Stage, tour: Any) -> None:
    due = timezone.now() + timedelta(days=2)
    stage.course.sequences.filter(kind="timed").update(due=due)
    timed = tour("timed")
    timed.sees(Screen.TIMED_ENTRANCE)
    # The browser's zone, since the LMS knows none of this learner.
    assert "GMT+5:30" in timed.page.locator("time").inner_text()
    stage.attempt("timed", Status.ready_to_submit, **running())
    timed.sees(Screen.TIMED_READY_TO_SUBMIT)
    timed.sees(Screen.TIMED_SUBMITTED, status=Status.submitted, completed_at=timezone.now())
    timed.sees(Screen.UNAVAILABLE, status=Status.error)
    stage.course.sequences.filter(kind="timed").update(due=timezone.now() - timedelta(days=1))
    timed.sees(Screen.TIMED_EXPIRED, status=Status.created, started_at=None)


def test_of_a_practice_exam(stage: Stage, tour: Any) -> None:
    practice = tour("practice")
    practice.sees(Screen.PRACTICE_ENTRANCE)
    stage.attempt("practice", Status.submitted)
    practice.sees(Screen.PRACTICE_SUBMITTED)
    practice.sees(Screen.PRACTICE_ERROR, status=Status.error)


def test_of_an_onboarding_exam(stage: Stage, tour: Any) -> None:
    onboarding = tour("onboarding")
    onboarding.sees(Screen.ONBOARDING_ENTRANCE)
    stage.attempt("onboarding", Status.ready_to_submit, **running())
    onboarding.sees(Screen.ONBOARDING_READY_TO_SUBMIT)
    onboarding.sees(Screen.ONBOARDING_SUBMITTED, status=Status.submitted)
    onboarding.sees(Screen.ONBOARDING_VERIFIED, status=Status.verified)
    onboarding.sees(Screen.ONBOARDING_REJECTED, status=Status.rejected)
    onboarding.sees(Screen.ONBOARDING_EXAM_ERROR, status=Status.error)


def test_of_a_proctored_exam_before_it_starts(stage: Stage, tour: Any) -> None:
    proctored = tour("proctored")
    proctored.sees(Screen.PROCTORED_ENTRANCE)
    proctored.page.get_by_text("Take this exam without proctoring").click()
    assert proctored.page.get_by_role("button", name="Continue without proctoring").is_visible()
    ReviewPolicyFactory(proctored_exam=stage.exam("proctored"))
    stage.attempt("proctored", Status.created)
    proctored.sees(Screen.INSTRUCTIONS)
    proctored.sees(Screen.READY_TO_START, status=Status.ready_to_start)
    proctored.sees(Screen.ONBOARDING_ERROR, status=Status.onboarding_missing)
    proctored.sees(Screen.ONBOARDING_ERROR, status=Status.onboarding_pending)
    proctored.sees(Screen.READY_TO_RESUME, status=Status.error, ready_to_resume=True, time_remaining_seconds=900)
    stage.course.sequences.filter(kind="proctored").update(due=timezone.now() - timedelta(days=1))
    proctored.sees(Screen.EXPIRED, status=Status.created, ready_to_resume=False)


def test_of_a_proctored_exam_after_it_starts(stage: Stage, tour: Any, monkeypatch: Any) -> None:
    proctored = tour("proctored")
    stage.attempt("proctored", Status.ready_to_submit, **running())
    proctored.sees(Screen.READY_TO_SUBMIT)
    monkeypatch.setattr("tests.proctoring.screen_fakes.GuidedBackend.blocks", True)
    proctored.sees(Screen.WRONG_BROWSER, status=Status.started)
    proctored.sees(Screen.SUBMITTED, status=Status.submitted)
    proctored.sees(Screen.VERIFIED, status=Status.verified)
    proctored.sees(Screen.REJECTED, status=Status.rejected)
    proctored.sees(Screen.ERROR, status=Status.error)


def test_of_somebody_who_has_not_activated_their_account(
    stage: Stage, tour: Any, settings: Any, monkeypatch: Any
) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", EVERYBODY]
    # As hosts do that let people in before they have answered the first mail.
    monkeypatch.setattr("django.contrib.auth.backends.ModelBackend.user_can_authenticate", lambda *_: True)
    get_user_model().objects.filter(pk=stage.learner.pk).update(is_active=False)
    tour("proctored").sees(Screen.INACTIVE_ACCOUNT)


def test_of_a_refusal(stage: Stage, open_as: Any, inspect: Any) -> None:
    stage.attempt("timed", Status.created)
    page = open_as(stage.learner, stage.path("timed"))
    Attempts.update(status=Status.verified)
    page.expected_errors = ["409"]
    # As a plain form, which no script sees.
    with page.expect_navigation():
        page.evaluate("document.querySelector('.proctoring-act').submit()")
    assert page.get_by_role("heading", level=1).inner_text() == "That did not work"
    inspect(page, "refused")


def test_of_an_exam_with_requirements_and_of_a_vendor_with_a_code(
    stage: Stage, tour: Any, open_as: Any, inspect: Any
) -> None:
    second = tour("proctored2")
    second.sees(Screen.PENDING_PREREQUISITES)
    requirement = stage.course.credit_requirements.get(name=stage.exam("proctored").content_id)
    requirement.statuses.create(user=stage.learner, status="failed")
    second.sees(Screen.FAILED_PREREQUISITES)
    stage.attempt("essay", Status.download_software_clicked, attempt_code="1A2B3C4D-5E6F-7890-ABCD-1234567890AB")
    page = open_as(stage.learner, stage.path("essay"), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    assert page.get_by_role("button", name="Copied").evaluate("(button) => button === document.activeElement")
    assert page.evaluate("navigator.clipboard.readText()").startswith("1A2B3C4D")
    inspect(page, "proctored_exam-instructions-code")
