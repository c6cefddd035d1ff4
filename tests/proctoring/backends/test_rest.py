import json
from typing import Any

import pytest
import requests
from django.utils import translation

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.rest import BaseRestProctoringProvider, VendorCallRefused
from proctoring.common.http import CircuitOpen, VendorTimeout, VendorUnreachable
from proctoring.exceptions import BackendProviderCannotRetireUser, BackendProviderOnboardingProfilesException
from proctoring.statuses import ReviewStatus
from tests.proctoring.backends import contract
from tests.proctoring.backends.contract import COURSE_ID, LEARNER, VendorContract, payload
from tests.proctoring.backends.rest_vendor import (
    ATTEMPT,
    ATTEMPTS,
    BASE,
    CONFIG,
    EXAM,
    EXAMS,
    RestVendor,
    make_provider,
)

USER = f"{BASE}/api/v1/user/{LEARNER}/"
PROFILES = f"{BASE}/api/v1/courses/{COURSE_ID}/onboarding_statuses"
NOT_JSON_OBJECTS = ["<html>", "", "null", "[]", "7", "[" * 100_000, "\xff"]


class TestRest(VendorContract):
    reviews = ("rest/review_suspicious.json", "rest/review_passed.json")

    @pytest.fixture
    def provider(self, rest_vendor: RestVendor) -> ProctoringBackendProvider:
        rest_vendor.answers("POST", EXAMS, {"id": "exam-78"})
        rest_vendor.answers("POST", EXAM, {"id": "exam-77"})
        rest_vendor.answers("GET", EXAM, payload("rest/exam_saved.json"))
        rest_vendor.answers("POST", ATTEMPTS, {"id": 99})
        rest_vendor.answers("GET", ATTEMPT, payload("rest/attempt.json"))
        rest_vendor.answers("PATCH", ATTEMPT, {"status": "started"})
        rest_vendor.answers("DELETE", ATTEMPT, {"status": "deleted"})
        rest_vendor.answers("GET", CONFIG, payload("rest/config.json"))
        rest_vendor.answers("DELETE", USER, True)
        rest_vendor.answers("GET", PROFILES, payload("rest/onboarding_course.json"))
        return make_provider()


# Every call: method, address, headers, body


def sent(request: Any) -> tuple[str, str, Any]:
    """Method, address and JSON body of what the vendor was asked."""
    return request.method, request.url, json.loads(request.body) if request.body else None


