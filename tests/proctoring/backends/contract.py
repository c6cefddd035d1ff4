"""
What the product relies on from every vendor's plugin. A vendor's tests inherit :class:`VendorContract` and say how
their plugin is made; the vendor they fake has to take everything. A plugin that calls its vendor inherits
:class:`RegistrationContract` too, and one whose vendor calls us :class:`CallbackContract`.
"""

import base64
import json
import logging
import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from pytest_django import Settings
from rest_framework.test import APIClient

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.types import ReviewEvent, review_event
from proctoring.common.http import VendorUnreachable
from proctoring.common.signing import Secret, StandardWebhooks
from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderSentNoAttemptID,
    ProctoredExamIllegalStatusTransition,
)
from proctoring.models import InboxDelivery, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import attempts
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import SoftwareSecureReviewStatus
from tests.factories import AttemptFactory, ExamFactory

PAYLOADS = Path(__file__).parent / "payloads"
COURSE_ID = "course-v1:Test+EXAMS+2026"
LEARNER = "6ab229bf465cb31777afbe12414046b927ea43e8"
INSTRUCTOR = {"id": LEARNER, "full_name": "Grace Hopper", "email": "grace@example.org"}
# An id that a vendor can put into the address of a callback (contract vendors_admin_screens.md §3.6).
CALLBACK_ID = re.compile(r"[-a-zA-Z0-9_]+")

EXAM: dict[str, Any] = {
    "id": 7,
    "course_id": COURSE_ID,
    "content_id": "block-v1:Test+EXAMS+2026+type@sequential+block@final",
    "external_id": "exam-77",
    "exam_name": "Final exam",
    "time_limit_mins": 90,
    "is_proctored": True,
    "is_practice_exam": False,
    "is_active": True,
    "due_date": "2026-12-01T10:00:00+00:00",
    "hide_after_due": False,
    "backend": "proctor_x",
}
ATTEMPT: dict[str, Any] = {
    "id": 12,
    "created": "2026-11-20T09:00:00Z",
    "modified": "2026-11-20T09:00:00Z",
    "user": {"id": 3, "username": "ada", "email": "ada@example.org"},
    "started_at": None,
    "completed_at": None,
    "external_id": "attempt-99",
    "status": "created",
    "proctored_exam": EXAM,
    "allowed_time_limit_mins": None,
    "attempt_code": "0B1F7D34-5A57-4E9A-8C5B-3F0E9D6A2C11",
    "is_sample_attempt": False,
    "taking_as_proctored": True,
    "review_policy_id": None,
    "is_status_acknowledged": False,
    "time_remaining_seconds": None,
    "is_resumable": False,
    "ready_to_resume": False,
    "resumed": False,
}
CONTEXT: dict[str, Any] = {
    "lms_host": "https://lms.example.org",
    "time_limit_mins": 90,
    "attempt_code": ATTEMPT["attempt_code"],
    "is_sample_attempt": False,
    "user_id": LEARNER,
    "full_name": "Ada King Lovelace",
    "email": "ada@example.org",
    "review_policy": "Calculator allowed",
    "review_policy_exception": "Reader present",
}


def payload(path: str) -> Any:
    """What was captured in a file under ``payloads``."""
    return json.loads((PAYLOADS / path).read_text(encoding="utf-8"))


