"""The demo's settings, course and people. Its vendor is a fake here: no test waits for a simulator."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

import demo.settings
from demo.lms.models import Course, Sequence
from demo.lms.seeding.course import content_id, seed_course
from demo.lms.seeding.exams import seed_exams
from demo.lms.seeding.people import seed_learner, seed_staff
from tests.demo.simulating import fake_lms, name, simulator, take

__all__ = ["fake_lms", "name", "simulator", "take"]


@pytest.fixture
def demo_site(settings: LazySettings) -> None:
    """The demo's LMS services answer, and its vendors but the one that is a process of its own."""
    settings.PROCTORING_SETTINGS = demo.settings.PROCTORING_SETTINGS
    settings.VERIFY_STUDENT = demo.settings.VERIFY_STUDENT
    settings.PROCTORING_BACKENDS = demo.settings.PROCTORING_BACKENDS | {
        "simproc": {"class": "tests.fakes.WatchingBackend", "verbose_name": "SimProc"}
    }


@pytest.fixture
def course(db: None, demo_site: None) -> Course:
    return seed_course()


@pytest.fixture
def sequence(course: Course) -> Callable[[str], Sequence]:
    return lambda name: course.sequences.get(content_id=content_id(name))


@pytest.fixture
def learner(course: Course) -> Any:
    return seed_learner("amal", course)


@pytest.fixture
def staff(course: Course) -> Any:
    return seed_staff(course)


@pytest.fixture
def signed_in(client: Client, learner: Any) -> Client:
    client.force_login(learner)
    return client


@pytest.fixture
def exams(course: Course) -> int:
    return seed_exams(course)
