"""What a timer gets to know (contract python.md §5.9, rest.md §3.5)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from proctoring import api
from proctoring.backends import provider_named
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.exceptions import ProctoredExamNotFoundException, StudentExamAttemptDoesNotExistsException
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import STARTED_AT, AllowanceFactory, AttemptFactory, ExamFactory
from tests.proctoring.screen_fakes import SETTING

pytestmark = pytest.mark.django_db

DURING = STARTED_AT + timedelta(minutes=30)
UNKNOWN = 10**6


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(DURING, tick=False):
        yield


@pytest.fixture
def guided(settings):
    settings.PROCTORING_BACKENDS = {"DEFAULT": "guided", "guided": SETTING}
    return provider_named("guided")


def data_of(attempt, **options):
    return api.get_exam_attempt_data(attempt.proctored_exam_id, attempt.pk, **options)


def test_a_running_proctored_attempt(guided):
    attempt = AttemptFactory(started=True, proctored_exam__backend="guided")
    exam = attempt.proctored_exam
    assert data_of(attempt) == {
        "in_timed_exam": True,
        "taking_as_proctored": True,
        "exam_type": "a proctored exam",
        "exam_display_name": exam.exam_name,
        "exam_url_path": reverse("jump_to", args=[exam.course_id, exam.content_id]),
        "time_remaining_seconds": 3600,
        "total_time": "1 hour and 30 minutes",
        "low_threshold_sec": 1080,
        "critically_low_threshold_sec": 270,
        "course_id": exam.course_id,
        "attempt_id": attempt.pk,
        "external_id": attempt.external_id,
        "accessibility_time_string": "you have 1 hour remaining",
        "attempt_status": "started",
        "exam_started_poll_url": f"/api/edx_proctoring/v1/proctored_exam/attempt/{attempt.pk}",
        "attempt_ready_to_resume": False,
        "use_legacy_attempt_api": True,
        "desktop_application_js_url": "",
        "ping_interval": 60,
        "attempt_code": attempt.attempt_code,
    }


def test_a_timed_attempt_has_no_vendor():
    attempt = AttemptFactory(started=True, proctored_exam=ExamFactory(timed=True))
    data = data_of(attempt)
    assert (data["exam_type"], data["desktop_application_js_url"]) == ("a timed exam", "")
    assert not {"ping_interval", "attempt_code", "software_download_url"} & set(data)


def test_the_learning_micro_frontend_has_addresses_of_its_own(settings):
    settings.LEARNING_MICROFRONTEND_URL = "https://learning.example"
    attempt = AttemptFactory(started=True)
    exam = attempt.proctored_exam
    expected = f"https://learning.example/course/{exam.course_id}/{exam.content_id}"
    assert data_of(attempt, is_learning_mfe=True)["exam_url_path"] == expected


def test_before_the_start_the_total_is_what_starting_now_gives(lms):
    attempt = AttemptFactory(proctored_exam=ExamFactory(timed=True))
    AllowanceFactory(user=attempt.user, proctored_exam=attempt.proctored_exam, value="15")
    data = data_of(attempt)
    assert data["total_time"] == "1 hour and 45 minutes"
    assert (data["time_remaining_seconds"], data["low_threshold_sec"], data["critically_low_threshold_sec"]) == (0,) * 3
    assert data["accessibility_time_string"] == "you have 0 minutes remaining"


def test_an_attempt_that_waits_to_be_resumed_shows_what_is_left():
    attempt = AttemptFactory(started=True, status=Status.error, ready_to_resume=True, time_remaining_seconds=1500)
    data = data_of(attempt)
    assert (data["attempt_ready_to_resume"], data["total_time"]) == (True, "25 minutes")
    attempt.resumed = True
    attempt.save()
    assert not data_of(attempt)["attempt_ready_to_resume"]


def test_thresholds_are_settings(settings):
    settings.PROCTORING_SETTINGS = {"low_threshold_pct": 0.5, "critically_low_threshold_pct": 0.1}
    data = data_of(AttemptFactory(started=True))
    assert (data["low_threshold_sec"], data["critically_low_threshold_sec"]) == (2700, 540)


def test_an_attempt_whose_time_is_over_is_closed_first():
    attempt = AttemptFactory(started=True)
    with time_machine.travel(STARTED_AT + timedelta(minutes=91), tick=False):
        data = data_of(attempt)
    assert (data["attempt_status"], data["time_remaining_seconds"]) == ("submitted", 0)


@pytest.mark.parametrize("status", [Status.created, Status.download_software_clicked])
def test_while_setting_up_the_vendor_gives_the_download(guided, status):
    attempt = AttemptFactory(status=status, proctored_exam__backend="guided")
    assert data_of(attempt)["software_download_url"] == "https://vendor.example/get"


def test_a_vendor_without_a_document_has_an_address_for_everybody(vendor):
    attempt = AttemptFactory(proctored_exam__backend="watcher")
    assert data_of(attempt)["software_download_url"] == "https://watcher.example/download"


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.created, Status.download_software_clicked}))
def test_weakness_79_a_vendor_is_asked_only_while_the_learner_sets_up(guided, status):
    guided.forget()
    attempt = AttemptFactory(status=status, proctored_exam__backend="guided")
    assert "software_download_url" not in data_of(attempt)
    assert guided.calls == []


def test_weakness_79_a_vendor_that_does_not_answer_costs_only_the_download(guided):
    attempt = AttemptFactory(proctored_exam__backend="guided")
    guided.fail_with = TimeoutError()
    try:
        data = data_of(attempt)
    finally:
        guided.forget()
    assert data["software_download_url"] is None
    assert data["attempt_status"] == "created"


def test_a_vendor_whose_script_fails_does_not_stop_the_clock(settings, caplog):
    settings.PROCTORING_BACKENDS = {"broken": {"class": "tests.proctoring.api.test_attempt_data.ScriptlessBackend"}}
    attempt = AttemptFactory(started=True, proctored_exam__backend="broken")
    data = data_of(attempt)
    assert (data["desktop_application_js_url"], data["time_remaining_seconds"]) == ("", 3600)
    assert f"attempt={attempt.pk}" in caplog.text


class ScriptlessBackend(ProctoringBackendProvider):
    """A plugin that is broken in one place."""

    def get_javascript(self):
        raise OSError("no such file")


def test_weakness_47_a_vendor_that_left_the_settings_does_not_stop_the_clock(settings):
    settings.PROCTORING_BACKENDS = {"DEFAULT": "null", "null": {}}
    running = data_of(AttemptFactory(started=True, proctored_exam__backend="gone"))
    assert (running["time_remaining_seconds"], running["ping_interval"]) == (3600, 60)
    assert running["desktop_application_js_url"] == ""
    setting_up = data_of(AttemptFactory(proctored_exam__backend="gone"))
    assert setting_up["software_download_url"] is None


def test_what_is_not_there():
    attempt, other = AttemptFactory(), ExamFactory()
    with pytest.raises(ProctoredExamNotFoundException):
        api.get_exam_attempt_data(UNKNOWN, attempt.pk)
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        api.get_exam_attempt_data(attempt.proctored_exam_id, UNKNOWN)
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        api.get_exam_attempt_data(other.pk, attempt.pk)


def test_what_it_costs(query_budget):
    attempt = AttemptFactory()
    with query_budget("api.get_exam_attempt_data"):
        data_of(attempt)