class VendorContract:
    """Inherit it, override the fixture ``provider``, and list the vendor's captured reviews in ``reviews``."""

    reviews: tuple[str, ...] = ()

    @pytest.fixture
    def provider(self) -> ProctoringBackendProvider:
        """The vendor's plugin, talking to a vendor that takes everything."""
        raise NotImplementedError

    def test_it_has_a_name_for_people(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider, ProctoringBackendProvider)
        assert provider.verbose_name not in {"", "Unknown"}

    def test_its_facts_have_their_types(self, provider: ProctoringBackendProvider) -> None:
        texts = "tech_support_email tech_support_phone learner_notification_from_email help_center_article_url".split()
        assert all(isinstance(getattr(provider, name), str) for name in texts)
        assert isinstance(provider.has_dashboard, bool)
        assert isinstance(provider.supports_onboarding, bool)
        assert provider.ping_interval > 0
        assert all(isinstance(getattr(provider, name), str) for name in provider.credentials_needed)

    def test_what_passes_are_stored_review_statuses(self, provider: ProctoringBackendProvider) -> None:
        assert set(provider.passing_statuses or ()) <= {status.value for status in SoftwareSecureReviewStatus}

    def test_registering_gives_an_id_for_callbacks_or_none(self, provider: ProctoringBackendProvider) -> None:
        exam, context = deepcopy(EXAM), deepcopy(CONTEXT)

        external_id = provider.register_exam_attempt(exam, context=context)

        assert external_id is None or CALLBACK_ID.fullmatch(external_id)
        assert (exam, context) == (EXAM, CONTEXT), "a plugin changes nothing that it is given"

    @pytest.mark.parametrize("call", ["start_exam_attempt", "stop_exam_attempt", "mark_erroneous_exam_attempt"])
    def test_what_happened_may_be_said_twice(self, provider: ProctoringBackendProvider, call: str) -> None:
        for _ in range(2):
            getattr(provider, call)(EXAM["external_id"], ATTEMPT["external_id"])

    def test_removing_is_answered_with_yes_or_no(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.remove_exam_attempt(EXAM["external_id"], ATTEMPT["external_id"]), bool)

    @pytest.mark.parametrize("external_id", ["exam-77", None])
    def test_a_saved_exam_gives_an_id_or_none(
        self, provider: ProctoringBackendProvider, external_id: str | None
    ) -> None:
        exam = deepcopy(EXAM) | {"external_id": external_id}

        found = provider.on_exam_saved(exam)

        assert found is None or CALLBACK_ID.fullmatch(found)
        assert exam == EXAM | {"external_id": external_id}

    @pytest.mark.parametrize("external_id", ["attempt-99", None])
    def test_an_attempt_can_be_looked_at(self, provider: ProctoringBackendProvider, external_id: str | None) -> None:
        attempt = deepcopy(ATTEMPT) | {"external_id": external_id}

        found = provider.get_attempt(attempt)

        assert isinstance(found, Mapping)
        assert isinstance(found.get("download_url"), str | None)
        assert isinstance(found.get("instructions"), list | None)
        assert attempt == ATTEMPT | {"external_id": external_id}

    def test_an_exam_can_be_looked_at(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.get_exam(deepcopy(EXAM)), Mapping)

    def test_the_software_is_an_address_or_none(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.get_software_download_url(), str | None)
        assert isinstance(provider.get_javascript(), str)

    def test_the_dashboard_is_an_address_or_none(self, provider: ProctoringBackendProvider) -> None:
        whole_course = provider.get_instructor_url(COURSE_ID, INSTRUCTOR)
        one_attempt = provider.get_instructor_url(
            COURSE_ID,
            INSTRUCTOR,
            exam_id="exam-77",
            attempt_id="attempt-99",
            show_configuration_dashboard=True,
            encrypted_video_review_url=b"",
        )

        assert all(isinstance(url, str | None) for url in (whole_course, one_attempt))
        assert provider.has_dashboard or (whole_course, one_attempt) == (None, None)

    def test_retiring_is_answered_with_yes_no_or_nothing_to_do(self, provider: ProctoringBackendProvider) -> None:
        assert provider.retire_user(LEARNER) in {True, False, None}

    @pytest.mark.parametrize("filters", [{}, {"status": ""}, {"status": "rejected,expired"}, {"user_id": LEARNER}])
    def test_onboarding_profiles_are_a_dictionary_or_none(
        self, provider: ProctoringBackendProvider, filters: dict[str, Any]
    ) -> None:
        assert isinstance(provider.get_onboarding_profile_info(COURSE_ID, **filters), Mapping | None)

    def test_the_configuration_is_a_dictionary_or_none(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.get_proctoring_config(), Mapping | None)

    def test_the_browser_is_let_in_or_not(self, provider: ProctoringBackendProvider) -> None:
        assert isinstance(provider.should_block_access_to_exam_material(), bool)

    def test_the_key_of_recordings_is_hexadecimal(self, provider: ProctoringBackendProvider) -> None:
        assert len(bytes.fromhex(provider.get_video_review_aes_key() or "")) in {0, 16, 24, 32}

    def test_captured_reviews_are_understood(self, provider: ProctoringBackendProvider) -> None:
        for path in self.reviews:
            given = payload(path)

            event = review_event(provider.on_review_callback(deepcopy(ATTEMPT), given))

            assert isinstance(event, ReviewEvent)
            assert given == payload(path)