def test_calls_are_authorised_with_a_token_that_is_asked_for_once(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    rest_vendor.answers("GET", CONFIG, {})

    provider.get_proctoring_config()
    provider.get_proctoring_config()

    assert [asked.headers["Authorization"] for asked in rest_vendor.requests] == ["JWT token-1"] * 2
    assert len(rest_vendor.token_requests) == 1


def test_a_token_that_is_refused_is_replaced_once(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    rest_vendor.gives_tokens("token-1", "token-2")
    rest_vendor.answers("PATCH", ATTEMPT, status=401)
    rest_vendor.answers("PATCH", ATTEMPT, {"status": "submitted"})

    provider.stop_exam_attempt("exam-77", "attempt-99")

    assert [asked.headers["Authorization"] for asked in rest_vendor.requests] == ["JWT token-1", "JWT token-2"]
    assert sent(rest_vendor.requests[0]) == sent(rest_vendor.requests[1])


def test_a_vendor_that_refuses_the_new_token_too_has_refused(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    rest_vendor.answers("PATCH", ATTEMPT, status=401)

    with pytest.raises(VendorCallRefused) as caught:
        provider.stop_exam_attempt("exam-77", "attempt-99")
    assert caught.value.http_status == 401
    assert caught.value.response_status == 502, "our learner's session is not the problem"
    assert len(rest_vendor.requests) == 2


@pytest.mark.parametrize(("external_id", "url"), [(None, EXAMS), ("", EXAMS), ("exam-77", EXAM)])
def test_an_exam_is_created_or_updated(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, external_id: str | None, url: str
) -> None:
    rest_vendor.answers("POST", url, {"id": "exam-77"})

    assert provider.on_exam_saved(contract.EXAM | {"external_id": external_id}) == "exam-77"

    expected = payload("rest/exam_saved.json") | {"external_id": external_id}
    assert [sent(asked) for asked in rest_vendor.requests] == [("POST", url, expected)]
    assert rest_vendor.requests[0].headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("exam", "rules"),
    [
        ({}, {"allow_notes": True}),
        ({"rules": None}, {"allow_notes": True}),
        ({"rules": {"allow_snacks": True}}, {"allow_snacks": True}),
    ],
)
def test_an_exam_without_rules_gets_the_default_ones(
    rest_vendor: RestVendor, exam: dict[str, Any], rules: dict[str, bool]
) -> None:
    rest_vendor.answers("POST", EXAM, {"id": "exam-77"})

    make_provider(default_rules={"allow_notes": True}).on_exam_saved(contract.EXAM | exam)

    assert sent(rest_vendor.requests[0])[2]["rules"] == rules


@pytest.mark.parametrize(
    ("answer", "external_id"),
    [
        ({"id": "exam-77"}, "exam-77"),
        ({"id": 77}, "77"),
        ({}, None),
        ({"id": None}, None),
        ({"id": 0}, None),
        ({"id": True}, None),
        ({"id": 7.5}, None),
        ({"id": {"x": 1}}, None),
        ({"id": "x" * 191}, "x" * 191),
        ({"id": "x" * 192}, None),
        ([{"id": "exam-77"}], None),
    ],
)
def test_the_exams_id_is_what_can_be_one(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, answer: Any, external_id: str | None
) -> None:
    rest_vendor.answers("POST", EXAM, answer, status=201)

    assert provider.on_exam_saved(contract.EXAM) == external_id


def test_the_vendors_view_of_an_exam_is_that_of_its_own_id(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    rest_vendor.answers("GET", EXAM, {"id": "exam-77", "name": "Final"})

    assert provider.get_exam(contract.EXAM) == {"id": "exam-77", "name": "Final"}


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ("start_exam_attempt", "started"),
        ("stop_exam_attempt", "submitted"),
        ("mark_erroneous_exam_attempt", "error"),
    ],
)
def test_what_became_of_an_attempt_is_patched(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, call: str, status: str
) -> None:
    rest_vendor.answers("PATCH", ATTEMPT, {"status": status})

    assert getattr(provider, call)("exam-77", "attempt-99") == {"status": status}

    [asked] = rest_vendor.requests
    assert sent(asked) == ("PATCH", ATTEMPT, {"status": status})
    assert asked.headers["Idempotency-Key"] == f"attempt-99:{status}"


def test_a_lost_patch_is_sent_again(rest_vendor: RestVendor, provider: BaseRestProctoringProvider) -> None:
    rest_vendor.answers("PATCH", ATTEMPT, body=requests.ConnectionError())
    rest_vendor.answers("PATCH", ATTEMPT, {"status": "submitted"})

    assert provider.stop_exam_attempt("exam-77", "attempt-99") == {"status": "submitted"}


def test_an_attempt_the_vendor_never_knew_costs_no_call(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    assert provider.start_exam_attempt("exam-77", "") == {}
    assert provider.stop_exam_attempt("exam-77", "") == {}
    assert provider.mark_erroneous_exam_attempt("exam-77", "") == {}
    assert provider.remove_exam_attempt("exam-77", "") is True
    assert provider.get_attempt(contract.ATTEMPT | {"external_id": None}) == {}
    assert rest_vendor.requests == []
    assert rest_vendor.token_requests == []


@pytest.mark.parametrize(
    ("answer", "removed"),
    [
        ({"json": {"status": "deleted"}}, True),
        ({"json": {"status": "deleted"}, "status": 202}, True),
        ({"json": {"detail": "unknown"}, "status": 404}, True),
        ({"body": "<html>", "status": 404}, True),
        ({"json": {"status": "started"}}, False),
        ({"json": {"status": ["deleted"]}}, False),
        *(({"body": body}, False) for body in NOT_JSON_OBJECTS),
    ],
)
def test_an_attempt_is_removed_when_the_vendor_says_so_or_does_not_know_it(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, answer: dict[str, Any], removed: bool
) -> None:
    rest_vendor.wire.add("DELETE", ATTEMPT, **answer)

    assert provider.remove_exam_attempt("exam-77", "attempt-99") is removed
    assert sent(rest_vendor.requests[0]) == ("DELETE", ATTEMPT, None)


def test_an_attempts_steps_and_download_are_the_vendors(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    rest_vendor.answers("GET", ATTEMPT, payload("rest/attempt.json"))

    assert provider.get_attempt(contract.ATTEMPT) == payload("rest/attempt.json")
    assert sent(rest_vendor.requests[0]) == ("GET", ATTEMPT, None)


@pytest.mark.parametrize(
    ("said", "steps"),
    [({}, []), ({"instructions": None}, []), ({"instructions": "x"}, []), ({"instructions": ["a", 1, None]}, ["a"])],
)
def test_steps_are_texts(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, said: dict[str, Any], steps: list[str]
) -> None:
    rest_vendor.answers("GET", ATTEMPT, said)

    assert provider.get_attempt(contract.ATTEMPT)["instructions"] == steps


def test_a_plugins_own_steps_come_first(rest_vendor: RestVendor) -> None:
    class WithSteps(BaseRestProctoringProvider):
        base_url = BASE
        proctoring_instructions = ["Our own step"]  # type: ignore[assignment]

    rest_vendor.answers("GET", ATTEMPT, payload("rest/attempt.json"))

    assert WithSteps().get_attempt(contract.ATTEMPT)["instructions"] == ["Our own step"]


def test_the_configuration_is_handed_on_as_it_is(rest_vendor: RestVendor, provider: BaseRestProctoringProvider) -> None:
    rest_vendor.answers("GET", CONFIG, payload("rest/config.json"))

    assert provider.get_proctoring_config() == payload("rest/config.json")
    assert provider.get_software_download_url() == "https://proctor-x.example/download"


def test_there_may_be_nothing_to_download(rest_vendor: RestVendor, provider: BaseRestProctoringProvider) -> None:
    rest_vendor.answers("GET", CONFIG, {})

    assert provider.get_software_download_url() is None


@pytest.mark.parametrize(
    ("active", "header"), [("en", "en"), ("es", "es,en;q=0.8"), ("pt-br", "pt-br,en;q=0.8"), (None, "en")]
)
def test_texts_are_asked_for_in_the_learners_language(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, active: str | None, header: str
) -> None:
    rest_vendor.answers("GET", CONFIG, {})
    rest_vendor.answers("GET", ATTEMPT, {})

    with translation.override(active):
        provider.get_proctoring_config()
        provider.get_attempt(contract.ATTEMPT)

    assert [asked.headers["Accept-Language"] for asked in rest_vendor.requests] == [header] * 2


@pytest.mark.parametrize("answer", [True, False])
def test_a_learner_is_retired_or_not(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, answer: bool
) -> None:
    rest_vendor.answers("DELETE", USER, answer)

    assert provider.retire_user(LEARNER) is answer
    assert sent(rest_vendor.requests[0]) == ("DELETE", USER, None)


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {"deleted": True}},
        {"json": "true"},
        {"json": 1},
        *({"body": body} for body in NOT_JSON_OBJECTS),
        {"json": True, "status": 302},
        {"json": True, "status": 404},
        {"json": True, "status": 500},
    ],
)
def test_any_other_answer_to_a_retirement_is_a_failure(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, answer: dict[str, Any]
) -> None:
    rest_vendor.wire.add("DELETE", USER, **answer)

    with pytest.raises(BackendProviderCannotRetireUser) as caught:
        provider.retire_user(LEARNER)
    assert caught.value.response_status == 502


