"""Special exams, from the beginning of an attempt to its learner's retirement, with everything around it failing."""

import json
import re
from datetime import UTC, datetime
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from proctoring.common.signing import Secret, StandardWebhooks
from proctoring.models import InboxDelivery, OutboxMessage, ProctoredExamSoftwareSecureReview, StaffAction
from proctoring.models import ProctoredExamStudentAttempt as Attempt
from tests.factories import ExamFactory
from tests.proctoring.backends.rest_vendor import BASE
from tests.proctoring.backends.software_secure_vendor import ENDPOINT
from tests.secrets import markers
from tests.secrets.conftest import ECHO, WEBHOOK_SECRET

pytestmark = pytest.mark.django_db(transaction=True)
ANYTHING = re.compile(rf"{re.escape(BASE)}/api/.*")
VENDOR_FAILS = {"body": ECHO, "status": 500}


class RefusingMail(BaseEmailBackend):
    """A mail server that says whom it refuses, and why."""

    def send_messages(self, messages):
        refused = {address: (550, ECHO.encode()) for message in messages for address in message.to}
        raise SMTPRecipientsRefused(refused)


def url(name, *args):
    return reverse(f"edx_proctoring:{name}", args=args)


def signed(body):
    scheme = StandardWebhooks([Secret.from_standard("test", WEBHOOK_SECRET)])
    return scheme.sign(body, datetime.now(UTC), f"msg-{len(body)}")


def says(everything, address, body, **headers):
    """What a vendor sends."""
    answer = APIClient(raise_request_exception=False).post(
        address, body, content_type="application/json", headers=headers
    )
    return everything.answered(answer)


def review(**more):
    comment = {"comment": markers.COMMENT, "status": "suspicious", "start": 1, "stop": 2, "duration": 1}
    return json.dumps({"status": "suspicious", "comments": [comment], "note": markers.PAYLOAD, **more}).encode()


@pytest.fixture
def exam(db, site):
    exam = ExamFactory(backend="rest")
    OutboxMessage.objects.all().delete()
    return exam


@pytest.fixture
def taken(browser, exam, wire):
    """An attempt that was handed in; the vendor takes what it is told."""
    for method in ("POST", "PATCH", "GET", "DELETE"):
        wire.add(method, ANYTHING, json={"id": "attempt-99", "status": "ok", "instructions": []})
    assert browser.post(url("pages.begin", exam.pk), {"proctored": "true"}).status_code == 302
    attempt = Attempt.objects.get()
    says(browser.everything, url("proctored_exam.attempt.ready_callback", "attempt-99"), b"{}", **signed(b"{}"))
    for verb in ("start", "submit"):
        assert browser.post(url("pages.act", attempt.pk, verb)).status_code == 302
    attempt.refresh_from_db()
    assert attempt.status == "submitted"
    return attempt


def test_an_attempt_and_its_review(everything, taken):
    address = url("proctored_exam.attempt.callback", "attempt-99")
    assert says(everything, address, review(), **signed(review())).status_code == 200
    assert ProctoredExamSoftwareSecureReview.objects.exists()
    assert everything.misplaced() == []


def test_reviews_that_cannot_be_right(everything, taken):
    address = url("proctored_exam.attempt.callback", "attempt-99")
    spoilt = [
        review()[:-5],
        f"{markers.PAYLOAD} \xff".encode("latin-1"),
        json.dumps([markers.PAYLOAD]).encode(),
        review(status=markers.PAYLOAD),
        review(comments=[{"comment": markers.COMMENT, "start": markers.PAYLOAD}]),
        review(comments=markers.COMMENT),
    ]
    for body in spoilt:
        assert says(everything, address, body, **signed(body)).status_code == 400, body
    forged = {**signed(b"other"), "webhook-signature": f"v1,{markers.SIGNATURE}"}
    assert says(everything, address, review(), **forged).status_code == 403
    assert says(everything, address, review(), Authorization=f"Bearer {markers.TOKEN}").status_code == 403
    assert InboxDelivery.objects.count() > len(spoilt) - 1
    assert everything.misplaced() == []


