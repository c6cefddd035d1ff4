"""An exam and the running attempt for the learning micro-frontend (contract python.md §5.8, rest.md §5.12, §5.13)."""

from datetime import timedelta

import pytest
import time_machine

from proctoring import api
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import learning
from proctoring.statuses import ONBOARDING_ERRORS
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, STARTED_AT, AllowanceFactory, AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.credit_fakes import requirement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms", "_clock")]

EVERYBODY_MAY = "tests.proctoring.screen_fakes.EverybodyMay"
DURING = STARTED_AT + timedelta(minutes=30)
ELSEWHERE = "course-v1:Test+OTHER+2026"
ONLY_WITHOUT_ATTEMPT = {"total_time", "prerequisite_status", "onboarding_link"}


@pytest.fixture(autouse=True)
def _everybody_may(settings):
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, EVERYBODY_MAY]


@pytest.fixture
def _clock():
    with time_machine.travel(DURING, tick=False):
        yield


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher")


def shown(user, content_id, is_learning_mfe=True, reader=None):
    return learning.exam_and_active_attempt(
        user.pk, COURSE_ID, content_id, reader=reader or user, is_learning_mfe=is_learning_mfe
    )


def data_of(attempt, is_learning_mfe=True):
    return api.get_exam_attempt_data(attempt.proctored_exam_id, attempt.pk, is_learning_mfe)


def test_without_an_exam_there_is_only_what_runs(user, exam):
    nothing = {"exam": {}, "active_attempt": {}}
    assert shown(user, "") == shown(user, "unknown") == nothing
    running = AttemptFactory(user=user, started=True, proctored_exam__course_id=ELSEWHERE)
    assert shown(user, "unknown") == {"exam": {}, "active_attempt": data_of(running)}


def test_an_exam_that_has_not_been_begun(user, exam, lms):
    lms.credit.state["credit_requirement_status"] = [requirement(1, None)]
    AllowanceFactory(user=user, proctored_exam=exam, value="10")
    assert shown(user, exam.content_id) == {
        "exam": api.get_exam_by_id(exam.pk)
        | {
            "attempt": {},
            "type": "proctored",
            "passed_due_date": False,
            "use_legacy_attempt_api": True,
            "total_time": "1 hour and 40 minutes",
            "prerequisite_status": api.check_prerequisites(api.get_exam_by_id(exam.pk), user.pk)["prerequisite_status"],
        },
        "active_attempt": {},
    }


@pytest.mark.parametrize("flags", [{"timed": True}, {"practice": True}])
def test_only_graded_proctored_exams_have_prerequisites(user, flags):
    assert "prerequisite_status" not in shown(user, ExamFactory(**flags).content_id)["exam"]


def test_without_credit_there_are_no_prerequisites(user, exam, lms):
    lms.credit.state = None
    assert "prerequisite_status" not in shown(user, exam.content_id)["exam"]


def test_weakness_d6_a_declined_prerequisite_declines_the_exam_too_and_says_so(user, exam, lms):
    lms.credit.state["credit_requirement_status"] = [requirement(1, "declined")]
    first = shown(user, exam.content_id)
    attempt = ProctoredExamStudentAttempt.objects.get(user=user, proctored_exam=exam)
    assert (attempt.status, first["exam"]["attempt"]) == (Status.declined, data_of(attempt))
    assert shown(user, exam.content_id) == first


def test_the_running_exam_is_shown_once(user, exam):
    attempt = AttemptFactory(user=user, proctored_exam=exam, started=True)
    both = shown(user, exam.content_id)
    assert both["exam"]["attempt"] == both["active_attempt"] == data_of(attempt)
    assert not ONLY_WITHOUT_ATTEMPT & set(both["exam"])


def test_an_exam_that_is_over_beside_one_that_runs(user, exam):
    over = AttemptFactory(user=user, proctored_exam=exam, submitted=True)
    running = AttemptFactory(user=user, started=True, proctored_exam__course_id=ELSEWHERE)
    both = shown(user, exam.content_id, is_learning_mfe=False)
    assert both["exam"]["attempt"] == data_of(over, is_learning_mfe=False)
    assert both["active_attempt"] == data_of(running, is_learning_mfe=False)
    assert not ONLY_WITHOUT_ATTEMPT & set(both["exam"])


@pytest.mark.parametrize("status", sorted(ONBOARDING_ERRORS))
def test_who_needs_onboarding_is_sent_there(user, exam, status, settings):
    settings.LEARNING_MICROFRONTEND_URL = "https://learning.example"
    AttemptFactory(user=user, proctored_exam=exam, status=status)
    assert shown(user, exam.content_id)["exam"]["onboarding_link"] == ""
    rehearsal = ExamFactory(practice=True, backend="watcher")
    link = shown(user, exam.content_id)["exam"]["onboarding_link"]
    assert link == f"https://learning.example/course/{COURSE_ID}/{rehearsal.content_id}"


def test_due_dates_and_kinds_are_the_learners(user, lms):
    rehearsal = ExamFactory(practice=True, backend="watcher")
    assert shown(user, rehearsal.content_id)["exam"]["type"] == "onboarding"
    lms.dates.due = {user.pk: DURING}
    assert shown(user, rehearsal.content_id)["exam"]["passed_due_date"]
    assert not shown(UserFactory(), rehearsal.content_id)["exam"]["passed_due_date"]


def test_time_that_has_just_run_out_is_shown_once_more(user, exam):
    AttemptFactory(user=user, proctored_exam=exam, started=True)
    with time_machine.travel(STARTED_AT + timedelta(minutes=91), tick=False):
        first, second = (learning.active_attempt_data(user.pk, is_learning_mfe=True) for _ in range(2))
    assert (first["attempt_status"], first["time_remaining_seconds"]) == ("submitted", 0)
    assert second == {}
