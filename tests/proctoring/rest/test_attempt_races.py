"""One learner's requests at the same time, on a database with row locks."""

from collections import Counter

import pytest
from django.db import connection
from rest_framework.test import APIClient

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.rest.test_attempts import collection, item
from tests.proctoring.services.test_concurrency import WORKERS, together

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]
Attempt = ProctoredExamStudentAttempt


@pytest.fixture(autouse=True)
def _everybody_may(settings):
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "tests.proctoring.screen_fakes.EverybodyMay"]


def answers(user, ask):
    """How often each status was answered, all asked together by ``user``."""

    def work():
        client = APIClient()
        client.force_authenticate(user)
        return ask(client)

    outcomes = together(work)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    assert all(set(one.json()) == {"detail"} for one in outcomes if one.status_code == 400)
    return Counter(one.status_code for one in outcomes)


@pytest.mark.parametrize("proctored", [True, False])
def test_weakness_x1_one_attempt_and_a_clear_answer_to_the_others(lms, vendor, proctored):
    exam, user = ExamFactory(**({"backend": "watcher"} if proctored else {"timed": True})), UserFactory()
    vendor.forget()
    body = {"exam_id": exam.pk, "attempt_proctored": proctored, "start_clock": not proctored}
    statuses = answers(user, lambda client: client.post(collection(), body, format="json"))
    assert statuses == {200: 1, 400: WORKERS - 1}
    assert Attempt.objects.get().user == user
    assert [call[0] for call in vendor.calls].count("register") == proctored


def test_weakness_x2_one_submission_whoever_comes_first(lms, vendor):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), status=Status.started)
    body = {"action": "submit"}
    assert answers(attempt.user, lambda client: client.put(item(attempt.pk), body)) == {200: WORKERS}
    assert attempt.history.filter(status=Status.submitted).count() == 1


def test_removing_everything_at_once_removes_everything(lms, vendor):
    staff, learner, exam = UserFactory(staff=True), UserFactory(), ExamFactory(backend="watcher", practice=True)
    AttemptFactory.create_batch(4, user=learner, proctored_exam=exam, status=Status.error)
    url = f"/api/edx_proctoring/v1/proctored_exam/exam_id/{exam.pk}/user_id/{learner.pk}/reset_attempts"
    statuses = answers(staff, lambda client: client.delete(url, format="json"))
    assert set(statuses) <= {200, 404}
    assert statuses[200] >= 1
    assert not Attempt.objects.exists()
