"""``Idempotency-Key`` over HTTP."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.urls import path, reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from proctoring.common.errors import DomainError
from proctoring.models import IdempotentAnswer, ProctoredExamStudentAttempt
from proctoring.rest.base import ProctoringAPIView, empty
from proctoring.services.inbox import CallbackNotHandled
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db

COLLECTION = "/api/edx_proctoring/v1/proctored_exam/attempt"
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


@pytest.fixture
def learner():
    return UserFactory()


@pytest.fixture
def client(client_of, learner) -> APIClient:
    return client_of(learner)


@pytest.fixture
def timed(db):
    return ExamFactory(timed=True)


def create(client, exam, headers=KEY, **options):
    options = {"format": "json", **options}
    return client.post(COLLECTION, {"exam_id": exam.pk, "start_clock": "true"}, headers=headers, **options)


class TestTheSameRequest:
    def test_it_is_carried_out_once_and_answered_alike(self, client, timed):
        first, second = create(client, timed), create(client, timed)
        assert (first.status_code, second.status_code) == (200, 200)
        assert second.content == first.content
        assert second["Content-Type"] == first["Content-Type"]
        assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
        assert ProctoredExamStudentAttempt.objects.count() == 1

    def test_without_a_key_it_is_another_request(self, client, timed):
        assert create(client, timed, headers={}).status_code == 200
        assert create(client, timed, headers={}).status_code == 400
        assert not IdempotentAnswer.objects.exists()

    @pytest.mark.parametrize("kind", ["json", "multipart"])
    def test_whatever_form_it_has(self, client, timed, kind):
        first, second = create(client, timed, format=kind), create(client, timed, format=kind)
        assert second["Idempotent-Replayed"] == "true"
        assert second.content == first.content

    def test_the_order_of_names_means_nothing(self, client, timed):
        client.post(COLLECTION, {"exam_id": timed.pk, "start_clock": "true"}, format="json", headers=KEY)
        again = client.post(COLLECTION, {"start_clock": "true", "exam_id": timed.pk}, format="json", headers=KEY)
        assert again["Idempotent-Replayed"] == "true"

    def test_a_refusal_is_an_answer_too(self, client):
        first = client.post(COLLECTION, {"exam_id": 404}, format="json", headers=KEY)
        second = client.post(COLLECTION, {"exam_id": 404}, format="json", headers=KEY)
        assert (second.status_code, second.content) == (400, first.content)
        assert second["Idempotent-Replayed"] == "true"

    def test_put(self, client, learner):
        attempt = AttemptFactory(user=learner, proctored_exam__timed=True, started=True)
        url = f"{COLLECTION}/{attempt.pk}"
        first = client.put(url, {"action": "submit"}, format="json", headers=KEY)
        second = client.put(url, {"action": "submit"}, format="json", headers=KEY)
        assert (second.content, second["Idempotent-Replayed"]) == (first.content, "true")

    def test_the_key_is_asked_after_the_caller_is_known(self, timed):
        assert create(APIClient(), timed).status_code == 403
        assert not IdempotentAnswer.objects.exists()

    def test_reading_needs_no_key(self, client):
        assert client.get(COLLECTION, headers=KEY).status_code == 200
        assert not IdempotentAnswer.objects.exists()


class TestRefusals:
    def test_the_key_of_another_request(self, client, timed):
        create(client, timed)
        answer = create(client, ExamFactory(timed=True))
        assert answer.status_code == 422
        assert set(answer.json()) == {"detail"}

    def test_another_method_and_another_address_are_other_requests(self, client, learner):
        attempt = AttemptFactory(user=learner, proctored_exam__timed=True)
        url = f"{COLLECTION}/{attempt.pk}"
        client.put(url, {}, format="json", headers=KEY)
        assert client.delete(url, {}, format="json", headers=KEY).status_code == 422
        assert client.put(f"{url}?a=b", {}, format="json", headers=KEY).status_code == 422

    def test_the_same_key_of_another_caller_is_another(self, client, client_of, timed):
        first, second = create(client, timed), create(client_of(UserFactory()), timed)
        assert first.json() != second.json()
        assert "Idempotent-Replayed" not in second

    @pytest.mark.parametrize("key", ["", "x" * 256, "ü"])
    def test_no_key(self, client, timed, key):
        answer = client.post(
            COLLECTION, {"exam_id": timed.pk}, format="json", HTTP_IDEMPOTENCY_KEY=key.encode().decode("latin-1")
        )
        assert answer.status_code == 400
        assert set(answer.json()) == {"detail"}
        assert not ProctoredExamStudentAttempt.objects.exists()

    def test_a_body_that_cannot_be_read_holds_no_key(self, client):
        answer = client.post(COLLECTION, "{", content_type="application/json", headers=KEY)
        assert answer.status_code == 400
        assert not IdempotentAnswer.objects.exists()


class Broken(ProctoringAPIView):
    """Fails until it does not."""

    schema = None
    failing: Exception | None = None
    meanwhile: Callable[[], object] | None = None
    calls = 0

    def post(self, request: Request) -> Response:
        type(self).calls += 1
        if self.failing:
            raise self.failing
        if self.meanwhile:
            self.meanwhile()
        return empty(HTTPStatus.NO_CONTENT)


urlpatterns = [path("broken", Broken.as_view())]


@pytest.mark.urls(__name__)
class TestFailures:
    @pytest.fixture(autouse=True)
    def _fresh(self, monkeypatch):
        monkeypatch.setattr(Broken, "calls", 0)
        monkeypatch.setattr(Broken, "failing", None)
        monkeypatch.setattr(Broken, "meanwhile", None)

    def test_the_same_at_the_same_time_has_to_wait(self, client, client_of, learner, monkeypatch):
        answers = []
        again = client_of(learner)
        monkeypatch.setattr(Broken, "meanwhile", lambda _: answers.append(again.post("/broken", headers=KEY)))
        assert client.post("/broken", headers=KEY).status_code == 204
        assert [(answer.status_code, set(answer.json())) for answer in answers] == [(409, {"detail"})]
        assert Broken.calls == 1

    @pytest.mark.parametrize("failure", [RuntimeError(), CallbackNotHandled(), DomainError("Away.", http_status=502)])
    def test_a_failure_on_our_side_may_be_tried_again(self, client, monkeypatch, failure):
        client.raise_request_exception = False
        monkeypatch.setattr(Broken, "failing", failure)
        assert client.post("/broken", headers=KEY).status_code >= 500
        monkeypatch.setattr(Broken, "failing", None)
        assert client.post("/broken", headers=KEY).status_code == 204
        assert Broken.calls == 2

    def test_an_empty_answer_stays_empty(self, client):
        client.post("/broken", headers=KEY)
        answer = client.post("/broken", headers=KEY)
        assert (answer.status_code, answer.content, "Content-Type" in answer) == (204, b"", False)
        assert Broken.calls == 1

    def test_no_transaction_is_open_while_a_request_is_carried_out(self):
        assert "default" in Broken.as_view()._non_atomic_requests


def test_what_vendors_send_has_the_inbox(client_of, vendor):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), external_id="theirs")
    url = reverse("edx_proctoring:proctored_exam.attempt.ready_callback", kwargs={"external_id": attempt.external_id})
    client = client_of(UserFactory(staff=True))
    answers = [client.post(url, {}, format="json", headers=KEY) for _ in range(2)]
    assert [answer.json() for answer in answers] == ["OK", "OK"]
    assert not IdempotentAnswer.objects.exists()
