"""The simulator as the legacy vendor: registrations signed by the LMS, reviews signed by the vendor."""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from demo.simulator import settings as simulator_settings
from demo.simulator import ssi
from demo.simulator.faults import HEADER
from proctoring.backends.software_secure import registration, signature
from proctoring.common.signing import Secret, SignatureError, StandardWebhooks
from tests.demo.simulating import FakeLms, Simulator, Taking

PATH = "/rpnow/exams/"
KEY_ID, SECRET_KEY = simulator_settings.RPNOW_KEY
Register = Callable[..., requests.Response]
Enter = Callable[..., Taking]


def document(lms_url: str, code: str, name: str, **values: Any) -> dict[str, Any]:
    """A registration as the LMS's plugin writes it."""
    customer = registration.Customer(
        "demo", "Demo", simulator_settings.RPNOW_CRYPTO_KEY, send_email=True, signs_launches=False
    )
    context = {
        "attempt_code": code,
        "time_limit_mins": 45,
        "is_sample_attempt": False,
        "full_name": "Ada King Lovelace",
        "email": f"{name}@demo.invalid",
        "lms_host": lms_url,
    }
    exam = {"id": 42, "exam_name": "Éssay: part 1", "course_id": "course-v1:Demo+EXAMS+2026"}
    return registration.document(customer, exam, context, datetime.now(UTC)) | values


def signed(body: Mapping[str, Any], moment: datetime | None = None) -> dict[str, str]:
    """The headers of a registration."""
    date = registration.http_date(moment or datetime.now(UTC))
    return {
        "Content-Type": "application/json",
        "Date": date,
        "Authorization": signature.authorization(KEY_ID, SECRET_KEY, date, body),
    }


@pytest.fixture
def code() -> str:
    return str(uuid.uuid4()).upper()


@pytest.fixture
def register(simulator: Simulator, fake_lms: FakeLms, code: str, name: str) -> Register:
    """Register the attempt; ``headers`` over the right ones, ``values`` over the right document."""

    def send(headers: Mapping[str, str] | None = None, **values: Any) -> requests.Response:
        body = document(fake_lms.url, code, name, **values)
        return simulator.send("POST", PATH, data=json.dumps(body), headers={**signed(body), **(headers or {})})

    return send


@pytest.fixture
def enter(simulator: Simulator, fake_lms: FakeLms, code: str, name: str, register: Register) -> Enter:
    """A registered attempt of a learner with this plan; what its LMS heard is found by the code."""

    def begin(**plan: Any) -> Taking:
        simulator.plan(name, **{"ready_delay": 0, **plan})
        register().raise_for_status()
        (shown,) = simulator.attempts(name)
        return Taking(simulator, fake_lms, name, shown["exam"], shown["id"])

    return begin


def review(taking: Taking, **form: str) -> requests.Response:
    """Send a review from the attempt's page."""
    return taking.simulator.submit(f"/attempts/{taking.id}/", f"/attempts/{taking.id}/review/", **form)


# The contract's vectors


def test_the_canonical_body_is_that_of_the_contract() -> None:
    body = {
        "z": 0,
        "a": None,
        "b": "",
        "c": False,
        "d": [1, {"k": "v", "n": {"m": 1}}],
        "e": {"f": {"g": "deep", "h": {"i": 1}}},
        "l": [],
    }
    lines = "a:null\nb:\nc:false\nd.0:1\nd.1.k:v\nn.m:1\nf.g:deep\nh.i:1\nz:null\n"
    assert "".join(ssi.canonical(body)) == lines


def test_the_password_is_decrypted_as_in_the_contract() -> None:
    code = "7B1D3C52-0E4F-4A6B-9C2D-55AA10F0BEEF"
    password = "9GEwJEKlAHDlkVWRq6faz8P/6skPePdpI6tTYbNg+QWTKS3LYus81w=="
    ssi.check_password({"examCode": code, "examPassword": password}, "0123456789abcdefghijklmn")


# Registering


def test_a_registration_is_answered_with_a_locator(register: Register, simulator: Simulator, name: str) -> None:
    answer = register()
    (attempt,) = simulator.attempts(name)
    assert answer.json() == {"ssiRecordLocator": attempt["id"]}
    assert attempt["protocol"] == "software_secure"


def test_the_same_code_is_the_same_record(register: Register, simulator: Simulator, name: str) -> None:
    assert register().json() == register().json()
    assert len(simulator.attempts(name)) == 1


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Authorization": ""}, "SSI is needed"),
        ({"Authorization": "JWT nonsense"}, "SSI is needed"),
        ({"Authorization": f"SSI {KEY_ID}:bm9uc2Vuc2U="}, "not that of this key"),
        ({"Authorization": "SSI nobody:é".encode("latin-1")}, "not that of this key"),
        ({"Content-Type": "text/plain"}, "not that of this key"),
        ({"Date": "Tue, 04 Mar 2025 09:00:00 GMT"}, "not that of this key"),
    ],
)
def test_a_registration_that_is_not_signed_is_refused(register: Register, headers: dict[str, str], words: str) -> None:
    answer = register(headers)
    assert answer.status_code == 401
    assert words in answer.json()["detail"]


