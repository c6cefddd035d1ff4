import json
from typing import Any

import pytest
import requests
import responses

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.rest import BaseRestProctoringProvider
from proctoring.common.http import VendorTimeout, VendorUnreachable
from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderOnboardingException,
    BackendProviderSentNoAttemptID,
)
from tests.proctoring.backends.contract import CONTEXT, EXAM, RegistrationContract, payload
from tests.proctoring.backends.rest_vendor import ATTEMPTS, RestVendor, make_provider


class TestRegistration(RegistrationContract):
    registration_url = ATTEMPTS
    unreadable_id = {"id": "x" * 192}

    @pytest.fixture
    def wire(self, rest_vendor: RestVendor) -> responses.RequestsMock:
        return rest_vendor.wire

    @pytest.fixture
    def provider(self, rest_vendor: RestVendor) -> ProctoringBackendProvider:
        return make_provider()


def register(provider: BaseRestProctoringProvider, **context: Any) -> str:
    return provider.register_exam_attempt(EXAM, CONTEXT | context)


def test_an_attempt_is_registered_under_its_exam(rest_vendor: RestVendor, provider: BaseRestProctoringProvider) -> None:
    rest_vendor.answers("POST", ATTEMPTS, {"id": "attempt-99"})

    assert register(provider) == "attempt-99"

    [asked] = rest_vendor.requests
    assert (asked.method, asked.url) == ("POST", ATTEMPTS)
    assert json.loads(asked.body) == payload("rest/attempt_registered.json")
    assert asked.headers["Authorization"] == "JWT token-1"


def test_the_attempts_code_is_no_part_of_the_message_but_keeps_it_from_being_done_twice(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    rest_vendor.answers("POST", ATTEMPTS, {"id": "attempt-99"})

    register(provider)

    [asked] = rest_vendor.requests
    assert CONTEXT["attempt_code"] not in asked.body.decode()
    assert asked.headers["Idempotency-Key"] == CONTEXT["attempt_code"]


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(("given", "kept"), [("attempt-99", "attempt-99"), (99, "99"), ("x" * 191, "x" * 191)])
def test_the_vendors_id_is_a_text_or_a_number(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, status: int, given: Any, kept: str
) -> None:
    rest_vendor.answers("POST", ATTEMPTS, {"id": given, "status": "created"}, status=status)

    assert register(provider) == kept


@pytest.mark.parametrize("status", ["missing", "pending", "failed", "expired"])
def test_a_vendor_may_want_onboarding_first(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, status: str
) -> None:
    rest_vendor.answers("POST", ATTEMPTS, {"id": "attempt-99", "status": f"onboarding_{status}"})

    with pytest.raises(BackendProviderOnboardingException) as caught:
        register(provider)
    assert caught.value.status == f"onboarding_{status}"


@pytest.mark.parametrize("answer", [{"json": {"status": "onboarding_missing"}, "status": 400}])
def test_a_refusal_is_no_wish_for_onboarding(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, answer: dict[str, Any]
) -> None:
    rest_vendor.wire.post(ATTEMPTS, **answer)

    with pytest.raises(BackendProviderCannotRegisterAttempt):
        register(provider)


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 409, 422, 429, 500, 501, 502, 503, 504])
def test_an_error_is_a_refusal_and_is_not_repeated(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, status: int
) -> None:
    rest_vendor.answers("POST", ATTEMPTS, {"id": "attempt-99", "detail": "Ada"}, status=status)

    with pytest.raises(BackendProviderCannotRegisterAttempt) as caught:
        register(provider)

    error = caught.value
    assert not isinstance(error, BackendProviderSentNoAttemptID)
    assert (error.http_status, error.response_status) == (status, 502)
    assert json.loads(error.content)["detail"] == "Ada"
    assert "Ada" not in str(error)
    assert len(rest_vendor.requests) == (2 if status == 401 else 1)


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {}},
        {"json": {"id": None}},
        {"json": {"id": ""}},
        {"json": {"id": 0}},
        {"json": {"id": True}},
        {"json": {"id": ["attempt-99"]}},
        {"json": {"id": "x" * 192}},
        {"json": {"status": ["onboarding_missing"]}},
        {"json": {"status": "onboarding_unheard_of"}},
        {"json": ["attempt-99"]},
        {"json": "attempt-99"},
        {"body": "<html>welcome</html>"},
        {"body": "[" * 100_000},
        {"body": "", "status": 204},
    ],
)
def test_success_without_an_id_is_a_failure(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, answer: dict[str, Any]
) -> None:
    rest_vendor.wire.post(ATTEMPTS, **answer)

    with pytest.raises(BackendProviderSentNoAttemptID) as caught:
        register(provider)
    assert caught.value.http_status == answer.get("status", 200)
    assert caught.value.response_status == 502, "what failed must not look like success"


@pytest.mark.parametrize(
    ("lost", "error"), [(requests.ConnectionError(), VendorUnreachable), (requests.ReadTimeout(), VendorTimeout)]
)
def test_a_learner_does_not_wait_for_a_second_try(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, lost: Exception, error: type[Exception]
) -> None:
    rest_vendor.answers("POST", ATTEMPTS, body=lost)

    with pytest.raises(error):
        register(provider)
    assert len(rest_vendor.requests) == 1
    assert rest_vendor.requests[0].req_kwargs["timeout"] == (10.0, 10.0)
