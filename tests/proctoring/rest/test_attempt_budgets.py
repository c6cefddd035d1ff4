"""What the moves of an attempt cost, with what follows from them."""

import pytest
from django.contrib.auth.models import Group

from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.rest.test_attempts import collection, item
from tests.proctoring.rest.test_inbox import review, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everybody_may(settings, lms, vendor):
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, "tests.proctoring.screen_fakes.EverybodyMay"]


@pytest.fixture
def client(client_of):
    return client_of(UserFactory())


def test_a_timed_attempt(client, query_budget, committed):
    body = {"exam_id": ExamFactory(timed=True).pk, "attempt_proctored": False, "start_clock": True}
    with query_budget("proctored_exam.attempt.create.timed"), committed():
        assert client.post(collection(), body, format="json").status_code == 200


def test_an_attempt_that_is_watched(client, query_budget, committed):
    body = {"exam_id": ExamFactory(backend="watcher").pk, "attempt_proctored": True, "start_clock": False}
    with query_budget("proctored_exam.attempt.create.proctored"), committed():
        assert client.post(collection(), body, format="json").status_code == 200


def watched(**fields):
    return AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), external_id="theirs-1", **fields)


def test_a_start(client_of, query_budget, committed):
    attempt = watched(status=Status.ready_to_start)
    client = client_of(attempt.user)
    with query_budget("proctored_exam.attempt.start"), committed():
        assert client.put(item(attempt.pk), {"action": "start"}, format="json").status_code == 200


def test_a_submission(client_of, query_budget, committed):
    attempt = watched(status=Status.started)
    client = client_of(attempt.user)
    with query_budget("proctored_exam.attempt.submit"), committed():
        assert client.put(item(attempt.pk), {"action": "submit"}, format="json").status_code == 200


def test_a_review(client_of, query_budget, committed):
    watched(submitted=True)
    speaker = UserFactory()
    speaker.groups.add(Group.objects.create(name="watcher_review"))
    client = client_of(speaker)
    with query_budget("proctored_exam.attempt.review"), committed():
        assert send(client, body=review("passed")).status_code == 200
