"""Handing in photos over HTTP, and where learners stand."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.factories import AttemptFactory, ManualFactory, VerificationFactory
from tests.verify_student.pictures import data_url, picture
from verify_student.models import SoftwareSecurePhotoVerification, StoredPhoto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

SUBMIT, STATUS, REVERIFY = (
    reverse(name) for name in ("verify_student_submit_photos", "verification_status_api", "verify_student_reverify")
)
PHOTO = data_url(picture())
ID_MISSING = "Photo ID image is required if the user does not have an initial verification attempt."
FACE_MISSING = "Missing required parameter face_image"
UNSUPPORTED, NOT_VALID = "Image data is in an unsupported format.", "Image data is not valid."


@pytest.fixture
def learner():
    return UserFactory()


@pytest.fixture
def browser(learner):
    client = Client()
    client.force_login(learner)
    return client


def answer_of(response):
    return response.status_code, response["Content-Type"], response.content.decode()


def refused(response, text, code=400):
    assert answer_of(response) == (code, "text/plain; charset=utf-8", text)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not SoftwareSecurePhotoVerification.objects.filter(status="ready").exists()
    return True


class TestHandingIn:
    def test_two_photos(self, browser, learner):
        response = browser.post(SUBMIT, {"face_image": PHOTO, "photo_id_image": PHOTO, "full_name": "As on the ID"})
        assert answer_of(response) == (200, "application/json", "{}")
        made = SoftwareSecurePhotoVerification.objects.get()
        assert (made.user, made.name, made.status) == (learner, "As on the ID", "ready")
        assert StoredPhoto.objects.filter(verification=made).count() == 2

    def test_files_instead_of_data_urls(self, browser):
        files = {
            name: SimpleUploadedFile(f"{name}.png", picture("PNG"), "image/png")
            for name in ("face_image", "photo_id_image")
        }
        assert browser.post(SUBMIT, files).status_code == 200
        assert set(StoredPhoto.objects.values_list("content_type", flat=True)) == {"image/png"}

    def test_an_urlencoded_form(self, browser):
        form = urlencode({"face_image": PHOTO, "photo_id_image": PHOTO})
        response = browser.post(SUBMIT, form, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200

    def test_the_id_of_an_earlier_approval(self, browser, learner):
        earlier = VerificationFactory(user=learner, status="approved", photo_id_key="wrapped")
        assert browser.post(SUBMIT, {"face_image": PHOTO}).status_code == 200
        made = SoftwareSecurePhotoVerification.objects.exclude(pk=earlier.pk).get()
        assert made.copy_id_photo_from == earlier

    def test_an_empty_name_is_none(self, browser):
        browser.post(SUBMIT, {"face_image": PHOTO, "photo_id_image": PHOTO, "full_name": "  "})
        assert SoftwareSecurePhotoVerification.objects.get().name == ""

    def test_a_double_click_hands_in_once(self, browser):
        both = {"face_image": PHOTO, "photo_id_image": PHOTO}
        assert [browser.post(SUBMIT, both).status_code for _ in range(2)] == [200, 200]
        assert SoftwareSecurePhotoVerification.objects.count() == 1


class TestRefusals:
    """In the order and the words of contract §2.1."""

    @pytest.mark.parametrize(
        ("form", "text"),
        [
            ({}, ID_MISSING),
            ({"face_image": PHOTO}, ID_MISSING),
            ({"face_image": "no image"}, ID_MISSING),
            ({"photo_id_image": PHOTO}, FACE_MISSING),
            ({"photo_id_image": "no image"}, FACE_MISSING),
            ({"face_image": "no image", "photo_id_image": PHOTO}, UNSUPPORTED),
            ({"face_image": PHOTO, "photo_id_image": "data:application/pdf;base64,AAAA"}, UNSUPPORTED),
            ({"face_image": "", "photo_id_image": PHOTO}, NOT_VALID),
            ({"face_image": PHOTO, "photo_id_image": ""}, NOT_VALID),
            ({"face_image": "data:image/jpeg;base64", "photo_id_image": PHOTO}, NOT_VALID),
        ],
    )
    def test_text(self, browser, form, text):
        assert refused(browser.post(SUBMIT, form), text)

    def test_without_an_id_of_earlier_only_the_face_is_asked_for(self, browser, learner):
        VerificationFactory(user=learner, status="approved", photo_id_key="wrapped")
        assert refused(browser.post(SUBMIT, {}), FACE_MISSING)

    @pytest.mark.parametrize("payload", ["abc", "ä", "", "AAAA", data_url(b"<html>").partition(",")[2]])
    def test_weakness_w15_bad_base64_and_what_is_no_image(self, browser, payload):
        form = {"face_image": f"data:image/jpeg;base64,{payload}", "photo_id_image": PHOTO}
        assert refused(browser.post(SUBMIT, form), NOT_VALID)

    def test_weakness_w14_too_many_bytes_in_a_data_url(self, browser, settings):
        settings.VERIFY_STUDENT = {"PROVIDER": "local", "MAX_PHOTO_BYTES": 100}
        form = {"face_image": PHOTO, "photo_id_image": PHOTO}
        assert refused(browser.post(SUBMIT, form), "The image is too large.")

    def test_weakness_w14_too_many_bytes_in_a_file(self, browser, settings):
        settings.VERIFY_STUDENT = {"PROVIDER": "local", "MAX_PHOTO_BYTES": 100}
        form = {"face_image": SimpleUploadedFile("face.png", b"x" * 101), "photo_id_image": PHOTO}
        assert refused(browser.post(SUBMIT, form), "The image is too large.")

    def test_weakness_w14_a_form_that_is_too_large_is_not_read(self, browser, settings):
        settings.VERIFY_STUDENT = {"PROVIDER": "local", "MAX_PHOTO_BYTES": 100}
        assert refused(browser.post(SUBMIT, {"face_image": "x" * 200_000}), "The body is too large.", 413)

    def test_a_form_of_more_than_the_site_reads(self, browser, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        assert refused(browser.post(SUBMIT, {"face_image": PHOTO}), "The body is too large.", 413)

    @pytest.mark.parametrize("name", ["x" * 256, "Zo\0ë"])
    def test_weakness_w16_a_name_that_no_column_holds(self, browser, name):
        form = {"face_image": PHOTO, "photo_id_image": PHOTO, "full_name": name}
        assert refused(browser.post(SUBMIT, form), "Name has to be a text of up to 255 characters.")

    def test_weakness_w16_while_another_is_under_way(self, browser, learner):
        long_ago = timezone.now() - timedelta(days=1)
        earlier = VerificationFactory(user=learner, status="submitted")
        SoftwareSecurePhotoVerification.objects.filter(pk=earlier.pk).update(created_at=long_ago)
        form = {"face_image": PHOTO, "photo_id_image": PHOTO}
        assert refused(browser.post(SUBMIT, form), "Your photos have already been handed in and are being reviewed.")

    def test_weakness_w16_again_and_again(self, browser):
        codes = [browser.post(SUBMIT, {}).status_code for _ in range(31)]
        assert (codes.count(400), codes[-1]) == (30, 429)
        assert "Retry-After" in browser.post(SUBMIT, {})

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"{}", "application/json"),
            (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
            (b"face_image=%00", "application/x-www-form-urlencoded"),
        ],
    )
    def test_forms_that_are_none(self, browser, body, content_type):
        assert browser.post(SUBMIT, body, content_type=content_type).status_code == 400

    @pytest.mark.parametrize("charset", ["base64", "utf-16"])
    def test_an_encoding_that_is_none(self, browser, charset):
        form = f"multipart/form-data; boundary=x; charset={charset}"
        assert browser.generic("POST", SUBMIT, b"x", content_type=form).status_code == 415


class TestTestMode:
    """Contract §2.9."""

    @pytest.fixture(autouse=True)
    def _mode(self, settings):
        settings.FEATURES = settings.FEATURES | {"AUTOMATIC_VERIFY_STUDENT_IDENTITY_FOR_TESTING": True}

    def test_any_content_will_do(self, browser):
        fake = "data:image/png;base64,no image at all"
        assert browser.post(SUBMIT, {"face_image": fake, "photo_id_image": fake}).status_code == 200
        assert SoftwareSecurePhotoVerification.objects.get().status == "submitted"

    def test_files_will_do(self, browser):
        form = {name: SimpleUploadedFile("x", b"fake") for name in ("face_image", "photo_id_image")}
        assert browser.post(SUBMIT, form).status_code == 200

    @pytest.mark.parametrize(("value", "text"), [("text", UNSUPPORTED), ("", NOT_VALID), ("data:image", NOT_VALID)])
    def test_the_form_is_judged(self, browser, value, text):
        assert refused(browser.post(SUBMIT, {"face_image": value, "photo_id_image": value}), text)


class TestSigningIn:
    @pytest.mark.parametrize("url", [SUBMIT, STATUS, REVERIFY])
    def test_nobody_is_sent_to_sign_in_and_comes_back(self, url):
        method = Client().post if url == SUBMIT else Client().get
        response = method(f"{url}?a=b")
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?{urlencode({'next': f'{url}?a=b'}, safe='/')}"

    def test_a_forged_form(self, learner):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(learner)
        response = browser.post(SUBMIT, {"face_image": PHOTO, "photo_id_image": PHOTO})
        assert response.status_code == 403
        assert not SoftwareSecurePhotoVerification.objects.exists()

    def test_a_form_with_its_token(self, learner):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(learner)
        browser.cookies["csrftoken"] = "x" * 32
        form = {"face_image": PHOTO, "photo_id_image": PHOTO, "csrfmiddlewaretoken": "x" * 32}
        assert browser.post(SUBMIT, form).status_code == 200

    def test_a_suspended_account_does_not_go_in_circles(self, browser, learner, settings):
        settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
        browser.force_login(learner)
        learner.is_active = False
        learner.save()
        assert browser.get(STATUS).status_code == 403


class TestStatus:
    def test_of_somebody_who_has_not_begun(self, browser):
        assert browser.get(STATUS).json() == {"status": "none", "can_verify": True}

    def test_of_somebody_who_waits(self, browser, learner):
        VerificationFactory(user=learner, status="submitted")
        assert browser.get(STATUS).json() == {"status": "pending", "can_verify": True}

    @pytest.mark.parametrize(("days", "may"), [(300, False), (10, True)])
    def test_of_somebody_who_is_verified(self, browser, learner, days, may):
        end = timezone.now() + timedelta(days=days)
        ManualFactory(user=learner, expiration_date=end)
        answer = browser.get(STATUS).json()
        assert datetime.fromisoformat(answer.pop("expires")) == end.astimezone(UTC)
        assert answer == {"status": "approved", "can_verify": may}

    def test_weakness_w51_without_an_end(self, browser, learner):
        AttemptFactory(user=learner, status="approved")
        assert browser.get(STATUS).json() == {"status": "approved", "can_verify": False}

    def test_constant_queries(self, browser, learner, query_budget):
        VerificationFactory.create_batch(5, user=learner, status="denied")
        with query_budget("verify_student.status"):
            browser.get(STATUS)


def test_reverify_leads_to_where_photos_are_handed_in(browser, settings):
    settings.ACCOUNT_MICROFRONTEND_URL = "https://account.test/"
    response = browser.get(REVERIFY)
    assert (response.status_code, response["Location"]) == (302, "https://account.test/id-verification")
