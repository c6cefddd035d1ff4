"""Onboarding by ids (contract python.md §4.9); the rules themselves are tested with the services."""

import logging
from datetime import timedelta

import pytest
import time_machine

from proctoring import api
from proctoring.models import VERIFICATION_DAYS_VALID
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.onboarding_fakes import NO_ONBOARDING, NOW, Enrolled, FakeEnrollments, registered

pytestmark = pytest.mark.django_db


def test_where_a_learner_stands():
    user, exam = UserFactory(), ExamFactory(practice=True, backend="watcher")
    assert api.get_onboarding_attempt_data_for_learner(COURSE_ID, user, "watcher") == {
        "onboarding_status": None,
        "expiration_date": None,
    }
    with time_machine.travel(NOW, tick=False):
        attempt = AttemptFactory(user=user, proctored_exam=exam, status=Status.verified)
        assert api.get_last_verified_onboarding_attempts_per_user([user], "watcher") == {user.pk: attempt}
    assert api.get_onboarding_attempt_data_for_learner(COURSE_ID, user, "watcher") == {
        "onboarding_status": "verified",
        "expiration_date": NOW + timedelta(days=VERIFICATION_DAYS_VALID),
    }


def test_the_link(settings):
    settings.LEARNING_MICROFRONTEND_URL = "https://learning.example"
    user = UserFactory()
    assert api.get_onboarding_exam_link(COURSE_ID, user, False) == ""
    exam = ExamFactory(practice=True, backend="watcher")
    assert api.get_onboarding_exam_link(COURSE_ID, user, False) == f"/courses/{COURSE_ID}/jump_to/{exam.content_id}"
    mfe = api.get_onboarding_exam_link(COURSE_ID, user, is_learning_mfe=True)
    assert mfe == f"https://learning.example/course/{COURSE_ID}/{exam.content_id}"


def test_which_backends_have_onboarding(settings, caplog):
    settings.PROCTORING_BACKENDS = {**settings.PROCTORING_BACKENDS, "plain": NO_ONBOARDING}
    assert api.does_backend_support_onboarding("watcher") is True
    assert api.does_backend_support_onboarding(None) is True
    assert api.does_backend_support_onboarding("plain") is False
    assert not caplog.records
    with caplog.at_level(logging.ERROR):
        assert api.does_backend_support_onboarding("gone") is False
    assert len(caplog.records) == 1


def test_who_may_take_proctored_exams():
    assert list(api.get_enrollments_can_take_proctored_exams(COURSE_ID)) == []
    enrolled = Enrolled(UserFactory(username="ann"))
    with registered("enrollments", FakeEnrollments([enrolled])) as host:
        assert api.get_enrollments_can_take_proctored_exams(COURSE_ID) == [enrolled]
        assert api.get_enrollments_can_take_proctored_exams(COURSE_ID, text_search="bob") == []
        assert host.asked == [(COURSE_ID, None), (COURSE_ID, "bob")]
