"""Cookies and sessions: which there are, whose they are, and what those of others open."""

import ast
from importlib.util import find_spec
from pathlib import Path

import crum
import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from proctoring.backends import launch
from proctoring.services import access
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.backends.software_secure_vendor import CLASS, OPTIONS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]
# Every place that sets a cookie of ours: the browser's pass for an attempt.
SETTING = {"rest/launch.py": ["set_signed_cookie"]}
PASSWORD = "correct horse battery staple"
RUNNING = {"status": Status.started, "started_at": timezone.now(), "allowed_time_limit_mins": 90}


@pytest.fixture(autouse=True)
def _vendors(settings):
    settings.PROCTORING_BACKENDS = {"DEFAULT": "software_secure", "software_secure": {"class": CLASS, **OPTIONS}}


def attempt_of(user, **fields):
    return AttemptFactory(user=user, proctored_exam=ExamFactory(backend="software_secure"), **fields)


def is_open(attempt, browser, user):
    """Whether the exam shows its content to ``user`` in this browser, the attempt under way."""
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    request.user = user
    crum.set_current_request(request)
    try:
        return not access.snapshot(user.pk, attempt.proctored_exam, {}, timezone.now()).vendor_blocks
    finally:
        crum.set_current_request(None)


def launched(browser, attempt, **extra):
    answer = browser.get(launch.signed_address("", attempt.attempt_code), **extra)
    assert answer.status_code == 302
    return answer


def test_every_cookie_of_ours_is_known():
    found = {}
    for app in ("proctoring", "verify_student"):
        package = Path(find_spec(app).origin).parent
        for path in package.rglob("*.py"):
            calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
            names = sorted(call.attr for call in calls if call.attr in {"set_cookie", "set_signed_cookie"})
            if names:
                found[path.relative_to(package).as_posix()] = names
    assert found == SETTING


class TestPass:
    @pytest.mark.parametrize(
        ("https", "secure", "is_secure"), [("off", False, ""), ("on", False, True), ("off", True, True)]
    )
    def test_is_for_this_site_only_and_out_of_reach_of_scripts(self, settings, https, secure, is_secure):
        settings.HTTPS = https
        cookie = launched(Client(), attempt_of(UserFactory()), secure=secure).cookies[launch.COOKIE]
        kept = {name: cookie[name] for name in ("secure", "httponly", "samesite", "path", "domain")}
        assert kept == {"secure": is_secure, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}
        assert 0 < cookie["max-age"] <= 24 * 3600

    def test_opens_the_attempt_for_its_learner(self):
        learner = UserFactory()
        attempt, browser = attempt_of(learner), Client()
        launched(browser, attempt)
        type(attempt).objects.update(**RUNNING)
        assert is_open(attempt, browser, learner)
        assert not is_open(attempt, Client(), learner)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda value: value[:-1] + ("A" if value[-1] != "A" else "B"),
            lambda value: value.replace(".", "9.", 1),
            lambda value: "1" + value,
            lambda value: value.partition(":")[0],
            lambda value: "",
        ],
        ids=["signature", "attempt", "longer", "unsigned", "empty"],
    )
    def test_that_was_tampered_with_opens_nothing(self, spoil):
        learner = UserFactory()
        attempt, browser = attempt_of(learner), Client()
        launched(browser, attempt)
        type(attempt).objects.update(**RUNNING)
        browser.cookies[launch.COOKIE] = spoil(browser.cookies[launch.COOKIE].value)
        assert not is_open(attempt, browser, learner)

    def test_of_another_learner_or_attempt_opens_nothing(self):
        learner, other = UserFactory(), UserFactory()
        attempt, earlier, theirs = attempt_of(learner), attempt_of(learner), attempt_of(other)
        of_other, of_earlier = Client(), Client()
        launched(of_other, theirs)
        launched(of_earlier, earlier)
        type(attempt).objects.update(**RUNNING)
        assert not is_open(attempt, of_other, learner)
        assert not is_open(attempt, of_earlier, learner)

    def test_another_signed_cookie_of_ours_is_no_pass(self):
        """The signature of an address is made from the code, and takes no place in the cookie."""
        learner = UserFactory()
        attempt, browser = attempt_of(learner, **RUNNING), Client()
        signature = launch.signed_address("", attempt.attempt_code).partition("signature=")[2]
        browser.cookies[launch.COOKIE] = f"{attempt.pk}.{learner.pk}.99999999999:{signature}"
        assert not is_open(attempt, browser, learner)


class TestLaunching:
    def test_signs_nobody_in_and_takes_over_no_session(self):
        """An attacker's link, opened by somebody who has signed in: the session stays, and opens nothing of either."""
        victim, attacker = UserFactory(), UserFactory()
        of_victim, of_attacker = attempt_of(victim), attempt_of(attacker)
        browser, nobody = Client(), Client()
        browser.force_login(victim)
        held = browser.cookies[settings.SESSION_COOKIE_NAME].value
        assert set(launched(browser, of_attacker).cookies) == {launch.COOKIE}
        assert set(launched(nobody, of_attacker).cookies) == {launch.COOKIE}
        assert (browser.cookies[settings.SESSION_COOKIE_NAME].value, browser.session["_auth_user_id"]) == (
            held,
            str(victim.pk),
        )
        type(of_victim).objects.update(**RUNNING)
        assert not is_open(of_victim, browser, victim)

    @pytest.mark.parametrize("name", ["edx_proctoring:rest_framework:login", "login", "admin:login"])
    def test_a_session_gets_another_key_when_somebody_signs_in(self, name):
        user = UserFactory(staff=True)
        user.set_password(PASSWORD)
        user.save()
        browser = Client()
        # Planted by somebody else, before anybody has signed in.
        planted = browser.session
        planted["kept"] = "x"
        planted.save()
        browser.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
        answer = browser.post(reverse(name), {"username": user.username, "password": PASSWORD})
        assert answer.status_code == 302
        assert browser.cookies[settings.SESSION_COOKIE_NAME].value != planted.session_key
        assert not browser.session.exists(planted.session_key)
