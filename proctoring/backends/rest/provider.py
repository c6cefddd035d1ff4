"""A vendor that speaks the REST protocol: every call, and what its answers mean."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import ImproperlyConfigured

from proctoring.backends.base import AttemptDict, ExamDict, ProctoringBackendProvider
from proctoring.backends.rest import dashboard, headers
from proctoring.backends.rest.addresses import VendorsIdMissing, filled
from proctoring.backends.rest.answers import (
    VendorCallRefused,
    id_of,
    json_of,
    object_of,
    refuse_errors,
    steps_of,
    succeeded,
)
from proctoring.backends.rest.oauth import ClientCredentials
from proctoring.common.http import HttpClient, Response
from proctoring.conf import config
from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderCannotRetireUser,
    BackendProviderOnboardingException,
    BackendProviderOnboardingProfilesException,
    BackendProviderSentNoAttemptID,
)
from proctoring.statuses import ONBOARDING_ERRORS, SoftwareSecureReviewStatus

__all__ = ["BaseRestProctoringProvider", "VendorCallRefused", "VendorsIdMissing"]

DEFAULT_TIMEOUT = 30.0
NOT_FOUND, UNAUTHORISED = 404, 401


class BaseRestProctoringProvider(ProctoringBackendProvider):
    """
    Subclass it, or name it in the option ``class``, and set ``base_url``, ``client_id`` and ``client_secret``.

    URL templates, instructions and every method may be overridden.
    """

    has_dashboard = True
    supports_onboarding = True
    passing_statuses = (SoftwareSecureReviewStatus.clean.value,)
    credentials_needed = ("client_id", "client_secret")
    base_url: str = ""
    client_id: str = ""
    client_secret: str = ""
    needs_oauth: bool = True
    token_expiration_time: float = 60
    default_rules: Mapping[str, Any] | None = None
    timeout: float | tuple[float, float] = DEFAULT_TIMEOUT

    config_path = "/api/v1/config/"
    create_exam_path = "/api/v1/exam/"
    exam_path = "/api/v1/exam/{exam_id}/"
    create_attempt_path = "/api/v1/exam/{exam_id}/attempt/"
    exam_attempt_path = "/api/v1/exam/{exam_id}/attempt/{attempt_id}/"
    instructor_path = "/api/v1/instructor/{client_id}/?jwt={jwt}"
    user_path = "/api/v1/user/{user_id}/"
    onboarding_statuses_path = "/api/v1/courses/{course_id}/onboarding_statuses"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        parts = urlsplit(self.base_url)
        # The vendor's name in logs: never with the credentials that an address may carry.
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme not in {"http", "https"} or not host:
            raise TypeError("a REST proctoring backend needs the option base_url, an http or https address")
        self.credentials = ClientCredentials(host, self.base_url, self.client_id, self.client_secret)
        connect, read = _pair(self.timeout)
        self.http = HttpClient(host, timeout=(connect, read))
        patience = config.vendor_call_timeout
        self.waiting_http = HttpClient(host, timeout=(min(connect, patience), min(read, patience)), retries=0)

    @property
    def proctoring_instructions(self) -> list[str]:
        """Steps shown instead of the vendor's own where not empty."""
        return []

    # Exams

    def on_exam_saved(self, exam: ExamDict) -> str | None:
        """Create or update the exam at the vendor; the vendor's id of it (§3.5)."""
        external_id = exam.get("external_id")
        path = self.exam_path if external_id else self.create_exam_path
        body = dict(exam)
        if self.default_rules and not body.get("rules"):
            body["rules"] = self.default_rules
        answer = self._call("POST", path, json=body, exam_id=external_id)
        return id_of(answer)

    def get_exam(self, exam: ExamDict) -> ExamDict:
        """The vendor's view of the exam."""
        return self._call("GET", self.exam_path, exam_id=exam["external_id"])

    def get_proctoring_config(self) -> Mapping[str, Any]:
        """The vendor's configuration, in the learner's language where the vendor has it (§3.4)."""
        return self._call("GET", self.config_path, more=headers.accept_language())

    def get_software_download_url(self) -> str | None:
        url = self.get_proctoring_config().get("download_url")
        return str(url) if url else None

    # Attempts

    def register_exam_attempt(self, exam: ExamDict, context: Mapping[str, Any]) -> str:
        """
        Register an attempt (§3.6); the vendor's id of it.

        The attempt's code is sent as ``Idempotency-Key``, so that a registration whose answer was lost can be repeated.
        Raises ``BackendProviderCannotRegisterAttempt``, ``BackendProviderSentNoAttemptID``,
        ``BackendProviderOnboardingException``, ``VendorUnreachable``.
        """
        body = {key: value for key, value in context.items() if key != "attempt_code"} | {"status": "created"}
        response = self._send(
            "POST",
            self._url(self.create_attempt_path, exam_id=exam["external_id"]),
            json=body,
            more={"Idempotency-Key": str(context["attempt_code"])},
            client=self.waiting_http,
        )
        if not succeeded(response):
            raise BackendProviderCannotRegisterAttempt(response.content, response.status_code)
        answer = object_of(response)
        status = answer.get("status")
        if isinstance(status, str) and status in ONBOARDING_ERRORS:
            raise BackendProviderOnboardingException(status)
        external_id = id_of(answer)
        if external_id is None:
            raise BackendProviderSentNoAttemptID(answer, response.status_code)
        return external_id

    def start_exam_attempt(self, exam: str, attempt: str) -> Any:
        return self._patch(exam, attempt, "started")

    def stop_exam_attempt(self, exam: str, attempt: str) -> Any:
        return self._patch(exam, attempt, "submitted")

    def mark_erroneous_exam_attempt(self, exam: str, attempt: str) -> Any:
        return self._patch(exam, attempt, "error")

    def remove_exam_attempt(self, exam: str, attempt: str) -> bool:
        """True when the vendor deleted it or never had it; raises for other HTTP errors (since_6_1.md 5, 10)."""
        if not attempt:
            return True
        response = self._send("DELETE", self._url(self.exam_attempt_path, exam_id=exam, attempt_id=attempt))
        if response.status_code == NOT_FOUND:
            return True
        refuse_errors(response)
        return object_of(response).get("status") == "deleted"

    def get_attempt(self, attempt: AttemptDict) -> AttemptDict:
        """Instructions and download address as the vendor has them now (§3.7); empty before registration."""
        if not attempt.get("external_id"):
            return {}
        found = self._call(
            "GET",
            self.exam_attempt_path,
            more=headers.accept_language(),
            exam_id=attempt["proctored_exam"]["external_id"],
            attempt_id=attempt["external_id"],
        )
        return found | {"instructions": self.proctoring_instructions or steps_of(found.get("instructions"))}

    def get_review(self, attempt: AttemptDict) -> Any:
        """The ``review`` (§3.11) in the vendor's view of the attempt; None where it has none, or no such attempt."""
        exam_id, attempt_id = attempt["proctored_exam"]["external_id"], attempt["external_id"]
        response = self._send("GET", self._url(self.exam_attempt_path, exam_id=exam_id, attempt_id=attempt_id))
        if response.status_code == NOT_FOUND:
            return None
        refuse_errors(response)
        review = object_of(response).get("review")
        return self.on_review_callback(attempt, review) if isinstance(review, Mapping) else None

    def on_review_callback(self, attempt: AttemptDict, payload: Any) -> Any:
        return payload

    # People

    def retire_user(self, user_id: str) -> bool:
        """Delete a learner at the vendor (§3.12). Raises ``BackendProviderCannotRetireUser``, ``VendorUnreachable``."""
        response = self._send("DELETE", self._url(self.user_path, user_id=user_id))
        answer = json_of(response)
        if not succeeded(response) or not isinstance(answer, bool):
            raise BackendProviderCannotRetireUser(response.content, response.status_code)
        return answer

    def get_onboarding_profile_info(self, course_id: str, **kwargs: Any) -> Mapping[str, Any]:
        """
        Onboarding statuses of a course, filtered by ``kwargs``, or of one learner (§3.9).

        Raises ``BackendProviderOnboardingProfilesException``.
        """
        query = urlencode({name: value for name, value in kwargs.items() if value is not None})
        url = self._url(self.onboarding_statuses_path, course_id=course_id) + (f"?{query}" if query else "")
        response = self._send("GET", url)
        answer = object_of(response)
        if response.status_code != 200 or not answer:
            raise BackendProviderOnboardingProfilesException(response.content, response.status_code)
        return answer

    def get_instructor_url(
        self,
        course_id: str,
        user: Mapping[str, Any],
        exam_id: str | None = None,
        attempt_id: str | None = None,
        show_configuration_dashboard: bool = False,
        encrypted_video_review_url: bytes | None = None,
    ) -> str:
        """
        Address of the vendor's dashboard with a short-lived token in it (§3.8).

        Raises ``ImproperlyConfigured`` without a secret: anybody could make such a token.
        """
        if not self.client_secret:
            raise ImproperlyConfigured("The proctoring backend has no client_secret to sign with.")
        claims = dashboard.claims(
            self.client_id,
            self.token_expiration_time,
            course_id,
            user,
            exam_id,
            {"config": show_configuration_dashboard, "attempt_id": attempt_id},
        )
        token = dashboard.signed(claims, self.client_secret)
        return self._url(self.instructor_path, client_id=self.client_id, jwt=token)

    # The wire

    def _patch(self, exam: str, attempt: str, status: str) -> dict[str, Any]:
        if not attempt:
            return {}
        return self._call(
            "PATCH",
            self.exam_attempt_path,
            json={"status": status},
            more={"Idempotency-Key": f"{attempt}:{status}"},
            exam_id=exam,
            attempt_id=attempt,
        )

    def _url(self, template: str, **ids: Any) -> str:
        return self.base_url + filled(template, ids)

    def _call(
        self, method: str, path: str, *, json: Any = None, more: Mapping[str, str] | None = None, **ids: Any
    ) -> dict[str, Any]:
        response = self._send(method, self._url(path, **ids), json=json, more=more)
        refuse_errors(response)
        return object_of(response)

    def _send(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        more: Mapping[str, str] | None = None,
        client: HttpClient | None = None,
    ) -> Response:
        def once() -> Response:
            authorised = {"Authorization": f"JWT {self.credentials.token()}", **headers.request_id(), **(more or {})}
            # A PATCH states what is; saying it twice is saying it once.
            idempotent = True if method == "PATCH" else None
            return (client or self.http).request(method, url, json=json, headers=authorised, idempotent=idempotent)

        response = once()
        if response.status_code == UNAUTHORISED:
            # A vendor that lost its tokens in a restart must not lose our message too.
            self.credentials.forget()
            response = once()
        return response


def _pair(timeout: float | tuple[float, float] | list[float]) -> tuple[float, float]:
    if isinstance(timeout, tuple | list):
        connect, read = timeout
        return float(connect), float(read)
    return float(timeout), float(timeout)
