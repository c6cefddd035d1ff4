"""The legacy vendor's plugin, byte for byte where the contract has vectors (vendors_admin_screens.md §2)."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import crum
import pytest
import responses
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from pytest_django import Settings

from proctoring.backends import launch
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.software_secure import SoftwareSecureBackendProvider, registration, signature
from proctoring.common import crypto
from tests.proctoring.backends import contract
from tests.proctoring.backends.contract import COURSE_ID, INSTRUCTOR, PAYLOADS, RegistrationContract, VendorContract
from tests.proctoring.backends.contract import payload as captured
from tests.proctoring.backends.software_secure_vendor import ENDPOINT, OPTIONS, VIDEO_KEY, make_provider

CODE = "7B1D3C52-0E4F-4A6B-9C2D-55AA10F0BEEF"
NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
DATE = "Tue, 04 Mar 2025 09:00:00 GMT"
AUTHORIZATION = "SSI key-id-1:okbTV402yOVaGKmx6W+uLgb+m5VWVuPHHFfbN43q360="
LINK = "https://video.example.net/r/DirectLink-Generic?rec=abc123"
STORED_LINK = b"QEWTgenvOhBuk23SzFU1uhM6kW5dF7zUYX8O26degn45KDyrerSSEWCJaCBjjOTWueqt2Ei8cN49Pe8bqnUbyQ=="
EXAM = contract.EXAM | {"id": 42, "course_id": "course-v1:Acme+CS1+2025", "exam_name": "Final: Part 1"}
CONTEXT = contract.CONTEXT | {
    "attempt_code": CODE,
    "review_policy": "Closed Book",
    "review_policy_exception": "calculator allowed",
}


class TestSoftwareSecure(VendorContract):
    reviews = tuple(f"software_secure/review_{name}.json" for name in "clean suspicious violation not_reviewed".split())

    @pytest.fixture
    def provider(self, registering: responses.RequestsMock) -> ProctoringBackendProvider:
        return make_provider()


class TestRegistration(RegistrationContract):
    registration_url = ENDPOINT
    unreadable_id = {"ssiRecordLocator": "x" * 192}

    @pytest.fixture
    def provider(self, wire: responses.RequestsMock) -> ProctoringBackendProvider:
        return make_provider()


def register(wire: responses.RequestsMock, context: dict[str, Any] | None = None, **options: Any) -> Any:
    """What the vendor was asked."""
    with time_machine.travel(NOW, tick=False):
        make_provider(**options).register_exam_attempt(EXAM, CONTEXT | (context or {}))
    return wire.calls[-1].request


def told(wire: responses.RequestsMock, context: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    """What the vendor was told."""
    found: dict[str, Any] = json.loads(register(wire, context, **options).body)
    return found


# Vectors


def test_the_worked_registration_is_the_contracts_byte_for_byte(registering: responses.RequestsMock) -> None:
    asked = register(registering, send_email=True, allow_unsigned_callbacks=True)

    assert asked.url == ENDPOINT
    assert asked.body == json.dumps(captured("software_secure/registration.json"))
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Date"] == DATE
    assert asked.headers["Authorization"] == AUTHORIZATION


def test_what_is_signed_is_the_contracts_text() -> None:
    document = captured("software_secure/registration.json")

    text = (PAYLOADS / "software_secure/registration_signed.txt").read_bytes()

    assert signature.signed_content(DATE, document) == text
    assert signature.authorization("key-id-1", "not-a-real-secret", DATE, document) == AUTHORIZATION


def test_the_canonical_form_has_the_vendors_oddities() -> None:
    document = {
        "z": 0,
        "a": None,
        "b": "",
        "c": False,
        "d": [1, {"k": "v", "n": {"m": 1}}],
        "e": {"f": {"g": "deep", "h": {"i": 1}}},
        "l": [],
    }
    lines = ["a:null", "b:", "c:false", "d.0:1", "d.1.k:v", "n.m:1", "f.g:deep", "h.i:1", "z:null"]

    assert signature.canonical(document) == "".join(f"{line}\n" for line in lines).encode()


def test_the_canonical_form_is_utf_8_in_the_order_of_code_points() -> None:
    assert signature.canonical({"a": "é", "B": True, "ä": 1}) == "B:true\na:é\nä:1\n".encode()


def test_a_recording_is_shown_in_the_players_of_today() -> None:
    plugin = make_provider()

    found = plugin.get_instructor_url(COURSE_ID, INSTRUCTOR, encrypted_video_review_url=STORED_LINK)

    assert crypto.aes_cbc_encrypt(bytes.fromhex(VIDEO_KEY), LINK) == STORED_LINK
    assert found == LINK.replace("Generic", "HTML5")


# What the vendor is told


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Final: Part 1", "Final_ Part 1"),
        ("[]<>#:|!?/'\"*\\", "_" * 14),
        ("Épreuve générale", "Epreuve generale"),
        ("期末考试", "Proctored Exam"),
        ("", "Proctored Exam"),
    ],
)
def test_exams_have_plain_names(name: str, sent: str) -> None:
    assert registration.plain_name(name) == sent


@pytest.mark.parametrize(
    ("full_name", "first", "last"),
    [
        ("Ada King Lovelace", "Ada", "King Lovelace"),
        ("Ada", "Ada", ""),
        ("", "", ""),
        ("李 小龍", "李", "小龍"),
    ],
)
def test_people_have_two_names_in_their_own_letters(
    registering: responses.RequestsMock, full_name: str, first: str, last: str
) -> None:
    asked = register(registering, {"full_name": full_name})

    extra = json.loads(asked.body)["orgExtra"]
    assert (extra["firstName"], extra["lastName"]) == (first, last)
    assert asked.body.isascii()


def test_an_address_is_sent_only_where_the_site_wants_it(registering: responses.RequestsMock) -> None:
    assert "email" not in told(registering)["orgExtra"]
    assert told(registering, {"email": None}, send_email=True)["orgExtra"]["email"] is None


def test_rehearsals_are_not_reviewed(registering: responses.RequestsMock) -> None:
    assert told(registering, {"is_sample_attempt": True})["reviewedExam"] is False


@pytest.mark.parametrize(
    ("policy", "exception", "notes"),
    [
        (None, None, "Open Book"),
        (None, "may stand up", "Open Book; may stand up"),
        ("Pen only", None, "Pen only"),
        ("Pen only", "may stand up", "Pen only; may stand up"),
    ],
)
def test_reviewers_get_the_policy_and_what_the_learner_was_granted(
    settings: Settings, policy: str | None, exception: str | None, notes: str
) -> None:
    settings.PROCTORING_SETTINGS = {"DEFAULT_REVIEW_POLICY": "Open Book"}

    assert registration.reviewer_notes({"review_policy": policy, "review_policy_exception": exception}) == notes


def test_weakness_s7_the_exams_address_is_signed_unless_the_site_takes_what_is_not(
    registering: responses.RequestsMock,
) -> None:
    plain = told(registering, allow_unsigned_callbacks=True)["examUrl"]
    signed = told(registering)["examUrl"]

    address, _, token = signed.partition("?signature=")
    assert address == plain
    assert launch.is_signed(CODE, token)
    assert not launch.is_signed("ANOTHER-CODE", token)
    assert not launch.is_signed(CODE, "")
    assert not launch.is_signed(CODE, f"x:{token}")


def test_an_address_stays_valid_when_the_sites_secret_changes(settings: Settings) -> None:
    _, _, token = launch.signed_address("https://lms.example.org", CODE).partition("?signature=")
    old = settings.SECRET_KEY

    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[old]):
        assert launch.is_signed(CODE, token)
    with override_settings(SECRET_KEY="another" * 10):
        assert not launch.is_signed(CODE, token)


@pytest.mark.parametrize(("answer", "kept"), [("a81f3c0e77", "a81f3c0e77"), (77, "77"), ("x" * 191, "x" * 191)])
@pytest.mark.parametrize("status", [200, 201])
def test_the_vendors_locator_is_the_attempts_id(
    wire: responses.RequestsMock, answer: Any, kept: str, status: int
) -> None:
    wire.post(ENDPOINT, json={"ssiRecordLocator": answer}, status=status)

    assert make_provider().register_exam_attempt(EXAM, CONTEXT) == kept


def test_a_learner_waits_no_longer_than_ten_seconds(registering: responses.RequestsMock) -> None:
    assert register(registering).req_kwargs["timeout"] == (10.0, 10.0)
    with override_settings(PROCTORING_SETTINGS={"VENDOR_CALL_TIMEOUT": 4}):
        assert register(registering).req_kwargs["timeout"] == (4.0, 4.0)


# What costs no call


def test_the_vendor_is_asked_for_nothing_else(wire: responses.RequestsMock) -> None:
    plugin = make_provider()

    plugin.start_exam_attempt("exam-77", "attempt-99")
    plugin.stop_exam_attempt("exam-77", "attempt-99")
    plugin.mark_erroneous_exam_attempt("exam-77", "attempt-99")
    assert plugin.remove_exam_attempt("exam-77", "attempt-99") is True
    assert plugin.on_exam_saved(contract.EXAM) is None
    assert plugin.get_attempt(contract.ATTEMPT) == contract.ATTEMPT
    assert not wire.calls


def test_what_learners_are_shown() -> None:
    plugin = make_provider()

    assert plugin.get_proctoring_config() == {
        "download_url": "https://rpnow.example/download",
        "name": "RPNow",
        "rules": {},
        "instructions": [],
    }
    assert plugin.get_software_download_url() == "https://rpnow.example/download"
    assert (plugin.verbose_name, plugin.has_dashboard, plugin.supports_onboarding) == ("RPNow", False, False)
    assert plugin.passing_statuses == ("Clean", "Rules Violation")


# Recordings


@pytest.mark.parametrize(
    "stored",
    [None, b"", b"not base64!", STORED_LINK[:-8], crypto.aes_cbc_encrypt(bytes.fromhex(VIDEO_KEY), b"\xff\xfe")],
)
def test_a_recording_that_cannot_be_read_is_none(stored: bytes | None, caplog: pytest.LogCaptureFixture) -> None:
    assert make_provider().get_instructor_url(COURSE_ID, INSTRUCTOR, encrypted_video_review_url=stored) is None
    assert VIDEO_KEY not in caplog.text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", "http://[", "text"])
def test_a_recording_is_on_the_web(link: str) -> None:
    stored = crypto.aes_cbc_encrypt(bytes.fromhex(VIDEO_KEY), link)

    assert make_provider().get_instructor_url(COURSE_ID, INSTRUCTOR, encrypted_video_review_url=stored) is None


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_there_are_no_recordings(key: str | None) -> None:
    plugin = make_provider(video_review_aes_key=key)

    assert plugin.get_video_review_aes_key() is None
    assert plugin.get_instructor_url(COURSE_ID, INSTRUCTOR, encrypted_video_review_url=STORED_LINK) is None


# Options


@pytest.mark.parametrize("name", sorted(set(OPTIONS) - {"video_review_aes_key"}))
def test_a_missing_option_is_named(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        SoftwareSecureBackendProvider(**{key: value for key, value in OPTIONS.items() if key != name})


@pytest.mark.parametrize(
    "option",
    [
        {"crypto_key": "too short"},
        {"crypto_key": "samesamesamesamesamesame"[:8] * 3},
        {"secret_key": "schlüssel"},
        {"secret_key_id": "schlüssel"},
        {"video_review_aes_key": "not hexadecimal"},
        {"video_review_aes_key": "0011"},
        {"exam_register_endpoint": "rpnow.example"},
    ],
)
def test_an_option_that_would_fail_at_the_first_learner_fails_now(option: dict[str, str]) -> None:
    [(name, value)] = option.items()

    with pytest.raises(Exception, match=name.partition("_id")[0]) as caught:
        make_provider(**option)
    assert value not in str(caught.value) or name == "exam_register_endpoint"


@pytest.mark.parametrize("key", ["0123456789abcdef", b"0123456789abcdefghijklmn"])
def test_a_key_may_be_short_or_bytes(key: str | bytes) -> None:
    assert make_provider(crypto_key=key).crypto_key == key


# The wrong browser


@pytest.fixture(autouse=True)
def no_request() -> Iterator[None]:
    """No test leaves a request behind."""
    yield
    crum.set_current_request(None)


def in_browser(user_id: int | None, cookie: str | None, *, salt: str = "") -> None:
    """The present request: of that user, with a cookie of that content."""
    request = RequestFactory().get("/")
    request.user = type("User", (), {"pk": user_id})()
    if cookie is not None:
        response = HttpResponse()
        response.set_signed_cookie(launch.COOKIE, cookie, salt=salt)
        request.COOKIES[launch.COOKIE] = response.cookies[launch.COOKIE].value
    crum.set_current_request(request)


def valid_pass(user_id: int = 3, minutes: int = 5) -> str:
    return launch.pass_for(12, user_id, datetime.now(UTC) + timedelta(minutes=minutes))


def test_without_a_request_nobody_is_let_in() -> None:
    assert make_provider().should_block_access_to_exam_material() is True


def test_the_holder_of_a_pass_is_let_in() -> None:
    in_browser(3, valid_pass())

    assert make_provider().should_block_access_to_exam_material() is False
    assert make_provider().should_block_attempt(12) is False


def test_weakness_s7_the_pass_of_another_attempt_keeps_the_content_closed() -> None:
    in_browser(3, valid_pass())

    assert make_provider().should_block_attempt(13) is True


@pytest.mark.parametrize(
    "cookie",
    [None, "", CODE, "12.3", "12.3.x", "12.-3.99999999999", valid_pass(user_id=4), valid_pass(minutes=-1)],
    ids=["none", "empty", "of old releases", "short", "no number", "negative", "somebody else's", "ended"],
)
def test_weakness_s7_any_other_cookie_keeps_the_content_closed(cookie: str | None) -> None:
    in_browser(3, cookie)

    assert make_provider().should_block_access_to_exam_material() is True
    assert make_provider().should_block_attempt(12) is True


def test_a_forged_pass_and_a_stranger_stay_outside() -> None:
    in_browser(3, valid_pass(), salt="another")
    assert make_provider().should_block_access_to_exam_material() is True
    in_browser(None, None)
    assert make_provider().should_block_access_to_exam_material() is True


def test_nothing_of_a_registration_is_logged(
    registering: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    register(registering, {"full_name": "Grace Hopper"}, send_email=True)

    assert not any(secret in caplog.text for secret in ["Hopper", "ada@", CODE, "not-a-real-secret", "a81f3c0e77"])
