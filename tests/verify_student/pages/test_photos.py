"""Handing in photos on the page."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import InMemoryStorage
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from tests.verify_student.factories import DeadlineFactory, VerificationFactory
from tests.verify_student.pages.conftest import PHOTOS, STATE, handed, photo, screen_of, text_of
from tests.verify_student.pictures import picture
from verify_student.models import OutboxMessage, SoftwareSecurePhotoVerification, StoredPhoto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

HTMX = {"HX-Request": "true"}
COURSE = "course-v1:Test+PAGES+2026"


class BrokenStorage(InMemoryStorage):
    """A storage that is away."""

    def _save(self, *args, **kwargs):
        raise ConnectionError


def errors_of(response):
    """What is said beside the fields, and above them."""
    page = response.content.decode()
    found = {
        name: re.search(rf'id="{name}-error"[^>]*>([^<]*)<', page).group(1).strip()
        for name in ("face", "photo_id", "full_name")
    }
    above = re.search(r'id="capture-trouble">(.*?)</div>', page, re.DOTALL).group(1)
    found["above"] = " ".join(re.sub(r"<[^>]+>", " ", above).split())
    return {name: text for name, text in found.items() if text}


def nothing_handed_in():
    return not SoftwareSecurePhotoVerification.objects.exists() and not StoredPhoto.objects.exists()


class TestForm:
    def test_what_is_asked_for_is_said_before(self, browser):
        page = browser.get(PHOTOS)
        text = text_of(page)
        assert text.count("JPEG, PNG or WebP, up to 10 MB") == 2
        assert "Nothing leaves your browser before you hand in" in text
        for name in ("id_face", "id_photo_id", "id_full_name"):
            assert f'for="{name}"' in page.content.decode()
        assert errors_of(page) == {}

    def test_the_name_is_that_of_the_profile_or_the_one_that_waits(self, browser, learner, host):
        host.profiles.names[learner.pk] = 'Zoë "<Nguyễn>'
        assert 'value="Zoë &quot;&lt;Nguyễn&gt;"' in browser.get(PHOTOS).content.decode()
        host.profiles.pending[learner.pk] = "Zoë Haddad"
        assert 'value="Zoë Haddad"' in browser.get(PHOTOS).content.decode()

    @pytest.mark.parametrize("values", [{"status": "submitted"}, {"status": "approved"}])
    def test_whoever_may_not_hand_in_is_shown_where_they_stand(self, browser, learner, values):
        VerificationFactory(user=learner, **values)
        for answer in (browser.get(f"{PHOTOS}?next=/a"), browser.post(f"{PHOTOS}?next=/a", handed())):
            assert (answer.status_code, answer["Location"]) == (302, f"{STATE}?next=%2Fa")
        assert SoftwareSecurePhotoVerification.objects.count() == 1

    def test_a_course_whose_deadline_has_passed_takes_none(self, browser):
        DeadlineFactory(course_key=COURSE, deadline=timezone.now())
        query = "?course_id=course-v1%3ATest%2BPAGES%2B2026"
        for answer in (browser.get(f"{PHOTOS}{query}"), browser.post(f"{PHOTOS}{query}", handed())):
            assert (answer.status_code, answer["Location"]) == (302, f"{STATE}{query}")
        assert nothing_handed_in()

    def test_a_provider_that_is_not_there(self, browser, settings):
        settings.VERIFY_STUDENT = {"PROVIDER": "nobody"}
        page = browser.get(PHOTOS)
        assert (page.status_code, screen_of(page)) == (503, "unavailable")

    def test_constant_queries(self, browser, learner, query_budget):
        VerificationFactory.create_batch(5, user=learner, status="denied")
        with query_budget("verify_student.pages.photos"):
            browser.get(PHOTOS)

    def test_photos_are_no_part_of_a_requests_transaction(self):
        assert resolve(PHOTOS).func._non_atomic_requests == {"default"}


class TestHandingIn:
    def test_two_photos_and_a_name(self, browser, learner):
        answer = browser.post(PHOTOS, handed(full_name=" Zoë <Nguyễn> "))
        assert (answer.status_code, answer["Location"]) == (302, STATE)
        made = SoftwareSecurePhotoVerification.objects.get()
        assert (made.user, made.name, made.status) == (learner, "Zoë <Nguyễn>", "ready")
        assert set(StoredPhoto.objects.values_list("kind", flat=True)) == {"face", "photo_id"}
        assert OutboxMessage.objects.filter(kind="mail.submitted").count() == 1
        assert screen_of(browser.get(STATE)) == "pending"

    def test_a_script_is_told_where_to_go(self, browser):
        answer = browser.post(f"{PHOTOS}?next=/a", handed(), headers=HTMX)
        assert (answer.status_code, answer["HX-Redirect"]) == (200, f"{STATE}?next=%2Fa")

    def test_a_second_click_hands_in_once(self, browser):
        answers = [browser.post(PHOTOS, handed(), headers=HTMX) for _ in range(2)]
        assert [answer["HX-Redirect"] for answer in answers] == [STATE, STATE]
        assert SoftwareSecurePhotoVerification.objects.count() == 1

    def test_the_id_of_an_earlier_approval(self, browser, learner):
        soon = timezone.now() + timezone.timedelta(days=10)
        earlier = VerificationFactory(user=learner, status="approved", photo_id_key="wrapped", expiration_date=soon)
        assert "The photo of your ID that was approved earlier is used again." in text_of(browser.get(PHOTOS))
        form = handed()
        del form["photo_id"]
        assert browser.post(PHOTOS, form).status_code == 302
        assert SoftwareSecurePhotoVerification.objects.exclude(pk=earlier.pk).get().copy_id_photo_from == earlier

    def test_a_new_id_takes_its_place(self, browser, learner):
        soon = timezone.now() + timezone.timedelta(days=10)
        earlier = VerificationFactory(user=learner, status="approved", photo_id_key="wrapped", expiration_date=soon)
        browser.post(PHOTOS, handed())
        assert SoftwareSecurePhotoVerification.objects.exclude(pk=earlier.pk).get().copy_id_photo_from is None

    def test_test_doubles_will_do_where_nothing_is_kept(self, browser, settings):
        settings.FEATURES = settings.FEATURES | {"AUTOMATIC_VERIFY_STUDENT_IDENTITY_FOR_TESTING": True}
        form = handed(face=photo(b"no picture"), photo_id=photo(b"no picture"))
        assert browser.post(PHOTOS, form).status_code == 302
        assert SoftwareSecurePhotoVerification.objects.get().status == "submitted"


class TestRefusals:
    """Each error stands beside its field, says what to do, and leaves nothing behind."""

    @pytest.mark.parametrize(
        ("values", "field", "said"),
        [
            ({"face": ""}, "face", "There is no photo of your face yet."),
            ({"photo_id": ""}, "photo_id", "There is no photo of your ID yet."),
            ({"photo_id": "data:image/png;base64,AAAA"}, "photo_id", "There is no photo of your ID yet."),
            ({"full_name": "  "}, "full_name", "Write your name as it is on your ID."),
            ({"full_name": "x" * 256}, "full_name", "Write your name in up to 255 characters."),
            ({"full_name": "Zo\0ë"}, "full_name", "Null characters are not allowed."),
            ({"face": photo(b"")}, "face", "This file is empty."),
            ({"face": photo(b"%PDF-1.7 and so on")}, "face", "This file is not a picture that we can read."),
            ({"photo_id": photo(picture("BMP"))}, "photo_id", "This file is not a picture that we can read."),
            ({"photo_id": photo(b"<svg/>", "x.svg")}, "photo_id", "This file is not a picture that we can read."),
        ],
    )
    def test_beside_the_field(self, browser, values, field, said):
        answer = browser.post(PHOTOS, handed(**values))
        found = errors_of(answer)
        assert (answer.status_code, set(found)) == (400, {field, "above"})
        assert found[field].startswith(said)
        assert found["above"].startswith("Nothing has been handed in yet")
        assert nothing_handed_in()

    def test_all_at_once(self, browser):
        assert set(errors_of(browser.post(PHOTOS, {}))) == {"face", "photo_id", "full_name", "above"}

    def test_a_script_gets_them_too(self, browser):
        answer = browser.post(PHOTOS, handed(face=""), headers=HTMX)
        assert (answer.status_code, set(errors_of(answer))) == (200, {"face", "above"})

    def test_what_was_written_stays(self, browser):
        answer = browser.post(PHOTOS, handed(face="", full_name='"><script>alert(1)</script>'))
        page = answer.content.decode()
        assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page

    @pytest.mark.parametrize("limit", ["MAX_PHOTO_BYTES", "MAX_PHOTO_PIXELS"])
    def test_too_large(self, browser, settings, limit):
        settings.VERIFY_STUDENT = {"PROVIDER": "local", limit: 600}
        answer = browser.post(PHOTOS, handed())
        assert errors_of(answer)["face"].startswith("This picture is too large")
        assert nothing_handed_in()

    def test_a_form_that_is_too_large_is_not_read(self, browser, settings):
        settings.VERIFY_STUDENT = {"PROVIDER": "local", "MAX_PHOTO_BYTES": 100}
        answer = browser.post(PHOTOS, handed(full_name="x" * 101_000))
        assert (answer.status_code, errors_of(answer)) == (
            413,
            {"above": "The photos are too large. Choose smaller ones, or take them with the camera."},
        )

    def test_again_and_again(self, browser):
        answers = [browser.post(PHOTOS, {}) for _ in range(31)]
        assert [answer.status_code for answer in answers] == [400] * 30 + [429]
        assert errors_of(answers[-1])["above"].startswith("You have tried many times")

    def test_a_storage_that_is_away(self, browser, settings):
        settings.STORAGES = settings.STORAGES | {"verify_student": {"BACKEND": f"{__name__}.BrokenStorage"}}
        answer = browser.post(PHOTOS, handed())
        assert answer.status_code == 503
        assert errors_of(answer)["above"].startswith("Identity verification is not available at the moment.")
        assert nothing_handed_in()

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"{}", "application/json"),
            (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
            (b"x", "multipart/form-data; boundary=x; charset=base64"),
            (b"full_name=%00", "application/x-www-form-urlencoded; charset=utf-16"),
            (b"", "text/plain"),
        ],
    )
    def test_forms_that_are_none(self, browser, body, content_type):
        assert browser.generic("POST", PHOTOS, body, content_type=content_type).status_code == 400

    @pytest.mark.parametrize("length", ["", "-1", "1e9", "٣"])
    def test_lengths_that_are_none(self, browser, length):
        assert browser.generic("POST", PHOTOS, b"", CONTENT_LENGTH=length).status_code == 400


class TestForgery:
    @pytest.fixture
    def careful(self, learner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(learner)
        return client

    def test_a_forged_form(self, careful):
        assert careful.post(PHOTOS, handed()).status_code == 403
        assert nothing_handed_in()

    def test_a_form_with_its_token(self, careful):
        page = careful.get(PHOTOS).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
        assert django_settings.CSRF_COOKIE_NAME in careful.cookies
        assert careful.post(PHOTOS, handed(csrfmiddlewaretoken=token)).status_code == 302

    def test_a_script_that_nobody_has_signed_in_is_not_led_astray(self):
        answer = Client().post(PHOTOS, handed(), headers=HTMX)
        assert (answer.status_code, answer.content) == (403, b"")
