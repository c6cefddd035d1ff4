"""The whole life of an attempt by ids: clock, resuming, starting over, removal."""

import inspect

import pytest

from proctoring import api
from proctoring.common.http import VendorUnreachable
from proctoring.exceptions import (
    BackendProviderCannotRemoveAttempt,
    ProctoredExamIllegalResumeUpdate,
    ProctoredExamPermissionDenied,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptedAlreadyStarted,
)
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.statuses import COMPLETED, INCOMPLETE
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
UNKNOWN = 10**6
Attempt = ProctoredExamStudentAttempt

PUBLISHED = """
    create_exam_attempt(exam_id, user_id, taking_as_proctored=False)
    start_exam_attempt(exam_id, user_id)
    start_exam_attempt_by_code(attempt_code)
    stop_exam_attempt(attempt_id)
    mark_exam_attempt_timeout(attempt_id)
    mark_exam_attempt_as_ready(attempt_id)
    mark_exam_attempt_as_ready_to_resume(attempt_id)
    mark_exam_attempt_as_resumed(attempt_id)
    is_attempt_ready_to_resume(attempt)
    is_attempt_in_resume_process(attempt_obj)
    is_state_transition_legal(from_status, to_status)
    can_update_credit_grades_and_email(attempts, to_status, exam)
    update_attempt_status(attempt_id, to_status, raise_if_not_found=True, cascade_effects=True, \
timeout_timestamp=None, update_attributable_to=None)
    update_exam_attempt(attempt_id, **kwargs)
    reset_practice_exam(exam_id, user_id, requesting_user)
    remove_exam_attempt(attempt_id, requesting_user, require_backend_removal=True)
    get_current_exam_attempt(exam_id, user_id)
    get_exam_attempt_by_id(attempt_id)
    get_exam_attempt_by_external_id(external_id)
    get_exam_attempt_by_code(attempt_code)
""".strip().splitlines()


@pytest.mark.parametrize("published", [line.strip() for line in PUBLISHED])
def test_names_arguments_and_defaults_are_the_published_ones(published):
    function = getattr(api, published.partition("(")[0])
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in inspect.signature(function).parameters.values()
    ]
    assert f"{function.__name__}{inspect.Signature(bare)}" == published


@pytest.mark.parametrize(
    "act",
    [
        api.stop_exam_attempt,
        api.mark_exam_attempt_timeout,
        api.mark_exam_attempt_as_ready,
        api.mark_exam_attempt_as_ready_to_resume,
        api.mark_exam_attempt_as_resumed,
        api.update_exam_attempt,
        lambda attempt_id: api.start_exam_attempt_by_code("unknown"),
        lambda attempt_id: api.remove_exam_attempt(attempt_id, None),
        lambda attempt_id: api.remove_exam_attempt(attempt_id, None, require_backend_removal=False),
        lambda attempt_id: api.reset_practice_exam(ExamFactory(practice=True).pk, attempt_id, None),
    ],
)
def test_an_attempt_that_is_not_there(act):
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        act(UNKNOWN)


def test_the_attempt_by_what_people_and_vendors_call_it():
    attempt = AttemptFactory(external_id="theirs")
    found = api.get_exam_attempt_by_id(attempt.pk)
    assert api.get_exam_attempt_by_code(attempt.attempt_code) == found
    assert api.get_exam_attempt_by_external_id("theirs") == found
    assert api.get_exam_attempt_by_code(None) is None
    assert api.get_exam_attempt_by_external_id("unknown") is None


def test_starting_by_code():
    attempt = AttemptFactory()
    assert api.start_exam_attempt_by_code(attempt.attempt_code) == attempt.pk
    with pytest.raises(StudentExamAttemptedAlreadyStarted):
        api.start_exam_attempt_by_code(attempt.attempt_code)


def test_a_timeout_records_when():
    attempt = AttemptFactory(status=Status.started)
    assert api.mark_exam_attempt_timeout(attempt.pk) == attempt.pk
    attempt.refresh_from_db()
    assert attempt.status == Status.submitted
    assert attempt.completed_at is not None


def test_going_on(vendor, lms):
    exam = ExamFactory(backend="watcher")
    attempt = AttemptFactory(proctored_exam=exam, status=Status.error, is_resumable=True, time_remaining_seconds=60)
    with pytest.raises(ProctoredExamIllegalResumeUpdate):
        api.mark_exam_attempt_as_resumed(attempt.pk)
    assert api.mark_exam_attempt_as_ready_to_resume(attempt.pk) == attempt.pk
    assert api.is_attempt_ready_to_resume(api.get_exam_attempt_by_id(attempt.pk))
    again = api.create_exam_attempt(exam.pk, attempt.user_id, taking_as_proctored=True)
    assert api.get_exam_attempt_by_id(again)["time_remaining_seconds"] == 60
    assert not api.is_attempt_ready_to_resume(api.get_exam_attempt_by_id(attempt.pk))
    assert api.mark_exam_attempt_as_resumed(attempt.pk) == attempt.pk
    attempt.refresh_from_db()
    assert api.is_attempt_in_resume_process(attempt)
    assert not api.is_attempt_in_resume_process(Attempt.objects.get(pk=again))


@pytest.mark.parametrize("source", [*Status, "ancient"])
@pytest.mark.parametrize("target", [*Status, "unheard-of"])
def test_only_the_way_back_is_illegal(source, target):
    legal = not (source in COMPLETED and target in INCOMPLETE)
    assert api.is_state_transition_legal(str(source), str(target)) is legal


def test_what_may_touch_credit_and_grades():
    rejected, verified = {"status": "rejected"}, {"status": "verified"}
    graded, practice = {"is_practice_exam": False}, {"is_practice_exam": True}
    assert api.can_update_credit_grades_and_email([verified, verified], "verified", graded)
    assert not api.can_update_credit_grades_and_email([verified, rejected], "verified", graded)
    assert api.can_update_credit_grades_and_email([verified, rejected], "verified", practice)


def test_changing_fields_directly():
    attempt = AttemptFactory()
    assert api.update_exam_attempt(attempt.pk, is_status_acknowledged=True) is None
    with pytest.raises(ProctoredExamPermissionDenied):
        api.update_exam_attempt(attempt.pk, status="verified", time_remaining_seconds=1)
    attempt.refresh_from_db()
    assert (attempt.is_status_acknowledged, attempt.status, attempt.time_remaining_seconds) == (True, "created", None)


def test_starting_practice_over(vendor, lms):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher", practice=True), status=Status.error)
    again = api.reset_practice_exam(attempt.proctored_exam_id, attempt.user_id, attempt.user)
    assert api.get_current_exam_attempt(attempt.proctored_exam_id, attempt.user_id)["id"] == again != attempt.pk


def test_removing(vendor, lms):
    staff = UserFactory(staff=True)
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), submitted=True)
    vendor.fail_with = VendorUnreachable("watcher")
    with pytest.raises(BackendProviderCannotRemoveAttempt):
        api.remove_exam_attempt(attempt.pk, staff)
    assert api.remove_exam_attempt(attempt.pk, staff, require_backend_removal=False) is None
    assert not Attempt.objects.exists()
    another = AttemptFactory(proctored_exam__timed=True)
    assert api.remove_exam_attempt(another.pk, requesting_user=staff) is None
    assert not Attempt.objects.exists()
