"""The onboarding panel in a course's home page, which has htmx of its own."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from demo.lms.seeding.people import seed_staff
from proctoring.models import VERIFICATION_DAYS_VALID, ProctoredExamStudentAttempt
from proctoring.screens import Screen
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.browser.stage import OUTLINE, Stage, press, shows, stage

__all__ = ["stage"]

pytestmark = pytest.mark.django_db(transaction=True)

Attempts = ProctoredExamStudentAttempt.objects


def test_it_leads_to_the_onboarding_exam(stage: Stage, open_as: Any, inspect: Any) -> None:
    page = open_as(stage.learner, OUTLINE)
    panel = page.get_by_role("region", name="Onboarding for proctored exams")
    panel.get_by_text("Status: not started").wait_for()
    inspect(page, "onboarding-panel")
    page.goto(reverse("edx_proctoring:pages.my_onboarding", args=[stage.course.course_id]))
    inspect(page, "onboarding-panel-page")
    page.get_by_role("link", name="Go to the onboarding exam").click()
    page.wait_for_url("**/jump_to/**")
    assert shows(page) == Screen.ONBOARDING_ENTRANCE


def test_an_approval_that_runs_out_can_be_renewed(stage: Stage, open_as: Any, inspect: Any) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=VERIFICATION_DAYS_VALID + 1)):
        stage.attempt("onboarding", Status.verified)
    page = open_as(stage.learner, OUTLINE)
    page.get_by_text("Status: expired").wait_for()
    inspect(page, "onboarding-panel-expired")
    page.get_by_role("link", name="Take the onboarding exam again").click()
    page.wait_for_url("**/jump_to/**")
    inspect(page, "onboarding_exam-verified-expired")
    press(page, "Take it again")
    assert shows(page) == Screen.INSTRUCTIONS
    assert Attempts.filter(status=Status.verified).exists()


def test_it_is_not_there_where_there_is_nothing_to_say(stage: Stage, open_as: Any) -> None:
    page = open_as(seed_staff(stage.course), OUTLINE)
    assert page.locator(".proctoring-info-panel").count() == 0
    stage.exam("onboarding").delete()
    page = open_as(stage.learner)
    with page.expect_response("**/my_onboarding/**") as answer:
        page.goto(OUTLINE)
    assert answer.value.status == 204
    assert page.locator(".proctoring-info-panel").inner_html() == ""
