"""A vendor's results, from the bytes to their effect."""

import contextlib
import json
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from proctoring.common.errors import DomainError
from proctoring.common.inbox import InboxState
from proctoring.common.signing import SignatureError
from tests.verify_student.factories import VerificationFactory
from verify_student.backends.software_secure.signature import signature
from verify_student.backends.types import Message
from verify_student.exceptions import MalformedResult, VerificationException, VerificationNotFound
from verify_student.models import InboxDelivery, OutboxMessage
from verify_student.services import inbox, submission, verifications
from verify_student.statuses import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vendor(settings):
    settings.VERIFY_STUDENT = {
        "SOFTWARE_SECURE": {"API_URL": "https://vendor.test", "API_ACCESS_KEY": "access", "API_SECRET_KEY": "secret"}
    }
    return settings


@pytest.fixture
def verification():
    return VerificationFactory(status="submitted", provider="software_secure")


def document(verification, result="PASS", **more):
    return {"EdX-ID": verification.receipt_id, "Result": result, "Reason": "", "MessageType": "", **more}


def send(content, authorization="SSI access:signature", **headers):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return inbox.receive(Message({"Authorization": authorization, **headers}, body), "software_secure")


class TestOutcomes:
    def test_pass(self, verification):
        send(document(verification))
        verification.refresh_from_db()
        assert (verification.status, verification.reviewing_service) == ("approved", "software_secure")

    def test_fail(self, verification):
        reasons = [{"photoIdReasons": ["Not provided"]}]
        send(document(verification, "FAIL", Reason=reasons, MessageType="Not clear"))
        verification.refresh_from_db()
        assert (verification.status, json.loads(verification.error_msg)) == ("denied", reasons)
        assert verification.error_code == "Not clear"

    def test_system_fail(self, verification):
        send(document(verification, "SYSTEM FAIL", Reason="broken"))
        verification.refresh_from_db()
        assert verification.status == "must_retry"

    @pytest.mark.parametrize("status", ["ready", "must_retry", "submitted", "approved", "denied"])
    def test_weakness_w11_whatever_we_have_recorded(self, status):
        verification = VerificationFactory(status=status)
        send(document(verification))
        verification.refresh_from_db()
        assert verification.status == "approved"

    def test_photos_were_never_handed_in(self):
        with pytest.raises(VerificationException):
            send(document(VerificationFactory(status="created")))
        assert InboxDelivery.objects.get().state == InboxState.REFUSED

    def test_weakness_w25_ten_times_is_once(self, verification):
        for _ in range(10):
            send(document(verification))
        assert OutboxMessage.objects.filter(kind="mail.approved").count() == 1
        assert InboxDelivery.objects.get().deliveries == 10

    def test_a_failure_again_after_asking_again_is_news(self, verification):
        for _ in range(2):
            send(document(verification, "SYSTEM FAIL", Reason="broken"))
            verification.refresh_from_db()
            assert verification.status == "must_retry"
            submission.resubmit(verification.pk)
            verifications.submitted(verification.pk)
        send(document(verification, "SYSTEM FAIL", Reason="broken"))
        verification.refresh_from_db()
        assert (verification.status, InboxDelivery.objects.count()) == ("must_retry", 1)

    def test_the_last_word_counts(self, verification):
        for result, status in [("PASS", "approved"), ("FAIL", "denied"), ("PASS", "approved"), ("FAIL", "denied")]:
            send(document(verification, result))
            verification.refresh_from_db()
            assert verification.status == status


class TestRefusals:
    @pytest.mark.parametrize("body", [b"", b"no json", b"\xff\xfe", b"[]", b'"text"', b"null", b"[" * 100_000])
    def test_weakness_w23_what_cannot_be_read_is_kept_and_not_echoed(self, body):
        with pytest.raises(MalformedResult) as refused:
            send(body)
        assert body.decode("latin-1")[:20] not in str(refused.value) or not body
        assert InboxDelivery.objects.get().state == InboxState.REFUSED

    @pytest.mark.parametrize("result", ["UNKNOWN ERROR", None, "", 1, [], {}])
    def test_unknown_results(self, verification, result):
        with pytest.raises(MalformedResult, match="Known results: PASS, FAIL, SYSTEM FAIL"):
            send(document(verification, result))

    @pytest.mark.parametrize("receipt", ["nobody", "x" * 255, "no\x00body", "\n"])
    def test_unknown_receipts(self, verification, receipt):
        with pytest.raises(VerificationNotFound):
            send(document(verification) | {"EdX-ID": receipt})

    @pytest.mark.parametrize("receipt", [None, 7, [], {}, "x" * 300, "\ud800"])
    def test_receipts_that_are_none(self, verification, receipt):
        with pytest.raises(MalformedResult):
            send(document(verification) | {"EdX-ID": receipt})

    @pytest.mark.parametrize(
        "change",
        [
            {"MessageType": {"a": 1}},
            {"MessageType": ["a"]},
            {"MessageType": "\ud800"},
            {"Reason": "x" * 20_000},
            {"Reason": ["\x00"]},
            {"Reason": ["\ud800"]},
        ],
    )
    def test_fields_that_are_none(self, verification, change):
        with pytest.raises(MalformedResult):
            send(document(verification, "FAIL", **change))

    @pytest.mark.parametrize("key", ["Reason", "Result", "EdX-ID", "MessageType"])
    def test_nesting_without_end(self, verification, key):
        content = json.dumps(document(verification) | {key: "nested"}).replace('"nested"', "[" * 900 + "]" * 900)
        with contextlib.suppress(DomainError):
            send(content.encode())
        assert InboxDelivery.objects.get().state in {InboxState.REFUSED, InboxState.APPLIED}

    @pytest.mark.parametrize("nothing", [None, "", 0])
    def test_no_type_of_message(self, verification, nothing):
        send(document(verification, "FAIL", MessageType=nothing))
        verification.refresh_from_db()
        assert (verification.status, verification.error_code) == ("denied", "")

    def test_another_providers_verification(self):
        with pytest.raises(VerificationNotFound):
            send(document(VerificationFactory(status="submitted", provider="local")))


