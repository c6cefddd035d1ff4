"""What vendors tell us: authenticated, kept, applied once."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from proctoring.common.inbox import Envelope, store
from proctoring.conf import config
from proctoring.models import InboxDelivery, OutboxMessage, ProctoredExamSoftwareSecureReview
from proctoring.services import attempts, inbox
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
PAYLOADS = Path(__file__).parent / "payloads"


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher")


@pytest.fixture
def attempt(exam):
    return AttemptFactory(proctored_exam=exam, external_id="theirs-1", submitted=True)


@pytest.fixture
def service_user():
    user = UserFactory(username="watcher-service")
    user.groups.add(Group.objects.create(name="watcher_review"))
    return user


@pytest.fixture
def speaking(client_of, service_user):
    return client_of(service_user)


def url(kind, external_id="theirs-1"):
    return reverse(f"edx_proctoring:proctored_exam.attempt.{kind}", args=[external_id])


def send(client, kind="callback", body=None, external_id="theirs-1", **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    return client.post(url(kind, external_id), raw, content_type="application/json", headers=headers)


def review(name):
    return json.loads((PAYLOADS / f"review_{name}.json").read_text())


class TestReady:
    def test_moves_an_attempt_that_waits(self, speaking, exam):
        attempt = AttemptFactory(proctored_exam=exam, external_id="theirs-1", status=Status.created)
        answer = send(speaking, "ready_callback", {"status": "ready"})
        attempt.refresh_from_db()
        assert (answer.status_code, answer.json(), attempt.status) == (200, "OK", Status.ready_to_start)

    def test_changes_nothing_later(self, speaking, attempt):
        assert send(speaking, "ready_callback").json() == "OK"
        attempt.refresh_from_db()
        assert attempt.status == Status.submitted

    def test_of_an_unknown_attempt_is_kept_and_applied_once_we_know_it(self, speaking, exam, lms, vendor, committed):
        answer = send(speaking, "ready_callback", external_id="watched-early")
        assert answer.status_code == 404
        assert isinstance(answer.json(), str)
        early = AttemptFactory(proctored_exam=exam, status=Status.created, external_id="watched-early")
        inbox.retry_unmatched("watched-early")
        early.refresh_from_db()
        assert early.status == Status.ready_to_start
        assert InboxDelivery.objects.get().state == "applied"

    def test_registration_applies_what_came_too_early(self, exam, lms, vendor, committed, speaking):
        vendor.numbers = iter([77])
        send(speaking, "ready_callback", external_id="watched-77")
        with committed():
            attempt = attempts.create(exam, UserFactory(), proctored=True)
        attempt.refresh_from_db()
        assert attempt.status == Status.ready_to_start

    def test_needs_a_vendor_or_staff(self, client_of, attempt):
        assert send(client_of(attempt.user), "ready_callback").status_code == 403
        assert send(client_of(UserFactory()), "ready_callback", external_id="nobody-s").status_code == 404
        assert send(client_of(UserFactory(staff=True)), "ready_callback").status_code == 200
        assert InboxDelivery.objects.count() == 1


class TestReview:
    def test_decides_the_attempt(self, speaking, attempt):
        assert send(speaking, body=review("passed")).json() == "OK"
        attempt.refresh_from_db()
        assert attempt.status == Status.verified

    def test_ten_times_is_once(self, speaking, attempt):
        for _ in range(10):
            assert send(speaking, body=review("suspicious")).status_code == 200
        stored = ProctoredExamSoftwareSecureReview.objects.get()
        assert stored.proctoredexamsoftwaresecurecomment_set.count() == 2
        delivery = InboxDelivery.objects.get()
        assert (delivery.state, delivery.deliveries, delivery.tries) == ("applied", 10, 1)
        assert OutboxMessage.objects.filter(kind="mail.status").count() == 0
        assert attempt.history.filter(status=Status.second_review_required).count() == 1

    def test_the_senders_id_makes_two_of_the_same_content(self, speaking, attempt):
        for delivery_id in ("one", "two", "two"):
            send(speaking, body=review("passed"), **{"webhook-id": delivery_id})
        assert InboxDelivery.objects.count() == 2

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"{", "malformed_callback"),
            (b"\xff\xfe", "malformed_callback"),
            (b"", "malformed_callback"),
            (b"[" * 100_000, "malformed_callback"),
            (b"[]", "malformed_callback"),
            (b"{}", "bad_review_status"),
            (b'{"status": ["passed"]}', "bad_review_status"),
            (b'{"status": "splendid"}', "bad_review_status"),
            (b'{"status": "passed", "comments": [{}]}', "malformed_callback"),
            (b'{"status": "passed", "comments": [{"comment": "\\u0000", "status": "x"}]}', "malformed_callback"),
            (b'{"status": "passed", "comments": [{"comment": "\\ud800", "status": "x"}]}', "malformed_callback"),
        ],
    )
    def test_what_cannot_be_read_is_kept_and_refused(self, speaking, attempt, body, code):
        answer = send(speaking, body=body)
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})
        delivery = InboxDelivery.objects.get()
        assert (delivery.state, delivery.error_code, delivery.body_size) == ("refused", code, len(body))
        attempt.refresh_from_db()
        assert attempt.status == Status.submitted
        assert not ProctoredExamSoftwareSecureReview.objects.exists()

    def test_what_cannot_be_read_is_kept_whatever_authenticates_the_vendor(self, attempt, service_user):
        token = AccessToken.objects.create(
            user=service_user, token="t" * 30, expires=timezone.now() + timedelta(hours=1), scope="read"
        )
        client = APIClient(headers={"Authorization": f"Bearer {token.token}"})
        assert send(client, body=b"{").status_code == 400
        assert InboxDelivery.objects.get().state == "refused"

    @hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        body=st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["status", "comments", "comment", "start", "payload"]), inner, max_size=3
                )
            ),
            max_leaves=12,
        )
    )
    def test_no_body_is_an_error_of_ours(self, speaking, attempt, body):
        assert send(speaking, body=json.dumps(body).encode()).status_code in {200, 400}

    def test_bodies_at_rest_are_encrypted(self, speaking, attempt):
        send(speaking, body=review("suspicious"))
        assert b"phone" not in bytes(InboxDelivery.objects.get().body)

    def test_an_unknown_attempt_is_400_and_kept(self, speaking):
        answer = send(speaking, body=review("passed"), external_id="never-seen")
        assert answer.status_code == 400
        assert InboxDelivery.objects.get().error_code == "attempt_not_found"

    def test_a_learner_is_turned_away_without_a_word(self, client_of, attempt):
        answer = send(client_of(attempt.user), body=review("passed"))
        assert (answer.status_code, answer.content) == (403, b"")
        assert not InboxDelivery.objects.exists()

    def test_a_vendor_speaks_of_its_own_attempts_only(self, client_of, attempt):
        stranger = UserFactory()
        stranger.groups.add(Group.objects.create(name="other_review"))
        assert send(client_of(stranger), body=review("passed")).status_code == 403

    def test_nobody_is_403(self, attempt):
        assert send(APIClient(), body=review("passed")).status_code == 403
        assert APIClient().get(url("callback")).status_code == 403

    def test_other_methods_are_405(self, speaking, attempt):
        assert speaking.get(url("callback")).status_code == 405

    def test_an_exam_nobody_proctors_any_more_is_412(self, speaking, attempt):
        attempt.proctored_exam.is_proctored = False
        attempt.proctored_exam.save()
        answer = send(speaking, body=review("passed"))
        assert answer.status_code == 412
        assert isinstance(answer.json(), str)
        assert not ProctoredExamSoftwareSecureReview.objects.exists()

    def test_a_message_too_large_is_413(self, speaking, attempt, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        assert send(speaking, body=review("passed")).status_code == 413

    def test_a_sender_that_hangs_up_half_way_is_400(self, speaking, attempt):
        class Torn(io.BytesIO):
            def read(self, *args):
                raise OSError("connection reset")

        answer = speaking.post(
            url("callback"), b"{}", content_type="application/json", **{"wsgi.input": Torn(), "CONTENT_LENGTH": "2"}
        )
        assert answer.status_code == 400

    def test_a_form_of_a_browser_needs_the_csrf_header(self, attempt, service_user):
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(service_user)
        client.cookies["csrftoken"] = "a" * 32
        answer = client.post(url("callback"), {"csrfmiddlewaretoken": "a" * 32, "status": "passed"}, format="multipart")
        assert answer.status_code == 403

    def test_our_own_failure_is_kept_and_can_be_replayed(self, speaking, attempt, vendor):
        vendor.on_review_callback = lambda attempt, payload: 1 / 0
        try:
            answer = send(speaking, body=review("passed"))
        finally:
            del vendor.on_review_callback
        assert (answer.status_code, set(answer.json())) == (500, {"detail"})
        delivery = InboxDelivery.objects.get()
        assert (delivery.state, delivery.error_code) == ("failed", "ZeroDivisionError")
        assert inbox.replay(delivery.pk).state == "applied"
        attempt.refresh_from_db()
        assert attempt.status == Status.verified

    def test_the_sweep_applies_what_failed_and_what_was_never_handled(self, speaking, attempt, exam, vendor):
        vendor.on_review_callback = lambda attempt, payload: 1 / 0
        try:
            send(speaking, body=review("passed"))
        finally:
            del vendor.on_review_callback
        waiting = AttemptFactory(proctored_exam=exam, external_id="theirs-2", status=Status.created)
        envelope = Envelope(source="watcher", kind="ready", subject="theirs-2", body=b"")
        store(InboxDelivery, envelope, config.keyring)
        assert inbox.apply_due() == 0
        with time_machine.travel(timezone.now() + timedelta(minutes=10)):
            assert inbox.apply_due() == 2
            assert inbox.apply_due() == 0
        waiting.refresh_from_db()
        assert waiting.status == Status.ready_to_start
        assert set(InboxDelivery.objects.values_list("state", flat=True)) == {"applied"}

    def test_the_sweep_goes_on_past_a_message_that_fails_again(self, speaking, attempt, exam, vendor):
        vendor.on_review_callback = lambda attempt, payload: 1 / 0
        try:
            send(speaking, body=review("passed"))
            send(speaking, body=review("suspicious"))
            with time_machine.travel(timezone.now() + timedelta(minutes=10)):
                assert inbox.apply_due() == 2
        finally:
            del vendor.on_review_callback
        assert list(InboxDelivery.objects.values_list("state", "tries")) == [("failed", 2)] * 2

    def test_sending_it_again_after_a_failure_applies_it(self, speaking, attempt, vendor):
        vendor.on_review_callback = lambda attempt, payload: 1 / 0
        try:
            send(speaking, body=review("passed"))
        finally:
            del vendor.on_review_callback
        assert send(speaking, body=review("passed")).status_code == 200
        assert InboxDelivery.objects.get().state == "applied"


def test_switched_off_is_not_there(speaking, attempt, settings):
    settings.FEATURES = {"ENABLE_SPECIAL_EXAMS": False}
    assert send(speaking, "ready_callback").status_code == 404


def test_absent_features_mean_on(speaking, attempt, settings):
    del settings.FEATURES
    assert send(speaking, "ready_callback").status_code == 200


def test_two_vendors_with_the_same_id_are_told_apart(speaking, attempt, client_of):
    AttemptFactory(proctored_exam=ExamFactory(backend="other"), external_id="theirs-1", submitted=True)
    assert send(speaking, body=review("passed")).status_code == 200
    attempt.refresh_from_db()
    assert attempt.status == Status.verified


def test_an_id_that_one_vendor_gave_twice_is_refused(speaking, attempt, exam):
    AttemptFactory(proctored_exam=exam, external_id="theirs-1", submitted=True)
    assert send(speaking, body=review("passed")).status_code == 400
