"""Where the learner stands, in words: what happened, what it means, what to do next."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.factories import UserFactory
from tests.verify_student.custody import kept
from tests.verify_student.factories import (
    AttemptFactory,
    DeadlineFactory,
    ManualFactory,
    SSOFactory,
    VerificationFactory,
)
from tests.verify_student.pages.conftest import PHOTOS, STATE, screen_of, text_of
from verify_student.models import PhotoAccess
from verify_student.services import verifications

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]

COURSE = "course-v1:Test+PAGES+2026"
HOSTILE = "<script>alert(1)</script>"


def in_days(days):
    return timezone.now() + timedelta(days=days)


@pytest.mark.parametrize(
    ("values", "screen", "said", "may_begin"),
    [
        (None, "none", "one of your face, and one of your ID", True),
        ({"status": "created"}, "none", "Verify your identity", True),
        ({"status": "submitted"}, "pending", "There is nothing that you have to do", False),
        ({"status": "must_retry"}, "pending", "you may hand in new photos", True),
        ({"status": "approved"}, "approved", "You are verified", False),
        ({"status": "approved", "expiration_date": in_days(10)}, "expiring", "Take new photos now", True),
        ({"status": "approved", "expiration_date": in_days(-10)}, "expired", "You are not verified any more", True),
        ({"status": "denied"}, "must_reverify", "No reason was noted", True),
    ],
)
def test_every_state_says_what_happened_what_it_means_and_what_to_do(browser, learner, values, screen, said, may_begin):
    if values:
        VerificationFactory(user=learner, **values)
    page = browser.get(STATE)
    assert (page.status_code, screen_of(page)) == (200, screen)
    for part in ("What this means", "What to do next", said):
        assert part in text_of(page)
    assert (f'href="{PHOTOS}"' in page.content.decode()) is may_begin


def test_reasons_are_grouped_in_the_words_of_the_mail(browser, learner):
    codes = verifications.denial_reasons("id_invalid", "name_mismatch", "id_image_not_clear")
    VerificationFactory(user=learner, status="denied", error_msg=codes)
    text = text_of(browser.get(STATE))
    places = [
        text.index(words)
        for words in (
            "The photo of your ID",
            "cannot be accepted as an ID",
            "not clear enough to be read",
            "Something else",
            "The name on your ID is not the name of your account.",
        )
    ]
    assert places == sorted(places)


def test_vendors_words_are_never_shown(browser, learner):
    VerificationFactory(user=learner, status="denied", error_msg=f'[{{"generalReasons": ["{HOSTILE}"]}}]')
    page = browser.get(STATE).content.decode()
    assert ("alert(1)" in page, "No reason was noted." in page) == (False, True)


@pytest.mark.parametrize("factory", [SSOFactory, ManualFactory])
def test_what_is_hidden_is_not_spoken_of(browser, learner, factory):
    factory(user=learner)
    page = browser.get(STATE)
    assert screen_of(page) == "hidden"
    assert "verified until" not in text_of(page)


def test_a_hidden_attempt_that_was_denied_looks_like_none(browser, learner):
    AttemptFactory(user=learner, status="denied", hide_status_from_user=True)
    page = browser.get(STATE)
    assert (screen_of(page), "could not" in text_of(page)) == ("none", False)


def test_an_approval_without_an_end(browser, learner):
    AttemptFactory(user=learner, status="approved")
    assert "Your identity is verified, without an end." in text_of(browser.get(STATE))


@pytest.mark.parametrize(
    ("status", "said"), [("submitted", "are being reviewed."), ("denied", "could not be approved.")]
)
def test_a_renewal_is_told_of(browser, learner, status, said):
    with time_machine.travel(in_days(-3)):
        VerificationFactory(user=learner, status="approved", expiration_date=in_days(13))
    VerificationFactory(user=learner, status=status, error_msg=verifications.denial_reasons("id_invalid"))
    page = text_of(browser.get(STATE))
    assert f"The new photos that you handed in {said}" in page
    assert ("cannot be accepted as an ID" in page) is (status == "denied")


def test_nobody_is_told_to_take_photos_that_are_not_taken(browser, learner):
    with time_machine.travel(in_days(-1)):
        VerificationFactory(user=learner, status="submitted")
    AttemptFactory(user=learner, status="denied")
    page = browser.get(STATE)
    assert (screen_of(page), "Take new photos" in text_of(page)) == ("must_reverify", False)
    assert "Other photos of yours are still being reviewed." in text_of(page)


class TestTimes:
    @pytest.mark.parametrize(
        ("zone", "day"), [("Asia/Shanghai", "March 2, 2027 (Asia/Shanghai)"), (None, "March 1, 2027 (UTC)")]
    )
    def test_days_are_the_learners(self, browser, learner, host, zone, day):
        host.preferences.zones[learner.pk] = zone
        with time_machine.travel("2026-11-01T12:00:00+00:00", tick=False):
            VerificationFactory(
                user=learner, status="approved", expiration_date=timezone.datetime.fromisoformat("2027-03-01T20:00Z")
            )
            browser.force_login(learner)
            assert f"until {day}" in text_of(browser.get(STATE))

    def test_deadlines_are_moments(self, browser, learner, host):
        host.preferences.zones[learner.pk] = "Europe/Berlin"
        host.courses.names[COURSE] = "Chemistry"
        DeadlineFactory(course_key=COURSE, deadline=timezone.datetime.fromisoformat("2026-03-01T20:00Z"))
        page = text_of(browser.get(STATE, {"course_id": COURSE}))
        assert "Chemistry wanted your identity verified by March 1, 2026, 9 p.m. (Europe/Berlin)." in page


class TestCourse:
    def test_a_deadline_to_come(self, browser, host):
        host.courses.names[COURSE] = "Chemistry"
        DeadlineFactory(course_key=COURSE, deadline=in_days(3))
        page = browser.get(STATE, {"course_id": COURSE})
        assert "Chemistry wants you to hand in your photos by" in text_of(page)
        assert f'href="{PHOTOS}?course_id=course-v1%3ATest%2BPAGES%2B2026"' in page.content.decode()
        assert "Back to Chemistry" in text_of(page)

    def test_a_missed_deadline_keeps_other_courses_open(self, browser):
        DeadlineFactory(course_key=COURSE, deadline=in_days(-3))
        page = browser.get(STATE, {"course_id": COURSE})
        assert screen_of(page) == "missed"
        assert f'href="{STATE}"' in page.content.decode()
        assert PHOTOS not in page.content.decode()

    def test_names_are_escaped(self, browser, host):
        host.courses.names[COURSE] = HOSTILE
        DeadlineFactory(course_key=COURSE, deadline=in_days(-3))
        page = browser.get(STATE, {"course_id": COURSE}).content.decode()
        assert (HOSTILE in page, "&lt;script&gt;alert(1)" in page) == (False, True)

    @pytest.mark.parametrize("course_id", [HOSTILE, "no\0course", "x" * 5000, "course-v1:No+SUCH+Course"])
    def test_what_is_no_course_is_not_repeated(self, browser, course_id):
        page = browser.get(STATE, {"course_id": course_id})
        assert (page.status_code, screen_of(page)) == (200, "none")
        assert course_id[:20] not in page.content.decode()


class TestWayBack:
    def test_the_course_first(self, browser, host):
        host.courses.names[COURSE] = "Chemistry"
        page = browser.get(STATE, {"course_id": COURSE, "next": "/courses/go/on"})
        assert f'href="https://lms.example.org/courses/{COURSE}/"' in page.content.decode()
        assert "Back to Chemistry" in text_of(page)

    def test_a_course_without_a_page(self, browser):
        DeadlineFactory(course_key=COURSE, deadline=in_days(3))
        assert "Back to your courses" in text_of(browser.get(STATE, {"course_id": COURSE}))

    def test_a_page_of_the_host(self, browser):
        assert 'href="/courses/go/on"' in browser.get(STATE, {"next": "/courses/go/on"}).content.decode()

    @pytest.mark.parametrize(
        "target", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "/\\evil.test", "http:///evil.test"]
    )
    def test_nowhere_else(self, browser, target):
        page = browser.get(STATE, {"next": target}).content.decode()
        assert ("evil" in page, "alert(1)" in page) == (False, False)
        assert 'href="http://127.0.0.1:8000/dashboard"' in page


class TestAccess:
    def test_nobody_is_sent_to_sign_in_and_comes_back(self):
        for url in (STATE, PHOTOS):
            response = Client().get(f"{url}?course_id=a")
            query = urlencode({"next": f"{url}?course_id=a"}, safe="/")
            assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?{query}")

    def test_a_suspended_account(self, browser, learner, settings):
        settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
        browser.force_login(learner)
        learner.is_active = False
        learner.save()
        assert [browser.get(url).status_code for url in (STATE, PHOTOS)] == [403, 403]

    @pytest.mark.parametrize("claim", ["username", "user", "user_id"])
    def test_everybody_sees_their_own(self, browser, claim):
        theirs = VerificationFactory(status="denied", error_msg=verifications.denial_reasons("id_invalid"))
        for who in (theirs.user.pk, theirs.user.username):
            assert screen_of(browser.get(STATE, {claim: who})) == "none"

    def test_no_photo_goes_back_to_the_browser(self, browser, learner):
        for status in ("submitted", "denied", "approved"):
            kept(VerificationFactory(user=learner, status=status, provider="local"))
            pages = [browser.get(url, follow=True).content.decode() for url in (STATE, PHOTOS)]
            assert not any("<img" in page or "kept/" in page or "base64" in page for page in pages)
        assert not PhotoAccess.objects.exists()

    def test_only_to_be_read_and_kept_nowhere(self, browser):
        assert browser.post(STATE).status_code == 405
        assert "no-store" in browser.get(STATE)["Cache-Control"]


def test_staff_are_learners_too():
    client = Client()
    client.force_login(UserFactory(superuser=True))
    assert screen_of(client.get(STATE)) == "none"


@pytest.mark.parametrize("rows", [1, 40])
def test_constant_queries(browser, learner, query_budget, rows):
    DeadlineFactory(course_key=COURSE, deadline=in_days(3))
    VerificationFactory.create_batch(rows, user=learner, status="denied")
    AttemptFactory.create_batch(rows, user=learner, status="denied")
    with query_budget("verify_student.pages.state"):
        browser.get(STATE, {"course_id": COURSE})
