"""The vendor's results over HTTP: what is refused, in which order, and that nothing is said back."""

import json
from email.utils import format_datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proctoring.common.inbox import InboxState
from tests.verify_student.factories import VerificationFactory
from verify_student.backends.software_secure.signature import signature
from verify_student.models import InboxDelivery, OutboxMessage

pytestmark = pytest.mark.django_db

URL = reverse("verify_student_results_callback")
KEY = "SSI ACCESSKEY:signature"
SECRET = "<script>secret</script>"


@pytest.fixture
def verification():
    return VerificationFactory(status="submitted", provider="software_secure")


def result_of(verification, result="PASS", **more):
    return {"EdX-ID": verification.receipt_id, "Result": result, "Reason": "", "MessageType": "", **more}


def post(content, authorization=KEY, **headers):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    sent = {"Authorization": authorization, **headers} if authorization is not None else headers
    client = Client(enforce_csrf_checks=True)
    return client.post(URL, body, content_type="application/json", headers=sent)


def answer_of(response):
    return response.status_code, response.content.decode()


@pytest.mark.parametrize(
    ("result", "status"), [("PASS", "approved"), ("FAIL", "denied"), ("SYSTEM FAIL", "must_retry")]
)
def test_a_result_is_applied(verification, result, status):
    response = post(result_of(verification, result))
    assert (*answer_of(response), response["Content-Type"]) == (200, "OK!", "text/plain; charset=utf-8")
    verification.refresh_from_db()
    assert verification.status == status
    assert InboxDelivery.objects.get().state == InboxState.APPLIED


@pytest.mark.parametrize("scheme", ["SSI", "SIS", "anything"])
def test_the_scheme_does_not_matter(verification, scheme):
    assert post(result_of(verification), f"{scheme} ACCESSKEY:0000").status_code == 200


def test_a_result_again_changes_nothing(verification):
    assert [post(result_of(verification)).status_code for _ in range(3)] == [200, 200, 200]
    assert InboxDelivery.objects.get().deliveries == 3
    assert OutboxMessage.objects.filter(kind="mail.approved").count() == 1


@pytest.mark.parametrize(
    ("body", "authorization", "answer"),
    [
        (SECRET.encode(), None, (400, "Invalid JSON.")),
        (b"\xff\xfe", None, (400, "Invalid JSON.")),
        (b"", KEY, (400, "Invalid JSON.")),
        (b"[" * 50_000, KEY, (400, "Invalid JSON.")),
        (json.dumps([SECRET]).encode(), None, (400, "JSON should be dict.")),
        (b"{}", None, (400, "Authorization is missing or malformed")),
        (b"{}", "", (400, "Authorization is missing or malformed")),
        (b"{}", "ACCESSKEY:x", (400, "Authorization is missing or malformed")),
        (b"{}", "SSI ACCESSKEY:x more", (400, "Authorization is missing or malformed")),
        (b"{}", f"SSI {SECRET}:x", (400, "Access key invalid")),
        (b"{}", "SSI :x", (400, "Access key invalid")),
        (
            json.dumps({"EdX-ID": SECRET, "Result": SECRET}).encode(),
            KEY,
            (400, "Result not understood. Known results: PASS, FAIL, SYSTEM FAIL"),
        ),
        (json.dumps({"EdX-ID": SECRET, "Result": "PASS"}).encode(), KEY, (400, "edX ID not found")),
        (json.dumps({"EdX-ID": "a\0b", "Result": "PASS"}).encode(), KEY, (400, "edX ID not found")),
    ],
)
def test_weakness_w22_w23_refusals_come_in_order_and_say_nothing_back(body, authorization, answer):
    response = post(body, authorization)
    assert answer_of(response) == answer
    assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("document", [{}, {"Result": "PASS"}, {"EdX-ID": 3, "Result": "PASS"}])
def test_documents_that_lack_something(document):
    assert post(document).status_code == 400


def test_weakness_w24_nothing_of_a_message_is_logged(verification, caplog):
    caplog.set_level("DEBUG")
    post(result_of(verification, "FAIL", Reason=SECRET), f"SSI {SECRET}:x")
    post(result_of(verification, "FAIL", Reason=SECRET))
    post(SECRET.encode())
    assert SECRET not in caplog.text
    assert verification.receipt_id not in caplog.text


def test_weakness_w21_a_signature_that_is_wrong(verification, settings):
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"ALLOW_UNSIGNED_RESULTS": False}
    assert answer_of(post(result_of(verification))) == (403, "The signature of this message is not valid.")
    verification.refresh_from_db()
    assert (verification.status, InboxDelivery.objects.count()) == ("submitted", 0)


def test_a_signature_that_is_right(verification, settings):
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"ALLOW_UNSIGNED_RESULTS": False}
    headers = {"Content-Type": "application/json", "Date": format_datetime(timezone.now(), usegmt=True)}
    signed = signature("SECRETKEY", headers, result_of(verification))
    assert post(result_of(verification), f"SSI ACCESSKEY:{signed}", Date=headers["Date"]).status_code == 200


def test_a_verification_of_another_provider():
    assert answer_of(post(result_of(VerificationFactory(status="submitted", provider="local")))) == (
        400,
        "edX ID not found",
    )


def test_weakness_w17_two_verifications_of_one_receipt(verification):
    VerificationFactory(status="submitted", receipt_id=verification.receipt_id)
    assert post(result_of(verification)).status_code == 400


def test_weakness_w11_a_result_that_overtakes_its_request():
    verification = VerificationFactory(status="ready", provider="software_secure")
    assert post(result_of(verification)).status_code == 200


def test_a_verification_that_was_never_handed_in():
    assert post(result_of(VerificationFactory(provider="software_secure"))).status_code == 400


def test_a_site_without_a_vendor(verification, settings):
    settings.VERIFY_STUDENT = {}
    assert answer_of(post(result_of(verification), "SSI :x")) == (400, "Access key invalid")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large(chunked, settings):
    if chunked:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50_000
    body = b"x" * (60_000 if chunked else 100_001)
    assert answer_of(post(body)) == (413, "The body is too large.")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head"])
def test_other_methods(method):
    assert getattr(Client(), method)(URL).status_code == 405


def test_a_length_that_only_looks_like_a_number(verification):
    response = Client().post(URL, result_of(verification), content_type="application/json", CONTENT_LENGTH="²")
    assert answer_of(response) == (400, "Malformed request.")
