"""``check_prerequisites`` as an LMS uses it (contract python.md §4.7)."""

from datetime import UTC, datetime

import pytest

from proctoring import api
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.serializers import exam_dict
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.credit_fakes import requirement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vendor")]


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher")


def requires(lms, status):
    lms.credit.state["credit_requirement_status"] = [requirement(1, status, "block-1")]


def statuses(user):
    return dict(ProctoredExamStudentAttempt.objects.filter(user=user).values_list("proctored_exam", "status"))


def test_without_a_credit_state_the_exam_is_returned_unchanged(user, exam, lms):
    lms.credit.state = None
    given = exam_dict(exam)
    assert api.check_prerequisites(given, user.pk) is given
    assert given == exam_dict(exam)


def test_without_a_credit_service_the_exam_is_returned_unchanged(user, exam):
    assert api.check_prerequisites(exam_dict(exam), user.pk) == exam_dict(exam)


def test_the_same_dict_comes_back_with_the_status(user, exam, lms):
    requires(lms, "failed")
    given = exam_dict(exam)
    assert api.check_prerequisites(given, user.pk) is given
    [failed] = given["prerequisite_status"]["failed_prerequisites"]
    assert failed["jumpto_url"] == f"/courses/{exam.course_id}/jump_to/block-1"
    assert "jumpto_url" not in lms.credit.state["credit_requirement_status"][0]
    assert statuses(user) == {}


def test_an_earlier_decline_declines_this_exam(user, exam, lms):
    requires(lms, "declined")
    found = api.check_prerequisites(exam_dict(exam), user.pk)["prerequisite_status"]
    assert not found["are_prerequisites_satisifed"]
    assert found["declined_prerequisites"][0]["name"] == "block-1"
    assert statuses(user)[exam.pk] == Status.declined


def test_an_attempt_that_is_there_is_left_alone(user, exam, lms):
    requires(lms, "declined")
    AttemptFactory(user=user, proctored_exam=exam, status=Status.submitted)
    api.check_prerequisites(exam_dict(exam), user.pk)
    assert statuses(user) == {exam.pk: Status.submitted}


@pytest.mark.parametrize(
    "changes",
    [{"practice": True}, {"timed": True}, {"is_active": False}, {"due_date": datetime(2020, 1, 1, tzinfo=UTC)}],
)
def test_only_a_graded_proctored_exam_that_can_be_begun_is_declined(user, lms, changes):
    requires(lms, "declined")
    exam = ExamFactory(**{"backend": "watcher"} | changes)
    found = api.check_prerequisites(exam_dict(exam), user.pk)["prerequisite_status"]
    assert len(found["declined_prerequisites"]) == 1
    assert statuses(user) == {}