NO_JSON_OBJECT = ["<html>", "", "null", "[]", "7", "[" * 100_000, "\xff"]


class RegistrationContract:
    """
    What a vendor may answer to a registration. Inherit it, override ``provider`` and, where the vendor wants a token
    first, ``wire``, and say where the plugin registers, and what is an answer with an id that nobody could keep.
    """

    registration_url: str
    unreadable_id: Any

    @pytest.fixture
    def provider(self, wire: responses.RequestsMock) -> ProctoringBackendProvider:
        """The vendor's plugin."""
        raise NotImplementedError

    def asked(self, wire: responses.RequestsMock) -> int:
        """How often the plugin tried to register."""
        return sum(call.request.url == self.registration_url for call in wire.calls)

    @pytest.mark.parametrize("status", [302, 400, 403, 404, 409, 429, 500, 502, 503])
    def test_an_error_is_a_refusal_and_is_not_repeated(
        self, wire: responses.RequestsMock, provider: ProctoringBackendProvider, status: int
    ) -> None:
        wire.post(self.registration_url, json={"detail": "Ada Lovelace"}, status=status)

        with pytest.raises(BackendProviderCannotRegisterAttempt) as caught:
            provider.register_exam_attempt(deepcopy(EXAM), context=deepcopy(CONTEXT))
        assert (caught.value.http_status, caught.value.response_status) == (status, 502)
        assert "Ada" not in str(caught.value)
        assert self.asked(wire) == 1

    @pytest.mark.parametrize("body", NO_JSON_OBJECT)
    def test_success_that_cannot_be_read_is_a_failure(
        self, wire: responses.RequestsMock, provider: ProctoringBackendProvider, body: str
    ) -> None:
        wire.post(self.registration_url, body=body)

        with pytest.raises(BackendProviderSentNoAttemptID):
            provider.register_exam_attempt(deepcopy(EXAM), context=deepcopy(CONTEXT))

    def test_an_id_that_nobody_could_keep_is_none(
        self, wire: responses.RequestsMock, provider: ProctoringBackendProvider
    ) -> None:
        wire.post(self.registration_url, json=self.unreadable_id)

        with pytest.raises(BackendProviderSentNoAttemptID):
            provider.register_exam_attempt(deepcopy(EXAM), context=deepcopy(CONTEXT))

    @pytest.mark.parametrize("lost", [requests.ReadTimeout(), requests.ConnectTimeout(), requests.ConnectionError()])
    def test_a_vendor_that_is_away_is_asked_once(
        self, wire: responses.RequestsMock, provider: ProctoringBackendProvider, lost: Exception
    ) -> None:
        wire.post(self.registration_url, body=lost)

        with pytest.raises(VendorUnreachable):
            provider.register_exam_attempt(deepcopy(EXAM), context=deepcopy(CONTEXT))
        assert self.asked(wire) == 1

    def test_what_the_vendor_says_is_not_logged(
        self, wire: responses.RequestsMock, provider: ProctoringBackendProvider, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        wire.post(self.registration_url, json={"detail": "Grace Hopper"}, status=400)

        with pytest.raises(BackendProviderCannotRegisterAttempt):
            provider.register_exam_attempt(deepcopy(EXAM), context=deepcopy(CONTEXT))
        assert "Hopper" not in caplog.text
        assert CONTEXT["full_name"] not in caplog.text


SECRETS = {name: f"whsec_{base64.b64encode(name.encode() * 8).decode()}" for name in ("old1", "new1", "evil")}


def signed(secret: str, body: bytes, delivery_id: str = "msg-1", age: timedelta = timedelta(0)) -> dict[str, str]:
    """The headers with which a vendor signs ``body``, ``age`` ago."""
    scheme = StandardWebhooks([Secret.from_standard("test", SECRETS[secret])])
    return scheme.sign(body, datetime.now(UTC) - age, delivery_id)


@pytest.mark.django_db
class SpeakerContract:
    """
    Who speaks for a vendor, and who does not; also for one that never says anything. Inherit it, and say what the
    backend's options are, where reviews go and what they are. The vendor signs with ``old1``, and with ``new1`` from
    now on.
    """

    options: Mapping[str, Any]

    def address(self, attempt: ProctoredExamStudentAttempt) -> str:
        """Where a review of ``attempt`` goes."""
        raise NotImplementedError

    def review(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        """A review with which ``attempt`` passes."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def backends(self, settings: Settings) -> dict[str, Any]:
        """The vendor, and another one."""
        secrets = [SECRETS["old1"], {"id": "2026", "secret": SECRETS["new1"]}]
        settings.PROCTORING_BACKENDS = {
            "DEFAULT": "ours",
            "ours": {**self.options, "callback_secrets": secrets},
            "theirs": {**self.options, "callback_secrets": [SECRETS["evil"]]},
        }
        found: dict[str, Any] = settings.PROCTORING_BACKENDS
        return found

    @pytest.fixture
    def attempt(self) -> ProctoredExamStudentAttempt:
        """The vendor's, handed in."""
        exam = ExamFactory(backend="ours")
        return AttemptFactory(proctored_exam=exam, external_id=ATTEMPT["external_id"], submitted=True)

    def send(self, attempt: ProctoredExamStudentAttempt, body: bytes, **headers: str) -> Any:
        """The answer to a message without any account behind it."""
        return APIClient().post(self.address(attempt), body, content_type="application/json", headers=headers)

    def refused(self, attempt: ProctoredExamStudentAttempt, answer: Any) -> bool:
        """Whether the answer is a 403 that says nothing, and nothing was kept."""
        attempt.refresh_from_db()
        assert (answer.status_code, set(answer.json())) == (403, {"detail"})
        return attempt.status == Status.submitted and not InboxDelivery.objects.exists()

    def body(self, attempt: ProctoredExamStudentAttempt) -> bytes:
        return json.dumps(self.review(attempt)).encode()

    def test_weakness_s3_nothing_is_taken_without_a_signature(self, attempt: ProctoredExamStudentAttempt) -> None:
        assert self.refused(attempt, self.send(attempt, self.body(attempt)))
        assert self.refused(attempt, self.send(attempt, self.body(attempt), **{"webhook-id": "msg-1"}))

    @pytest.mark.parametrize(
        "broken",
        [
            {"webhook-signature": "v1,AAAA"},
            {"webhook-signature": "é"},
            {"webhook-signature": " "},
            {"webhook-id": "another"},
            {"webhook-id": "x" * 300},
            {"webhook-timestamp": "1"},
            {"webhook-timestamp": "9" * 400},
            {"webhook-timestamp": "soon"},
        ],
    )
    def test_a_broken_signature_is_refused(
        self, attempt: ProctoredExamStudentAttempt, broken: dict[str, str], caplog: pytest.LogCaptureFixture
    ) -> None:
        body = self.body(attempt)

        assert self.refused(attempt, self.send(attempt, body, **signed("old1", body) | broken))
        assert len([record for record in caplog.records if "signature" in record.getMessage()]) == 1
        assert not any(secret in caplog.text for secret in [*SECRETS.values(), str(attempt.attempt_code)])

    def test_another_vendors_signature_is_refused(self, attempt: ProctoredExamStudentAttempt) -> None:
        body = self.body(attempt)

        assert self.refused(attempt, self.send(attempt, body, **signed("evil", body)))

    def test_a_changed_message_is_refused(self, attempt: ProctoredExamStudentAttempt) -> None:
        body = self.body(attempt)

        assert self.refused(attempt, self.send(attempt, body + b" ", **signed("old1", body)))

    @pytest.mark.parametrize("minutes", [6, -6])
    def test_an_old_or_future_signature_is_refused(self, attempt: ProctoredExamStudentAttempt, minutes: int) -> None:
        body = self.body(attempt)

        headers = signed("old1", body, age=timedelta(minutes=minutes))

        assert self.refused(attempt, self.send(attempt, body, **headers))

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"{}", b"[" * 100_000, b"9" * 5000])
    def test_garbage_is_kept_and_refused(self, attempt: ProctoredExamStudentAttempt, body: bytes) -> None:
        answer = self.send(attempt, body, **signed("old1", body))

        assert (answer.status_code, set(answer.json())) == (400, {"detail"})
        assert InboxDelivery.objects.get().state == "refused"
        attempt.refresh_from_db()
        assert attempt.status == Status.submitted

    @pytest.mark.parametrize("secrets", [None, [], "whsec_x", ["short"], [{"secret": 7}], [None], {"id": "x"}])
    def test_secrets_that_cannot_be_read_are_no_error_of_the_senders(
        self, attempt: ProctoredExamStudentAttempt, backends: dict[str, Any], secrets: Any
    ) -> None:
        backends["ours"]["callback_secrets"] = secrets
        body = self.body(attempt)

        assert self.refused(attempt, self.send(attempt, body, **signed("old1", body)))