@pytest.mark.parametrize(
    ("filters", "query"),
    [
        ({}, ""),
        ({"user_id": LEARNER}, f"?user_id={LEARNER}"),
        ({"user_id": None, "status": ""}, "?status="),
        ({"status": "rejected,expired", "page": 2}, "?status=rejected%2Cexpired&page=2"),
        ({"status": "a&b=c"}, "?status=a%26b%3Dc"),
    ],
)
def test_onboarding_profiles_are_those_of_the_filter(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, filters: dict[str, Any], query: str
) -> None:
    rest_vendor.answers("GET", PROFILES, payload("rest/onboarding_course.json"))

    assert provider.get_onboarding_profile_info(COURSE_ID, **filters) == payload("rest/onboarding_course.json")
    assert rest_vendor.requests[0].url == PROFILES + query


def test_one_learners_onboarding_profile(rest_vendor: RestVendor, provider: BaseRestProctoringProvider) -> None:
    rest_vendor.answers("GET", PROFILES, payload("rest/onboarding_learner.json"))

    found = provider.get_onboarding_profile_info(COURSE_ID, user_id=LEARNER)

    assert found == payload("rest/onboarding_learner.json")


@pytest.mark.parametrize(
    "answer",
    [
        *({"json": {"results": []}, "status": status} for status in (201, 302, 400, 404, 500)),
        {"body": "", "status": 204},
        *({"body": body} for body in NOT_JSON_OBJECTS),
        {"json": {}},
    ],
)
def test_profiles_that_cannot_be_had_are_a_failure(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, answer: dict[str, Any]
) -> None:
    rest_vendor.wire.add("GET", PROFILES, **answer)

    with pytest.raises(BackendProviderOnboardingProfilesException):
        provider.get_onboarding_profile_info(COURSE_ID)


def test_a_review_is_taken_as_it_is(provider: BaseRestProctoringProvider) -> None:
    said = {"status": ReviewStatus.passed}

    assert provider.on_review_callback(contract.ATTEMPT, said) is said


