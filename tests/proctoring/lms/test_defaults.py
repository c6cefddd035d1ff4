"""The do-nothing answers, called the way the app calls its LMS (contract python.md §6)."""

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import waffle
from django.contrib.auth.models import AnonymousUser
from django.test import modify_settings, override_settings
from pytest_django import Settings

from proctoring import lms
from proctoring.conf import REDS_API_REDIRECT

ABOUT = {"user_id": 1, "course_key_or_id": "course"}
REQUIREMENT = {"req_namespace": "proctored_exam", "req_name": "content"}
USER = AnonymousUser()


@pytest.fixture(autouse=True)
def bare_host() -> Iterator[None]:
    with override_settings(PROCTORING_SETTINGS={}):
        yield


def test_credit_is_unknown() -> None:
    assert lms.credit().get_credit_state(1, "course") is None
    assert lms.credit().get_credit_state(1, "course", return_course_info=True) is None


def test_credit_statuses_go_nowhere() -> None:
    lms.credit().set_credit_requirement_status(**ABOUT, **REQUIREMENT, status="satisfied")
    lms.credit().remove_credit_requirement_status(**ABOUT, **REQUIREMENT)


def test_grades_are_left_alone() -> None:
    grades = lms.grades()
    assert grades.should_override_grade_on_rejected_exam("course") is False
    grades.override_subsection_grade(
        **ABOUT, usage_key_or_id="content", earned_all=0.0, earned_graded=0.0, overrider=None, comment=""
    )
    grades.undo_override_subsection_grade(**ABOUT, usage_key_or_id="content")


def test_certificates_are_left_alone() -> None:
    lms.certificates().invalidate_certificate(**ABOUT)


def test_nobody_is_staff_and_nobody_can_be_written_to() -> None:
    instructor = lms.instructor()
    assert instructor.is_course_staff(USER, "course") is False
    assert instructor.get_proctoring_escalation_email("course") is None
    instructor.complete_student_attempt("name", "content")
    instructor.delete_student_attempt("name", "course", "content", requesting_user=USER)
    instructor.send_support_notification(
        course_id="course", exam_name="Exam", student_username="name", review_status="Suspicious", review_url="/"
    )


def test_nobody_is_enrolled() -> None:
    assert len(lms.enrollments().get_enrollments_can_take_proctored_exams("course", None)) == 0


def test_courses_are_empty_and_endless() -> None:
    details = lms.learning_sequences().get_user_course_outline_details("course", USER, datetime(2026, 1, 1, tzinfo=UTC))
    assert not details.outline.accessible_sequences
    assert not details.schedule.sequences
    assert details.schedule.course_end is None


def test_the_profile_name_holds() -> None:
    assert lms.name_affirmation().get_verified_name(USER, is_verified=False, statuses_to_exclude=["denied"]) is None


def test_no_date_is_known() -> None:
    assert lms.dates().get_due_date(lms.ExamRef("course", "content"), 1) is None
    assert lms.dates().get_course_end("course") is None


def test_everybody_reads_and_lives_as_the_site_does() -> None:
    assert lms.preferences().get_language(1) is None
    assert lms.preferences().get_time_zone(1) is None


# Switches


@pytest.fixture
def without_waffle(settings: Settings) -> Settings:
    """A host that has not installed django-waffle."""
    settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if name != "waffle"]
    return settings


def test_without_waffle_the_settings_say_which_switches_are_on(without_waffle: Settings) -> None:
    without_waffle.PROCTORING_SETTINGS = {"SWITCHES": {REDS_API_REDIRECT: True, "another": False}}
    assert lms.switches().is_active(REDS_API_REDIRECT) is True
    assert lms.switches().is_active("another") is False


def test_without_waffle_and_settings_every_switch_is_off(without_waffle: Settings) -> None:
    assert lms.switches().is_active(REDS_API_REDIRECT) is False


@pytest.mark.django_db
@pytest.mark.parametrize("active", [True, False])
def test_with_waffle_the_operators_say_it(active: bool) -> None:
    with override_settings(PROCTORING_SETTINGS={"SWITCHES": {REDS_API_REDIRECT: not active}}):
        waffle.get_waffle_switch_model().objects.create(name=REDS_API_REDIRECT, active=active)
        assert lms.switches().is_active(REDS_API_REDIRECT) is active


@pytest.mark.django_db
def test_a_switch_that_nobody_made_is_off() -> None:
    assert lms.switches().is_active("nobody made this") is False


# Events

DATA = {"exam_id": 3, "exam_name": "Final", "attempt_id": 4, "attempt_code": "secret"}
LIBRARY = """
from contextlib import contextmanager

EVENTS = []


class Tracker:
    inside = None

    @contextmanager
    def context(self, name, context):
        self.inside = context
        yield
        self.inside = None

    def emit(self, name, data):
        EVENTS.append((name, data, self.inside))


def get_tracker():
    return Tracker()
"""


def test_without_the_library_an_event_is_a_debug_line_that_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="proctoring")

    lms.tracker().emit("edx.special_exam.proctored.attempt.submitted", DATA, context={"course_id": "course"})

    assert "name=edx.special_exam.proctored.attempt.submitted exam=3 attempt=4" in caplog.text
    assert "secret" not in caplog.text


def test_with_the_library_events_go_to_its_tracker_with_their_context(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "eventtracking"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "tracker.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(tmp_path)

    lms.tracker().emit("edx.special_exam.timed.created", DATA, context={"course_id": "course", "org_id": "Org"})

    library = sys.modules.pop("eventtracking.tracker")
    del sys.modules["eventtracking"]
    assert library.EVENTS == [("edx.special_exam.timed.created", DATA, {"course_id": "course", "org_id": "Org"})]


# What of edx-when and of its keys is asked for, with the signatures of its release 4.1.
WHEN = """
from collections import namedtuple
from datetime import UTC, datetime

from opaque_keys import InvalidKeyError

Block = namedtuple("Block", "block_type")
DUE, END = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def get_date_for_block(course_id, block_id, name="due", user=None, published_version=None):
    if not block_id.startswith("block-v1:"):
        raise InvalidKeyError
    return DUE if (course_id, name, user) == ("course-v1:a+b+c", "due", 7) else None


def get_dates_for_course(
    course_id, user=None, use_cached=True, schedule=None, subsection_and_higher_only=False, published_version=None
):
    return {(Block("sequential"), "end"): DUE, (Block("course"), "start"): DUE, (Block("course"), "end"): END}
"""


@pytest.fixture
def edx_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    for package, name, text in (
        ("edx_when", "api.py", WHEN),
        ("opaque_keys", "__init__.py", "class InvalidKeyError(Exception): ..."),
    ):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with modify_settings(INSTALLED_APPS={"append": "edx_when"}):
        yield import_module("edx_when.api")
    for name in ("edx_when.api", "edx_when", "opaque_keys"):
        del sys.modules[name]


def test_dates_are_those_of_edx_when_where_it_is_installed(edx_when: ModuleType) -> None:
    exam = lms.ExamRef(course_id="course-v1:a+b+c", content_id="block-v1:a+b+c+type@sequential+block@s")

    assert lms.dates().get_due_date(exam, 7) == edx_when.DUE
    assert lms.dates().get_due_date(exam, 8) is None
    assert lms.dates().get_course_end("course-v1:a+b+c") == edx_when.END


def test_an_exam_whose_content_is_no_block_has_no_date_in_edx_when(edx_when: ModuleType) -> None:
    assert lms.dates().get_due_date(lms.ExamRef(course_id="course-v1:a+b+c", content_id="exam"), 7) is None
