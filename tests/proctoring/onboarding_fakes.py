"""What onboarding's tests need of a host and of a vendor: an outline, enrolments, profiles."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from proctoring.lms import CourseOutline, CourseOutlineDetails, CourseSchedule, SequenceSchedule, set_runtime_service
from proctoring.models import ProctoredExam
from tests.factories import ExamFactory
from tests.fakes import WatchingBackend

PROFILES = {
    "class": "tests.proctoring.onboarding_fakes.ProfilingBackend",
    "verbose_name": "Profiling",
    "help_center_article_url": "https://vendor.example/requirements",
}
KEEPS_NONE = {"class": "tests.fakes.WatchingBackend", "verbose_name": "Keeps no profiles"}
NO_ONBOARDING = KEEPS_NONE | {"supports_onboarding": False}
BACKENDS = {"DEFAULT": "watcher", "watcher": KEEPS_NONE, "profiling": PROFILES, "plain": NO_ONBOARDING}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OTHER_COURSE = "course-v1:Other+C+1"


def rehearsal(**fields: Any) -> ProctoredExam:
    """An onboarding exam at the default vendor."""
    return ExamFactory(practice=True, **{"backend": "watcher"} | fields)


class ProfilingBackend(WatchingBackend):
    """A vendor that keeps onboarding profiles: ``answer``, or where there are any the one of ``pages`` asked for."""

    answer: Any = None

    def forget(self) -> None:
        super().forget()
        self.pages: list[Any] = []

    def get_onboarding_profile_info(self, course_id: str, **query: Any) -> Any:
        self._called("profiles", course_id, query)
        return self.pages[int(query.get("page", 1)) - 1] if self.pages else self.answer


class Key:
    """A host's key object: not a text, but with one."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


@dataclass
class FakeOutline:
    """The host's outline of every course; what it does not schedule is not in it."""

    accessible: list[str] = field(default_factory=list)
    schedules: dict[str, SequenceSchedule] = field(default_factory=dict)
    course_end: datetime | None = None
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def show(self, exam: Any, start: datetime | None = None, due: datetime | None = None) -> None:
        self.accessible.append(exam.content_id)
        self.schedules[exam.content_id] = SequenceSchedule(effective_start=start, due=due)

    def hide(self, exam: Any, start: datetime | None = None, due: datetime | None = None) -> None:
        self.schedules[exam.content_id] = SequenceSchedule(effective_start=start, due=due)

    def get_user_course_outline_details(self, course_key: Any, user: Any, at_time: datetime) -> CourseOutlineDetails:
        self.asked.append((course_key, user, at_time))
        return CourseOutlineDetails(
            outline=CourseOutline(accessible_sequences=[Key(text) for text in self.accessible]),
            schedule=CourseSchedule(
                sequences={Key(text): schedule for text, schedule in self.schedules.items()}, course_end=self.course_end
            ),
        )


@dataclass
class Enrolled:
    """A learner in a course."""

    user: Any
    mode: str = "verified"


@dataclass
class FakeEnrollments:
    """The host's enrolments, in its order."""

    enrolled: list[Enrolled] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def get_enrollments_can_take_proctored_exams(self, course_id: str, text_search: str | None) -> list[Enrolled]:
        self.asked.append((course_id, text_search))
        return [each for each in self.enrolled if (text_search or "") in each.user.username]


class HidesEverything:
    """A host whose outlines show nothing."""

    def get_user_course_outline_details(self, course_key: Any, user: Any, at_time: datetime) -> CourseOutlineDetails:
        return CourseOutlineDetails()


@contextmanager
def registered(name: str, service: Any) -> Iterator[Any]:
    """``service`` is the host's for the time of the block."""
    set_runtime_service(name, service)
    try:
        yield service
    finally:
        set_runtime_service(name, None)
