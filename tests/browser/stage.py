"""The demo's course in a browser: its exams, one learner, and vendors that are fakes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import demo.settings
from demo.lms.models import Course
from demo.lms.seeding.course import COURSE_ID, content_id, seed_course
from demo.lms.seeding.exams import seed_exams
from demo.lms.seeding.people import seed_learner
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory

GUIDED = {"class": "tests.proctoring.screen_fakes.GuidedBackend", "verbose_name": "SimProc"}
OUTLINE = f"/courses/{COURSE_ID}/"


@dataclass
class Stage:
    """The course and its learner; exams go by the ends of their content ids."""

    course: Course
    learner: Any

    def exam(self, name: str) -> ProctoredExam:
        """The exam called ``name``."""
        return ProctoredExam.objects.get(content_id=content_id(name))

    def path(self, name: str) -> str:
        """Address of the exam's page."""
        return f"{OUTLINE}jump_to/{content_id(name)}"

    def attempt(self, name: str, status: str, **fields: Any) -> ProctoredExamStudentAttempt:
        """The learner's attempt at the exam."""
        exam = self.exam(name)
        return AttemptFactory(user=self.learner, proctored_exam=exam, status=status, **fields)

    def status(self, name: str) -> str:
        """Where the learner's latest attempt stands."""
        latest = ProctoredExamStudentAttempt.objects.get_current_exam_attempt(self.exam(name).pk, self.learner.pk)
        return str(latest.status) if latest else ""

    def vendor_is_ready(self, name: str) -> None:
        """The vendor has checked the learner's computer."""
        ProctoredExamStudentAttempt.objects.filter(proctored_exam=self.exam(name)).update(status=Status.ready_to_start)


@pytest.fixture
def stage(settings: Any) -> Stage:
    """A course in which nobody has done anything."""
    settings.PROCTORING_SETTINGS = demo.settings.PROCTORING_SETTINGS
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "simproc",
        "simproc": GUIDED | {"supports_onboarding": True},
        "mock": GUIDED,
        "software_secure": {"class": "tests.fakes.WatchingBackend", "verbose_name": "RPNow"},
    }
    course = seed_course()
    seed_exams(course)
    return Stage(course, seed_learner("amal", course))


def shows(page: Any) -> str:
    """Which screen a page shows; empty where it shows the content."""
    screens = page.locator("[data-proctoring-screen]")
    return screens.get_attribute("data-proctoring-screen") if screens.count() else ""


def press(page: Any, label: str) -> None:
    """Press the button with this label, and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()


def until(page: Any, condition: Callable[[], object]) -> None:
    """Wait until ``condition`` holds. (Playwright's own waiting for expressions needs a laxer content policy.)"""
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came true")


def has_htmx(page: Any) -> None:
    """Wait until the page's buttons are sent by htmx."""
    until(page, lambda: page.evaluate("Boolean(window.htmx)"))
