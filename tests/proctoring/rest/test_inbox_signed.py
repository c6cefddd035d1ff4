"""Vendors that sign their messages instead of signing in, at the routes 24 and 25."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.models import InboxDelivery, ProctoredExamStudentAttempt
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.backends.contract import SECRETS, CallbackContract, signed

pytestmark = pytest.mark.django_db
OPTIONS = {"class": "tests.fakes.WatchingBackend"}


def url(kind: str, external_id: str = "theirs-1") -> str:
    return reverse(f"edx_proctoring:proctored_exam.attempt.{kind}", args=[external_id])


class TestReviews(CallbackContract):
    options = OPTIONS

    def address(self, attempt: ProctoredExamStudentAttempt) -> str:
        return url("callback", str(attempt.external_id))

    def review(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return {"status": "passed", "comments": []}

    def failing(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return {"status": "suspicious", "comments": []}

    def unheard_of(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return {"status": "splendid"}


@pytest.fixture
def backends(settings):
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "ours",
        "ours": OPTIONS | {"callback_secrets": [SECRETS["old1"]]},
        "theirs": OPTIONS | {"callback_secrets": [SECRETS["evil"]]},
        "silent": OPTIONS,
    }
    return settings.PROCTORING_BACKENDS


@pytest.fixture
def attempt(backends):
    return AttemptFactory(proctored_exam=ExamFactory(backend="ours"), external_id="theirs-1", status=Status.created)


def post(address, body=b"{}", **headers):
    return APIClient().post(address, body, content_type="application/json", headers=headers)


class TestReady:
    def test_a_signed_message_moves_an_attempt_that_waits(self, attempt):
        answer = post(url("ready_callback"), **signed("old1", b"{}"))
        attempt.refresh_from_db()
        assert (answer.status_code, answer.json(), attempt.status) == (200, "OK", Status.ready_to_start)
        assert InboxDelivery.objects.get().sender == "key #1"

    def test_its_body_means_nothing(self, attempt):
        assert post(url("ready_callback"), b"\xff{", **signed("old1", b"\xff{")).status_code == 200

    def test_weakness_s2_nobody_else_says_so(self, attempt):
        assert post(url("ready_callback")).status_code == 403
        assert post(url("ready_callback"), **signed("evil", b"{}")).status_code == 403
        attempt.refresh_from_db()
        assert attempt.status == Status.created
        assert not InboxDelivery.objects.exists()

    def test_before_we_know_the_id_the_signature_says_whose_it_is(self, backends):
        answer = post(url("ready_callback", "early"), **signed("evil", b"{}"))
        assert (answer.status_code, isinstance(answer.json(), str)) == (404, True)
        delivery = InboxDelivery.objects.get()
        assert (delivery.source, delivery.subject, delivery.state) == ("theirs", "early", "refused")

    def test_an_unknown_id_is_403_to_whoever_does_not_sign(self, backends):
        assert post(url("ready_callback", "early")).status_code == 403
        assert post(url("callback", "early"), **{"webhook-signature": "v1,AAAA"}).status_code == 403
        assert not InboxDelivery.objects.exists()


@pytest.mark.parametrize("kind", ["ready_callback", "callback"])
class TestWhoSpeaks:
    def test_an_anonymous_get_is_403(self, attempt, kind):
        answer = APIClient().get(url(kind))
        assert (answer.status_code, set(answer.json())) == (403, {"detail"})

    def test_a_signed_get_is_405(self, attempt, kind):
        assert APIClient().get(url(kind), headers=signed("old1", b"")).status_code == 405

    def test_a_vendor_without_secrets_signs_in(self, backends, kind):
        AttemptFactory(proctored_exam=ExamFactory(backend="silent"), external_id="theirs-2", submitted=True)
        assert post(url(kind, "theirs-2"), **signed("old1", b"{}")).status_code == 403

    def test_who_has_signed_in_needs_no_signature(self, attempt, kind, client_of):
        staff = client_of(UserFactory(staff=True))
        answer = staff.post(url(kind), {"status": "passed"}, format="json", headers={"webhook-signature": "v1,AAAA"})
        assert answer.status_code == 200

    def test_a_signature_lends_a_learner_nothing(self, attempt, kind, client_of):
        answer = client_of(attempt.user).post(
            url(kind), b"{}", content_type="application/json", headers=signed("old1", b"{}")
        )
        assert answer.status_code == 403
        assert not InboxDelivery.objects.exists()

    def test_two_vendors_with_the_same_id_are_told_apart(self, attempt, kind):
        AttemptFactory(proctored_exam=ExamFactory(backend="theirs"), external_id="theirs-1", submitted=True)
        body = b'{"status": "suspicious"}'
        assert post(url(kind), body, **signed("evil", body)).status_code == 200
        attempt.refresh_from_db()
        assert (attempt.status, InboxDelivery.objects.get().source) == (Status.created, "theirs")

    def test_a_large_message_is_413(self, attempt, kind, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        body = b"{" + b" " * 20 + b"}"
        assert post(url(kind), body, **signed("old1", body)).status_code == 413


def test_a_suspended_vendor_account_does_not_speak(attempt, client_of):
    user = UserFactory()
    user.groups.add(Group.objects.create(name="ours_review"))
    client = client_of(user)
    user.is_active = False
    user.save()
    assert client.post(url("callback"), b"{}", content_type="application/json").status_code == 403