def test_a_vendor_that_fails_and_says_too_much(everything, browser, exam, wire):
    wire.add("POST", ANYTHING, **VENDOR_FAILS)
    wire.add("PATCH", ANYTHING, **VENDOR_FAILS)
    assert browser.post(url("pages.begin", exam.pk), {"proctored": "true"}).status_code >= 400
    body = json.dumps({"exam_id": exam.pk, "attempt_proctored": "true"})
    assert browser.json("POST", url("proctored_exam.attempt.collection"), body).status_code >= 400
    call_command("deliver_vendor_calls")
    assert everything.misplaced() == []


def test_the_legacy_vendor_fails_and_says_too_much(everything, browser, site, wire):
    exam = ExamFactory(backend="software_secure")
    wire.add("POST", ENDPOINT, **VENDOR_FAILS)
    assert browser.post(url("pages.begin", exam.pk), {"proctored": "true"}).status_code >= 400
    body = json.dumps({"examMetaData": {"examCode": markers.PAYLOAD}, "videoReviewLink": markers.VIDEO}).encode()
    assert says(everything, url("anonymous.proctoring_review_callback"), body, **signed(body)).status_code == 400
    launched = Client().get(
        url("anonymous.proctoring_launch_callback.start_exam", "X") + f"?signature={markers.SIGNATURE}"
    )
    assert everything.answered(launched).status_code == 404
    assert everything.misplaced() == []


def test_an_lms_and_a_mail_server_that_fail_and_say_too_much(everything, settings, site, taken):
    settings.EMAIL_BACKEND = f"{__name__}.RefusingMail"
    for service in (site.credit, site.tracker):
        service.fail_with = RuntimeError(ECHO)
    address, body = url("proctored_exam.attempt.callback", "attempt-99"), review(status="passed")
    assert says(everything, address, body, **signed(body)).status_code == 200
    call_command("deliver_vendor_calls")
    assert OutboxMessage.objects.exclude(error_code="").exists()
    assert everything.misplaced() == []


def test_staff_at_work(everything, superuser, taken):
    """An action in the admin, an allowance by a program that repeats itself, a search, a file."""
    act = reverse("admin:proctoring_proctoredexamstudentattempt_act", args=[taken.pk, "force-error"])
    answer = superuser.post(act, {"reason": markers.REASON, "seen": taken.status})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert StaffAction.objects.filter(reason=markers.REASON).exists()
    wish = {"exam_id": taken.proctored_exam_id, "user_info": markers.USERNAME, "key": "additional_time_granted"}
    for value in ("15", "15", markers.PAYLOAD):
        body = json.dumps(wish | {"value": value})
        superuser.json("PUT", url("proctored_exam.allowance"), body, headers={"Idempotency-Key": "one"})
    course = taken.proctored_exam.course_id
    superuser.get(url("pages.attempts", course), data={"q": markers.EMAIL})
    superuser.get(url("proctored_exam.attempts.grouped.search", course, markers.USERNAME))
    superuser.json("PUT", url("proctored_exam.allowance"), json.dumps(wish | {"user_info": markers.NAME, "value": "x"}))
    assert everything.misplaced() == []


def test_retirement_with_a_vendor_that_fails(everything, retiring, taken, wire):
    wire.add("DELETE", ANYTHING, **VENDOR_FAILS)
    address = url("proctored_exam.attempt.callback", "attempt-99")
    says(everything, address, review(), **signed(review()))
    for name in ("backend_user_deletion_api", "user_retirement_api"):
        retiring.post(url(name, taken.user_id))
    assert [found for found in everything.kept() if markers.COMMENT in found or markers.PAYLOAD in found] == []
    assert everything.misplaced() == []