# What any call can meet


ANSWERED_WITH_AN_OBJECT = {
    "saved": ("POST", EXAM, lambda provider: provider.on_exam_saved(contract.EXAM)),
    "exam": ("GET", EXAM, lambda provider: provider.get_exam(contract.EXAM)),
    "config": ("GET", CONFIG, lambda provider: provider.get_proctoring_config()),
    "started": ("PATCH", ATTEMPT, lambda provider: provider.start_exam_attempt("exam-77", "attempt-99")),
    "attempt": ("GET", ATTEMPT, lambda provider: provider.get_attempt(contract.ATTEMPT)),
    "removed": ("DELETE", ATTEMPT, lambda provider: provider.remove_exam_attempt("exam-77", "attempt-99")),
}
OTHERS = {
    "retired": ("DELETE", USER, lambda provider: provider.retire_user(LEARNER)),
    "profiles": ("GET", PROFILES, lambda provider: provider.get_onboarding_profile_info(COURSE_ID)),
}
CALLS = pytest.mark.parametrize(
    ("method", "url", "call"), ANSWERED_WITH_AN_OBJECT.values(), ids=ANSWERED_WITH_AN_OBJECT.keys()
)
EVERY_CALL = pytest.mark.parametrize(
    ("method", "url", "call"),
    [*ANSWERED_WITH_AN_OBJECT.values(), *OTHERS.values()],
    ids=[*ANSWERED_WITH_AN_OBJECT, *OTHERS],
)


@CALLS
@pytest.mark.parametrize("status", [302, 400, 403, 409, 500])
def test_an_error_is_a_refusal_whatever_its_body_says(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, method: str, url: str, call: Any, status: int
) -> None:
    rest_vendor.answers(method, url, {"id": "exam-77", "status": "deleted", "detail": "Ada Lovelace"}, status=status)

    with pytest.raises(VendorCallRefused) as caught:
        call(provider)
    assert caught.value.http_status == status
    assert "Ada" not in str(caught.value)


@CALLS
@pytest.mark.parametrize("body", NOT_JSON_OBJECTS)
def test_an_answer_that_cannot_be_read_is_an_empty_one(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider, method: str, url: str, call: Any, body: str
) -> None:
    rest_vendor.answers(method, url, body=body)

    assert not call(provider) or call(provider) == {"instructions": []}


@EVERY_CALL
@pytest.mark.parametrize(
    ("lost", "error"), [(requests.ReadTimeout(), VendorTimeout), (requests.exceptions.SSLError(), VendorUnreachable)]
)
def test_a_lost_connection_is_the_vendor_not_there(
    rest_vendor: RestVendor,
    method: str,
    url: str,
    call: Any,
    lost: Exception,
    error: type[Exception],
) -> None:
    rest_vendor.answers(method, url, body=lost)

    with pytest.raises(error):
        call(make_provider())


@EVERY_CALL
@pytest.mark.parametrize(
    ("option", "timeout"), [({}, (30.0, 30.0)), ({"timeout": 7}, (7.0, 7.0)), ({"timeout": [3, 20.5]}, (3.0, 20.5))]
)
def test_every_call_has_a_timeout(
    rest_vendor: RestVendor, method: str, url: str, call: Any, option: dict[str, Any], timeout: tuple[float, float]
) -> None:
    rest_vendor.answers(method, url, True if url == USER else {"id": "x"})

    call(make_provider(**option))

    assert rest_vendor.requests[0].req_kwargs["timeout"] == timeout


def test_an_exam_is_not_created_twice_by_one_call(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    rest_vendor.answers("POST", EXAMS, body=requests.ConnectionError())

    with pytest.raises(VendorUnreachable):
        provider.on_exam_saved(contract.EXAM | {"external_id": None})
    assert len(rest_vendor.requests) == 1


def test_a_vendor_that_keeps_failing_is_left_alone(
    rest_vendor: RestVendor, provider: BaseRestProctoringProvider
) -> None:
    rest_vendor.answers("GET", CONFIG, status=500)
    for _ in range(5):
        with pytest.raises(VendorCallRefused):
            provider.get_proctoring_config()

    with pytest.raises(CircuitOpen):
        provider.get_proctoring_config()


def test_ids_cannot_change_the_address(rest_vendor: RestVendor, provider: BaseRestProctoringProvider) -> None:
    rest_vendor.answers("DELETE", f"{EXAMS}a%2Fb/attempt/c%3Fd%23e/", {"status": "deleted"})

    assert provider.remove_exam_attempt("a/b", "c?d#e") is True