class TestTrust:
    @pytest.mark.parametrize(
        "header", ["", "SSI", "SSI  access:x", "SSI access:x more", "SSI other:x", "SSI :x", "SSI äccess:x"]
    )
    def test_weakness_w22_nothing_is_kept_of_a_stranger(self, verification, header):
        with pytest.raises(SignatureError):
            send(document(verification), header)
        assert not InboxDelivery.objects.exists()

    def test_no_header_at_all(self, verification):
        with pytest.raises(SignatureError):
            inbox.receive(Message({}, b"{}"), "software_secure")

    @pytest.fixture
    def signed(self, vendor, verification):
        vendor.VERIFY_STUDENT = vendor.VERIFY_STUDENT | {"ALLOW_UNSIGNED_RESULTS": False}

        def send_signed(content, secret="secret", age=timedelta(), headers=("Date",)):
            date = {"Date": format_datetime(timezone.now() - age, usegmt=False)}
            typed = date | ({"Content-Type": "application/json"} if "Content-Type" in headers else {})
            return send(content, f"SSI access:{signature(secret, typed, content)}", **typed)

        return send_signed

    @pytest.mark.parametrize("headers", [("Date",), ("Date", "Content-Type")])
    def test_weakness_w21_signed(self, signed, verification, headers):
        signed(document(verification), headers=headers)
        verification.refresh_from_db()
        assert verification.status == "approved"

    def test_weakness_w21_forged(self, signed, verification):
        with pytest.raises(SignatureError):
            signed(document(verification), secret="guessed")

    def test_weakness_w21_old(self, signed, verification):
        with pytest.raises(SignatureError):
            signed(document(verification), age=timedelta(minutes=6))

    @pytest.mark.parametrize("odd", ["\ud800", [[]] * 3])
    def test_what_cannot_be_signed_is_refused(self, signed, verification, odd):
        with pytest.raises(DomainError):
            send(document(verification, Reason=odd), Date=format_datetime(timezone.now()))

    def test_weakness_w21_unsigned(self, signed, verification):
        with pytest.raises(SignatureError):
            send(document(verification))
        with pytest.raises(SignatureError):
            send(document(verification), Date="no date")


class TestReplay:
    def test_what_failed_on_our_side_is_applied_later(self, verification, vendor):
        delivery = send(document(verification))
        InboxDelivery.objects.update(state=InboxState.FAILED, due_at=timezone.now() - timedelta(minutes=1))
        type(verification).objects.update(status="submitted")
        assert inbox.apply_due() == 1
        verification.refresh_from_db()
        assert verification.status == "approved"
        delivery.refresh_from_db()
        assert (delivery.state, delivery.subject) == (InboxState.APPLIED, verification.receipt_id)

    def test_what_was_applied_is_not_replayed_into_a_later_decision(self, verification):
        delivery = send(document(verification))
        verifications.deny(verification.pk, "[]", actor=Actor.STAFF)
        inbox.replay(delivery.pk)
        verification.refresh_from_db()
        assert verification.status == "denied"

    def test_one_that_is_refused_again_stops_nobody(self, verification):
        for receipt in ("nobody", "no one"):
            with pytest.raises(DomainError):
                send(document(verification) | {"EdX-ID": receipt})
        assert set(InboxDelivery.objects.values_list("subject", flat=True)) == {"nobody", "no one"}
        InboxDelivery.objects.update(state=InboxState.FAILED, due_at=timezone.now() - timedelta(minutes=1))
        assert inbox.apply_due() == 2