class CallbackContract(SpeakerContract):
    """
    What every vendor's reviews have in common. Inherit it, and say what :class:`SpeakerContract` wants to know, and
    what a review is with which an attempt does not pass.
    """

    # Whether the vendor may speak of attempts that were deleted here.
    speaks_of_deleted = False

    def failing(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        """A suspicious review of ``attempt``."""
        raise NotImplementedError

    def unheard_of(self, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
        """A review of ``attempt`` in a status that nobody has heard of."""
        raise NotImplementedError

    @pytest.mark.parametrize("secret", ["old1", "new1"])
    def test_a_signed_review_decides_whichever_of_the_secrets_signed(
        self, attempt: ProctoredExamStudentAttempt, secret: str
    ) -> None:
        body = self.body(attempt)

        answer = self.send(attempt, body, **signed(secret, body))

        attempt.refresh_from_db()
        assert (answer.status_code, answer.json(), attempt.status) == (200, "OK", Status.verified)
        delivery = InboxDelivery.objects.get()
        assert (delivery.source, delivery.state) == ("ours", "applied")
        assert delivery.sender == {"old1": "key #1", "new1": "key 2026"}[secret]

    def test_a_secret_that_has_ended_signs_no_more(
        self, attempt: ProctoredExamStudentAttempt, backends: dict[str, Any]
    ) -> None:
        ended = {"secret": SECRETS["old1"], "not_after": "2026-01-01T00:00:00Z"}
        backends["ours"]["callback_secrets"] = [ended, SECRETS["new1"]]
        body = self.body(attempt)

        assert self.refused(attempt, self.send(attempt, body, **signed("old1", body)))
        assert self.send(attempt, body, **signed("new1", body)).status_code == 200

    def test_a_message_that_comes_again_counts_once(self, attempt: ProctoredExamStudentAttempt) -> None:
        body = self.body(attempt)
        answers = [self.send(attempt, body, **signed("old1", body)).status_code for _ in range(3)]
        other = json.dumps(self.unheard_of(attempt)).encode()

        # The same delivery, says the sender, so nobody looks at what is in it.
        answers.append(self.send(attempt, other, **signed("old1", other)).status_code)

        assert answers == [200] * 4
        delivery = InboxDelivery.objects.get()
        assert (delivery.state, delivery.deliveries, delivery.tries) == ("applied", 4, 1)
        assert ProctoredExamSoftwareSecureReview.objects.count() == 1

    def test_a_status_that_nobody_has_heard_of_is_kept_and_refused(self, attempt: ProctoredExamStudentAttempt) -> None:
        body = json.dumps(self.unheard_of(attempt)).encode()

        answer = self.send(attempt, body, **signed("old1", body))

        assert (answer.status_code, set(answer.json())) == (400, {"detail"})
        assert InboxDelivery.objects.get().error_code == "bad_review_status"
        assert not ProctoredExamSoftwareSecureReview.objects.exists()

    def say(
        self, attempt: ProctoredExamStudentAttempt, message: dict[str, Any], delivery_id: str, minutes_ago: float = 0
    ) -> int:
        """The vendor says ``message``; the status of the answer."""
        body = json.dumps(message).encode()
        headers = signed("old1", body, delivery_id, timedelta(minutes=minutes_ago))
        return int(self.send(attempt, body, **headers).status_code)

    def outcomes(self) -> list[tuple[str, str]]:
        """What became of the messages, in the order in which they came."""
        return list(InboxDelivery.objects.order_by("pk").values_list("state", "error_code"))

    def test_an_older_review_never_takes_the_place_of_a_newer_one(self, attempt: ProctoredExamStudentAttempt) -> None:
        assert self.say(attempt, self.review(attempt), "second") == 200
        assert self.say(attempt, self.failing(attempt), "first", minutes_ago=2) == 200

        attempt.refresh_from_db()
        assert attempt.status == Status.verified
        assert ProctoredExamSoftwareSecureReview.objects.get().review_status == "Clean"
        assert self.outcomes() == [("applied", ""), ("applied", "superseded")]

    def test_a_newer_review_corrects_an_older_one(self, attempt: ProctoredExamStudentAttempt) -> None:
        assert self.say(attempt, self.failing(attempt), "first", minutes_ago=2) == 200
        assert self.say(attempt, self.review(attempt), "second") == 200

        attempt.refresh_from_db()
        assert attempt.status == Status.verified
        assert self.outcomes() == [("applied", "")] * 2

    def test_a_review_that_overtakes_the_submission_passes_nobody(self, attempt: ProctoredExamStudentAttempt) -> None:
        running = ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk)
        running.update(status=Status.started, completed_at=None, started_at=datetime.now(UTC))

        assert self.say(attempt, self.review(attempt), "early") == 200

        attempt.refresh_from_db()
        assert (attempt.status, attempt.is_resumable) == (Status.error, True), "since_6_1.md 1"
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            attempts.submit(attempt)
        assert ProctoredExamSoftwareSecureReview.objects.get().review_status == "Clean"
        assert self.outcomes() == [("applied", "")]

    def test_a_suspicion_that_overtakes_the_submission_is_looked_at(self, attempt: ProctoredExamStudentAttempt) -> None:
        ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk).update(status=Status.started, completed_at=None)

        assert self.say(attempt, self.failing(attempt), "early") == 200

        attempt.refresh_from_db()
        assert attempt.status == Status.second_review_required

    def test_a_review_of_a_deleted_attempt_decides_nothing(self, attempt: ProctoredExamStudentAttempt) -> None:
        gone = deepcopy(attempt)
        attempt.delete()

        answer = self.say(gone, self.review(gone), "late")

        assert not ProctoredExamStudentAttempt.objects.exists()
        kept = list(ProctoredExamSoftwareSecureReview.objects.values_list("is_attempt_active", flat=True))
        if self.speaks_of_deleted:
            assert (answer, kept, self.outcomes()) == (200, [False], [("applied", "")])
        else:
            assert (answer, kept, self.outcomes()) == (400, [], [("refused", "attempt_not_found")])

    def test_a_review_of_an_exam_that_nobody_proctors_any_more_is_412(
        self, attempt: ProctoredExamStudentAttempt
    ) -> None:
        attempt.proctored_exam.is_proctored = False
        attempt.proctored_exam.save()

        assert self.say(attempt, self.review(attempt), "late") == 412

        attempt.refresh_from_db()
        assert attempt.status == Status.submitted
        assert not ProctoredExamSoftwareSecureReview.objects.exists()
        assert self.outcomes() == [("refused", "exam_no_longer_proctored")]
