"""Who and what takes part in a story."""

from dataclasses import dataclass
from typing import Any, Protocol

from demo.story.browser import Browser
from demo.story.report import Report
from demo.story.vendor import Vendor

COURSE_ID = "course-v1:Demo+EXAMS+2026"
CONTENT_ID = "block-v1:Demo+EXAMS+2026+type@sequential+block@proctored"
PASSWORD = "demo"  # noqa: S105 - the password of everybody in the demo
STAFF = "grace"


class Interruption(Protocol):
    """Power over the vendor's process."""

    def kill(self) -> None:
        """End the process at once, as a power failure would."""

    def restart(self) -> None:
        """Start it again and wait until it answers."""


@dataclass
class Learner:
    """A learner at the proctored exam; ``external_id`` is the vendor's id of the attempt."""

    username: str
    browser: Browser
    exam_id: int = 0
    attempt_id: int = 0
    external_id: str = ""

    def effects(self) -> dict[str, Any]:
        """What followed from the learner's attempts, as the LMS counts it."""
        effects: dict[str, Any] = self.browser.call("GET", f"/demo/effects/{self.username}/{CONTENT_ID}")
        return effects


@dataclass
class Stage:
    """``passing`` gets a clean review, ``failing`` a suspicious one; without ``interruption`` nobody is killed."""

    report: Report
    vendor: Vendor
    passing: Learner
    failing: Learner
    staff: Browser
    interruption: Interruption | None = None


def set_up(
    lms_url: str, simulator_url: str, learners: tuple[str, str], interruption: Interruption | None = None
) -> Stage:
    """A stage for two learners that have not taken the exam."""
    report = Report()
    passing, failing = (Learner(name, Browser(name, lms_url, report)) for name in learners)
    return Stage(
        report=report,
        vendor=Vendor(simulator_url),
        passing=passing,
        failing=failing,
        staff=Browser(STAFF, lms_url, report),
        interruption=interruption,
    )
