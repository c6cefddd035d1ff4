"""Identity verification, from the photos to the learner's retirement, with everything around it failing."""

import json
from email.utils import format_datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.secrets import markers
from tests.secrets.conftest import ECHO
from verify_student import api
from verify_student.models import InboxDelivery, OutboxMessage
from verify_student.models import SoftwareSecurePhotoVerification as Verification

pytestmark = pytest.mark.django_db(transaction=True)
VENDOR = "https://vendor.test/verify"
RESULTS = reverse("verify_student_results_callback")
PHOTOS = "/id-verification/photos"


@pytest.fixture(autouse=True)
def _site(site):
    """Every test has the site."""


def picture():
    target = BytesIO()
    Image.new("RGB", (64, 48), (9, 8, 7)).save(target, "JPEG", comment=markers.PHOTO.encode())
    return SimpleUploadedFile(f"{markers.NAME}.jpg", target.getvalue(), "image/jpeg")


def hand_in(browser, **fields):
    return browser.post(PHOTOS, {"face": picture(), "photo_id": picture(), "full_name": markers.ID_NAME, **fields})


def says(everything, content, authorization=f"SSI {markers.ACCESS_KEY}:{markers.SIGNATURE}"):
    """What the vendor sends."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {"Authorization": authorization, "Date": format_datetime(timezone.now(), usegmt=True)}
    browser = Client(raise_request_exception=False)
    return everything.answered(browser.post(RESULTS, body, content_type="application/json", headers=headers))


def result_of(verification, outcome, **more):
    return {"EdX-ID": verification.receipt_id, "Result": outcome, "Reason": "", "MessageType": "", **more}


@pytest.mark.parametrize("outcome", ["PASS", "FAIL", "SYSTEM FAIL"])
def test_photos_and_what_the_vendor_finds(everything, browser, wire, outcome):
    wire.post(VENDOR, json={})
    assert hand_in(browser).status_code == 302
    verification = Verification.objects.get()
    reasons = [{"generalReasons": [markers.COMMENT]}]
    assert says(everything, result_of(verification, outcome, Reason=reasons)).status_code == 200
    browser.get("/id-verification")
    assert everything.misplaced() == []


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_vendor_that_fails_and_says_too_much(everything, browser, wire, status):
    wire.post(VENDOR, body=ECHO, status=status)
    hand_in(browser)
    call_command("retry_failed_photo_verifications")
    assert OutboxMessage.objects.exists()
    assert everything.misplaced() == []


def test_results_that_cannot_be_right(everything, browser, wire):
    wire.post(VENDOR, json={})
    hand_in(browser)
    verification = Verification.objects.get()
    spoilt = [
        (f"{markers.PAYLOAD} {{".encode(), None),
        (result_of(verification, markers.PAYLOAD), None),
        ({"EdX-ID": markers.PAYLOAD, "Result": "PASS"}, None),
        (result_of(verification, "PASS"), f"SSI {markers.TOKEN}:{markers.SIGNATURE}"),
        (result_of(verification, "PASS"), markers.TOKEN),
    ]
    for content, authorization in spoilt:
        answer = says(everything, content, **({"authorization": authorization} if authorization else {}))
        assert 400 <= answer.status_code < 500
    assert InboxDelivery.objects.exists()
    assert everything.misplaced() == []


def test_photos_that_are_none(everything, browser):
    broken = SimpleUploadedFile(f"{markers.NAME}.jpg", markers.PHOTO.encode() * 9, "image/jpeg")
    assert hand_in(browser, face=broken, full_name="x" * 300).status_code == 400
    form = {"face_image": f"data:image/jpeg;base64,{markers.PHOTO}", "full_name": markers.ID_NAME}
    assert browser.post(reverse("verify_student_submit_photos"), form).status_code == 400
    assert everything.misplaced() == []


def test_staff_and_retirement(everything, browser, superuser, wire):
    wire.post(VENDOR, json={})
    hand_in(browser)
    verification = Verification.objects.get()
    act = reverse("admin:verify_student_softwaresecurephotoverification_act", args=[verification.pk, "approve-photos"])
    superuser.post(act, {"reason": markers.REASON, "seen": verification.status})
    add = reverse("admin:verify_student_manualverification_add")
    superuser.post(add, {"user": browser.user.pk, "reason": markers.REASON})
    for view in ("verification_status", "verification_details"):
        superuser.get(reverse(view, args=[markers.EMAIL]))
    call_command("send_verification_expiry_email")
    call_command("purge_photos")
    assert api.retire_learner(browser.user)
    of_host = f"{markers.ID_NAME} in column:demo_lms_verifiedname.verified_name"
    assert [found for found in everything.kept() if markers.ID_NAME in found and found != of_host] == []
    assert everything.misplaced() == []
