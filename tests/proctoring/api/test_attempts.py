"""Attempts by ids, as an LMS's code uses them."""

from datetime import UTC, datetime

import pytest

from proctoring import api
from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    ProctoredExamNotFoundException,
    StudentExamAttemptDoesNotExistsException,
    UserNotFoundException,
)
from proctoring.models import ProctoredExamStudentAttempt
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
UNKNOWN = 10**6


def test_an_attempt_from_creation_to_the_verdict(lms, vendor):
    exam, user = ExamFactory(backend="watcher"), UserFactory()
    attempt_id = api.create_exam_attempt(exam.pk, user.pk, taking_as_proctored=True)
    assert api.mark_exam_attempt_as_ready(attempt_id) == attempt_id
    assert api.start_exam_attempt(exam.pk, user.pk) == attempt_id
    assert api.stop_exam_attempt(attempt_id) == attempt_id
    assert api.update_attempt_status(attempt_id, "submitted") == attempt_id
    assert api.update_attempt_status(attempt_id, "verified", update_attributable_to=user) == attempt_id
    attempt = api.get_exam_attempt_by_id(attempt_id)
    assert (attempt["status"], attempt["user"]["id"], attempt["proctored_exam"]["id"]) == ("verified", user.pk, exam.pk)
    assert api.get_current_exam_attempt(exam.pk, user.pk) == attempt


def test_what_is_not_there():
    exam, user = ExamFactory(), UserFactory()
    assert api.get_exam_attempt_by_id(UNKNOWN) is None
    assert api.get_current_exam_attempt(exam.pk, user.pk) is None
    assert api.update_attempt_status(UNKNOWN, "verified", raise_if_not_found=False) is None
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        api.update_attempt_status(UNKNOWN, "verified")
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        api.start_exam_attempt(exam.pk, user.pk)
    with pytest.raises(ProctoredExamNotFoundException):
        api.create_exam_attempt(UNKNOWN, user.pk)
    with pytest.raises(UserNotFoundException):
        api.create_exam_attempt(exam.pk, UNKNOWN)


def test_completed_never_becomes_incomplete():
    attempt = AttemptFactory(submitted=True)
    with pytest.raises(ProctoredExamIllegalStatusTransition):
        api.update_attempt_status(attempt.pk, "started")


def test_a_timeout_is_a_submission_at_the_given_moment():
    attempt, moment = AttemptFactory(started=True), datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    api.update_attempt_status(attempt.pk, "timed_out", timeout_timestamp=moment)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.completed_at) == ("submitted", moment)


def test_reading_closes_what_is_over():
    attempt = AttemptFactory(started=True)
    assert api.get_exam_attempt_by_id(attempt.pk)["status"] == "submitted"


def test_declining_cascades_unless_told_otherwise(lms, committed):
    ExamFactory(), ExamFactory()
    attempt = AttemptFactory()
    with committed():
        api.update_attempt_status(attempt.pk, "declined", cascade_effects=False)
    assert ProctoredExamStudentAttempt.objects.count() == 1
    another = AttemptFactory()
    with committed():
        api.update_attempt_status(another.pk, "declined")
    assert ProctoredExamStudentAttempt.objects.filter(user=another.user).count() == 4
