"""The legacy vendor's reviews at route 26 (contract rest.md §5.20)."""

import json
from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from proctoring.models import (
    InboxDelivery,
    OutboxMessage,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAttempt,
)
from proctoring.services import inbox
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.backends.contract import SECRETS, CallbackContract, payload, signed
from tests.proctoring.backends.software_secure_vendor import CLASS, OPTIONS

pytestmark = pytest.mark.django_db
LEGACY: dict[str, Any] = {"class": CLASS, **OPTIONS}
Review = ProctoredExamSoftwareSecureReview


def url() -> str:
    return reverse("edx_proctoring:anonymous.proctoring_review_callback")


def review(attempt: ProctoredExamStudentAttempt, name: str = "clean", **changes: Any) -> dict[str, Any]:
    """What was captured, about ``attempt``."""
    found: dict[str, Any] = deepcopy(payload(f"software_secure/review_{name}.json")) | changes
    found["examMetaData"] |= {"examCode": attempt.attempt_code, "ssiRecordLocator": (attempt.external_id or "").upper()}
    return found


class TestSigned(CallbackContract):
    options = LEGACY
    speaks_of_deleted = True

    def address(self, attempt: ProctoredExamStudentAttempt) -> str:
        return url()

    def review(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return review(attempt)

    def failing(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return review(attempt, "suspicious")

    def unheard_of(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        return review(attempt, reviewStatus="Splendid")

    def test_an_attempt_nobody_knows_is_kept_and_refused(self, attempt):
        attempt.attempt_code = "UNKNOWN"
        body = self.body(attempt)
        assert self.send(attempt, body, **signed("old1", body)).status_code == 400
        delivery = InboxDelivery.objects.get()
        assert (delivery.source, delivery.subject, delivery.error_code) == ("ours", "UNKNOWN", "attempt_not_found")

    def test_where_one_vendor_may_come_unsigned_the_others_may_not(self, attempt, backends):
        backends["theirs"]["allow_unsigned_callbacks"] = True
        assert self.refused(attempt, self.send(attempt, self.body(attempt)))

    def test_a_wrong_signature_is_refused_where_none_would_be_taken(self, attempt, backends):
        backends["ours"]["allow_unsigned_callbacks"] = True
        body = self.body(attempt)
        assert self.refused(attempt, self.send(attempt, body, **signed("evil", body)))
        assert self.send(attempt, body).status_code == 200

    def test_a_vendor_that_cannot_be_used_speaks_no_more(self, attempt, backends):
        del backends["ours"]["crypto_key"]
        body = self.body(attempt)
        answer = self.send(attempt, body, **signed("old1", body))
        assert answer.status_code == 403


@pytest.fixture
def backends(settings):
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "software_secure",
        "software_secure": LEGACY | {"allow_unsigned_callbacks": True},
        "rpnow4": LEGACY | {"allow_unsigned_callbacks": True},
        "other": {"class": "tests.fakes.WatchingBackend"},
    }
    return settings.PROCTORING_BACKENDS


@pytest.fixture
def attempt(backends):
    exam = ExamFactory(backend="software_secure")
    return AttemptFactory(proctored_exam=exam, external_id="a81f3c0e77", submitted=True)


def send(body: Any, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return APIClient().post(url(), raw, content_type="application/json", headers=headers)


def status_of(attempt: ProctoredExamStudentAttempt) -> str:
    attempt.refresh_from_db()
    return attempt.status


class TestReview:
    @pytest.mark.parametrize(
        ("name", "status", "stored"),
        [
            ("clean", Status.verified, "Clean"),
            ("violation", Status.verified, "Rules Violation"),
            ("suspicious", Status.second_review_required, "Suspicious"),
            ("not_reviewed", Status.error, "Not Reviewed"),
        ],
    )
    def test_decides_the_attempt(self, attempt, name, status, stored):
        answer = send(review(attempt, name))
        assert (answer.status_code, answer.json(), status_of(attempt)) == (200, "OK", status)
        assert Review.objects.get().review_status == stored

    def test_is_kept_as_it_came(self, attempt):
        send(review(attempt, "suspicious"))
        delivery = InboxDelivery.objects.get()
        assert (delivery.source, delivery.kind, delivery.subject) == (
            "software_secure",
            "legacy_review",
            attempt.attempt_code,
        )
        assert (delivery.state, delivery.sender) == ("applied", "unsigned")
        assert b"second person" not in bytes(delivery.body)

    def test_its_comments_and_its_recording_are_kept(self, attempt):
        send(review(attempt, "suspicious"))
        stored = Review.objects.get()
        assert stored.proctoredexamsoftwaresecurecomment_set.count() == 3
        assert stored.encrypted_video_url.startswith(b"QEWTgenv")
        assert "DirectLink" not in stored.raw_data

    def test_ten_times_is_once(self, attempt):
        for _ in range(10):
            assert send(review(attempt, "suspicious")).status_code == 200
        assert Review.objects.get().proctoredexamsoftwaresecurecomment_set.count() == 3
        assert InboxDelivery.objects.get().deliveries == 10

    def test_an_unproven_delivery_id_means_nothing(self, attempt):
        send(review(attempt, "suspicious"), **{"webhook-id": "one"})
        send(review(attempt, "clean"), **{"webhook-id": "one"})
        assert InboxDelivery.objects.count() == 2
        assert status_of(attempt) == Status.verified

    def test_may_correct_an_earlier_one_unless_the_site_says_no(self, attempt, settings):
        send(review(attempt, "suspicious"))
        settings.PROCTORING_SETTINGS = {"ALLOW_REVIEW_UPDATES": False}
        assert send(review(attempt, "clean")).status_code == 400
        settings.PROCTORING_SETTINGS = {}
        assert send(review(attempt, "clean", examDate="later")).status_code == 200
        assert status_of(attempt) == Status.verified

    def test_belongs_to_the_same_vendor_under_its_other_name(self, attempt):
        other = AttemptFactory(proctored_exam=ExamFactory(backend="rpnow4"), external_id="x1", submitted=True)
        assert send(review(other)).status_code == 200
        assert InboxDelivery.objects.get().source == "rpnow4"

    def test_of_an_exam_with_the_default_vendor(self, backends):
        attempt = AttemptFactory(proctored_exam=ExamFactory(backend=None), external_id="x1", submitted=True)
        assert send(review(attempt)).status_code == 200


class TestRefused:
    def test_weakness_s4_another_registration_is_refused_without_saying_which(self, attempt):
        given = review(attempt)
        given["examMetaData"]["ssiRecordLocator"] = "bogus"
        answer = send(given)
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})
        assert "a81f3c0e77" not in answer.content.decode().lower()
        assert InboxDelivery.objects.get().error_code == "suspicious_lookup"
        assert not Review.objects.exists()

    def test_weakness_c10_an_unknown_code_is_refused_with_the_same_words(self, attempt):
        given = review(attempt)
        given["examMetaData"]["ssiRecordLocator"] = "bogus"
        mismatch = send(given)
        given["examMetaData"]["examCode"] = "bogus"
        unknown = send(given)
        assert (unknown.status_code, unknown.content) == (mismatch.status_code, mismatch.content)

    def test_simulation_takes_any_registration(self, attempt, settings):
        settings.PROCTORING_SETTINGS = {"ALLOW_CALLBACK_SIMULATION": True}
        given = review(attempt)
        given["examMetaData"]["ssiRecordLocator"] = "bogus"
        assert send(given).status_code == 200

    def test_weakness_s5_another_vendors_attempt_is_not_its_business(self, attempt):
        other = AttemptFactory(proctored_exam=ExamFactory(backend="other"), external_id="theirs-1", submitted=True)
        assert send(review(other)).status_code == 400
        assert status_of(other) == Status.submitted
        assert InboxDelivery.objects.get().error_code == "attempt_not_found"

    def test_weakness_s5_an_exam_nobody_proctors_any_more_is_412(self, attempt):
        attempt.proctored_exam.is_proctored = False
        attempt.proctored_exam.save()
        answer = send(review(attempt))
        assert (answer.status_code, isinstance(answer.json(), str)) == (412, True)
        assert not Review.objects.exists()

    def test_weakness_s6_a_reviewer_in_the_message_is_nobody(self, attempt):
        staff = UserFactory(staff=True)
        assert send(review(attempt, "suspicious", reviewed_by=staff.email)).status_code == 200
        assert Review.objects.get().reviewed_by is None
        assert status_of(attempt) == Status.second_review_required

    @pytest.mark.parametrize("code", [None, "", [], {}, 7, "a b", "\x00", "\ud800", "x" * 300])
    def test_a_code_that_is_none_matches_nothing(self, attempt, code):
        ProctoredExamStudentAttempt.objects.update(attempt_code=None)
        AttemptFactory(proctored_exam=attempt.proctored_exam, attempt_code="", external_id="y", submitted=True)
        given = review(attempt)
        given["examMetaData"]["examCode"] = code
        assert send(given).status_code == 400
        del given["examMetaData"]["examCode"]
        assert send(given).status_code == 400
        assert set(InboxDelivery.objects.values_list("subject", flat=True)) <= {"", "x" * 191}

    def test_two_attempts_with_one_code_are_nobodys(self, attempt):
        AttemptFactory(
            proctored_exam=attempt.proctored_exam, attempt_code=attempt.attempt_code, external_id="y", submitted=True
        )
        assert send(review(attempt)).status_code == 400

    def test_an_attempt_the_vendor_never_got(self, attempt):
        ProctoredExamStudentAttempt.objects.update(external_id=None)
        assert send(review(attempt)).status_code == 400

    @pytest.mark.parametrize(
        "change",
        [
            {"examMetaData": None},
            {"examMetaData": "x"},
            {"reviewStatus": None},
            {"reviewStatus": ["Clean"]},
            {"webCamComments": {}},
            {"webCamComments": [None]},
            {"desktopComments": [{"comments": "x"}]},
        ],
    )
    def test_what_is_malformed_is_kept_and_refused(self, attempt, change):
        answer = send(review(attempt, "suspicious") | change)
        assert (answer.status_code, set(answer.json())) == (400, {"detail"})
        assert InboxDelivery.objects.get().state == "refused"
        assert (status_of(attempt), Review.objects.count()) == (Status.submitted, 0)

    @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        comment=st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                ["comments", "eventStart", "eventFinish", "duration", "eventStatus"],
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
            ),
        )
    )
    def test_no_comment_is_an_error_of_ours(self, attempt, comment):
        assert send(review(attempt, webCamComments=[comment])).status_code in {200, 400}

    def test_without_a_legacy_vendor_nobody_speaks(self, attempt, backends):
        del backends["software_secure"], backends["rpnow4"]
        assert send(review(attempt)).status_code == 403
        assert not InboxDelivery.objects.exists()

    def test_switched_off_is_not_there(self, attempt, settings):
        settings.FEATURES = {"ENABLE_SPECIAL_EXAMS": False}
        assert send(review(attempt)).status_code == 404

    def test_a_message_too_large_is_413(self, attempt, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        assert send(review(attempt)).status_code == 413


class TestArchived:
    def test_weakness_d20_a_deleted_attempts_review_is_of_the_past(self, attempt):
        gone = deepcopy(attempt)
        attempt.delete()
        assert send(review(gone, "suspicious")).status_code == 200
        stored = Review.objects.get()
        assert (stored.is_attempt_active, stored.attempt_code) == (False, gone.attempt_code)
        assert not ProctoredExamStudentAttempt.objects.exists()
        assert not OutboxMessage.objects.filter(kind="mail.status").exists()

    def test_a_deleted_attempts_earlier_review_is_corrected(self, attempt):
        send(review(attempt, "suspicious"))
        gone = deepcopy(attempt)
        attempt.delete()
        assert send(review(gone, "clean")).status_code == 200
        stored = Review.objects.get()
        assert (stored.is_attempt_active, stored.review_status) == (False, "Clean")

    @pytest.mark.parametrize("with_it", ["user", "proctored_exam"])
    def test_whose_learner_or_exam_is_gone_too(self, attempt, with_it):
        body = review(attempt)
        getattr(attempt, with_it).delete()
        assert send(body).status_code == 400
        assert not Review.objects.exists()

    def test_a_live_attempts_review_is_of_the_present(self, attempt):
        send(review(attempt))
        assert Review.objects.get().is_attempt_active is True


class TestHttp:
    def test_the_content_type_means_nothing(self, attempt):
        body = json.dumps(review(attempt)).encode()
        for content_type in ["text/plain; charset=x", "text/x; charset=utf-16", "multipart/form-data", "x"]:
            answer = APIClient().post(url(), body, content_type=content_type)
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")

    @pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", ""])
    def test_the_answer_is_json_whatever_is_asked_for(self, attempt, accept):
        answer = send(review(attempt), accept=accept)
        assert (answer.status_code, answer.content) == (200, b'"OK"')

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head"])
    def test_other_methods_are_405(self, attempt, method):
        assert getattr(APIClient(), method)(url()).status_code == 405

    def test_a_session_is_not_looked_at(self, attempt):
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(attempt.user)
        body = json.dumps(review(attempt)).encode()
        assert client.post(url(), body, content_type="application/json").status_code == 200

    def test_a_broken_token_is_not_looked_at(self, attempt):
        assert send(review(attempt), Authorization="Bearer nonsense").status_code == 200


def test_what_was_refused_can_be_replayed(attempt, backends):
    backends["software_secure"]["callback_secrets"] = [SECRETS["old1"]]
    ProctoredExamStudentAttempt.objects.update(external_id=None)
    body = json.dumps(review(attempt)).encode()
    assert send(body, **signed("old1", body)).status_code == 400
    ProctoredExamStudentAttempt.objects.update(external_id="a81f3c0e77")
    assert inbox.replay(InboxDelivery.objects.get().pk).state == "applied"
    assert status_of(attempt) == Status.verified