def test_another_body_than_the_signed_one_is_refused(
    simulator: Simulator, fake_lms: FakeLms, code: str, name: str
) -> None:
    body = document(fake_lms.url, code, name)
    answer = simulator.send("POST", PATH, data=json.dumps(body | {"duration": 600}), headers=signed(body))
    assert answer.status_code == 401


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_registration_is_refused(
    simulator: Simulator, fake_lms: FakeLms, code: str, name: str, minutes: int
) -> None:
    body = document(fake_lms.url, code, name)
    headers = signed(body, datetime.now(UTC) + timedelta(minutes=minutes))
    answer = simulator.send("POST", PATH, data=json.dumps(body), headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (401, "Date is not now")


def test_a_date_that_is_none_is_refused(simulator: Simulator, fake_lms: FakeLms, code: str, name: str) -> None:
    body = document(fake_lms.url, code, name)
    authorization = signature.authorization(KEY_ID, SECRET_KEY, "now", body)
    headers = {"Content-Type": "application/json", "Date": "now", "Authorization": authorization}
    answer = simulator.send("POST", PATH, data=json.dumps(body), headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (401, "Date is not a date of HTTP")


@pytest.mark.parametrize("password", ["", "nonsense", "bm9uc2Vuc2U=", "9GEwJEKlAHDlkVWRq6faz8P/6skPePdp"])
def test_a_password_that_does_not_hold_the_code_is_refused(register: Register, password: str) -> None:
    answer = register(examPassword=password)
    assert (answer.status_code, answer.json()["detail"]) == (400, "examPassword is not examCode")


def test_missing_fields_are_named(register: Register) -> None:
    answer = register(duration="45", orgExtra={"courseID": "course"})
    assert answer.status_code == 400
    assert "duration" in answer.json()["detail"]
    assert "orgExtra.examID" in answer.json()["detail"]


def test_an_answer_can_be_spoilt_here_too(register: Register) -> None:
    wrong = register({HEADER: "wrong-id"}).json()["ssiRecordLocator"]
    assert register().json()["ssiRecordLocator"] != wrong
    assert register({HEADER: "500"}).status_code == 500


# The learner


def test_the_code_leads_from_the_download_page_to_the_exam(enter: Enter, simulator: Simulator, code: str) -> None:
    taking = enter()
    assert simulator.page("/download/").form_with("code") is not None
    page = simulator.page(f"/download/?code={code}")
    assert taking.shown()["exam_url"] in page.links
    assert taking.shown()["exam_url"].endswith(f"/start_exam/{code}")


def test_an_unknown_code_leads_nowhere(simulator: Simulator) -> None:
    assert "No attempt has this code" in simulator.page("/download/?code=nonsense").text


# Reviews


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("passed", "Clean"),
        ("violation", "Rules Violation"),
        ("suspicious", "Suspicious"),
        ("not_reviewed", "Not Reviewed"),
    ],
)
def test_a_review_is_signed_and_has_the_contracts_fields(enter: Enter, code: str, status: str, said: str) -> None:
    taking = enter()
    review(taking, status=status)
    taking.settle(callbacks=1)
    (heard,) = taking.lms.told(code, "reviewed")
    body = json.loads(heard.body)
    assert body["reviewStatus"] == said
    assert (body["examMetaData"]["examCode"], body["examMetaData"]["ssiRecordLocator"]) == (code, taking.id)
    assert body["webCamComments"]
    assert set(body["webCamComments"][0]) == {"comments", "eventStart", "eventFinish", "duration", "eventStatus"}
    assert "DirectLink-Generic" in body["videoReviewLink"]
    assert taking.simulator.send("GET", body["videoReviewLink"].removeprefix(taking.simulator.url)).ok
    assert genuine(heard.headers.items(), heard.body)


def test_a_review_can_be_bare(enter: Enter, code: str) -> None:
    taking = enter()
    page = f"/attempts/{taking.id}/"
    (form,) = [form for form in taking.simulator.page(page).forms if form.action == f"{page}review/"]
    fields = [field for field in form.fields if field[0] not in {"comments", "recording"}]
    taking.simulator.send("POST", f"{page}review/", data=fields)
    taking.settle(callbacks=1)
    body = json.loads(taking.lms.told(code, "reviewed")[0].body)
    assert (body["webCamComments"], body["desktopComments"], "videoReviewLink" in body) == ([], [], False)


def test_the_plans_review_is_sent_on_demand(enter: Enter, code: str) -> None:
    taking = enter(status="violation")
    body = {"attempt": taking.id, "new": True}
    assert taking.simulator.send("POST", "/simulator/reviews", json=body).ok
    taking.settle(callbacks=1)
    assert json.loads(taking.lms.told(code, "reviewed")[0].body)["reviewStatus"] == "Rules Violation"


def test_a_doubled_review_is_one_delivery(enter: Enter, code: str) -> None:
    taking = enter(callback_fault="duplicate")
    review(taking, status="passed")
    taking.settle(callbacks=2)
    first, second = taking.lms.told(code, "reviewed")
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_a_forged_review_is_signed_by_somebody_else(enter: Enter, code: str) -> None:
    taking = enter(callback_fault="forged")
    review(taking, status="passed")
    taking.settle(callbacks=1)
    (heard,) = taking.lms.told(code, "reviewed")
    assert not genuine(heard.headers.items(), heard.body)


def test_a_review_of_a_wrong_id_names_another_locator(enter: Enter, code: str) -> None:
    taking = enter(callback_fault="wrong-id")
    review(taking, status="passed")
    taking.settle(callbacks=1)
    meta = json.loads(taking.lms.told(code, "reviewed")[0].body)["examMetaData"]
    assert meta["ssiRecordLocator"] != taking.id


def test_a_review_out_of_order_comes_before_the_exam_is_opened(enter: Enter, code: str) -> None:
    taking = enter(callback_fault="reordered", status="suspicious")
    taking.settle(callbacks=1)
    assert json.loads(taking.lms.told(code, "reviewed")[0].body)["reviewStatus"] == "Suspicious"


def genuine(headers: Any, body: bytes) -> bool:
    scheme = StandardWebhooks([Secret.from_standard("simulator", simulator_settings.CALLBACK_SECRET)])
    try:
        scheme.verify(dict(headers), body, datetime.now(UTC))
    except SignatureError:
        return False
    return True
