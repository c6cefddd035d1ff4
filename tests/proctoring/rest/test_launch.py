"""The legacy vendor's browser opens the exam: route 27 (contract rest.md §5.21)."""

from datetime import timedelta
from urllib.parse import urlsplit

import crum
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proctoring.backends import launch, provider_named
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import access
from proctoring.services import launch as launching
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.backends.software_secure_vendor import CLASS, OPTIONS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def backends(settings):
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "software_secure",
        "software_secure": {"class": CLASS, **OPTIONS},
        "rpnow4": {"class": CLASS, **OPTIONS},
        "lenient": {"class": CLASS, **OPTIONS, "allow_unsigned_callbacks": True},
        "other": {"class": "tests.fakes.WatchingBackend"},
    }


@pytest.fixture
def attempt():
    return AttemptFactory(proctored_exam=ExamFactory(backend="software_secure"), status=Status.created)


def plain(attempt):
    return launch.plain_address("", attempt.attempt_code)


def signed(attempt):
    return launch.signed_address("", attempt.attempt_code)


def status_of(attempt):
    attempt.refresh_from_db()
    return attempt.status


class TestGet:
    @pytest.mark.parametrize("before", [Status.created, Status.download_software_clicked])
    def test_says_that_the_set_up_is_done(self, attempt, before):
        ProctoredExamStudentAttempt.objects.update(status=before)
        answer = Client().get(signed(attempt))
        assert (answer.status_code, status_of(attempt)) == (302, Status.ready_to_start)

    @pytest.mark.parametrize("before", [Status.started, Status.ready_to_submit])
    def test_again_while_the_exam_runs_hands_it_in(self, attempt, before):
        ProctoredExamStudentAttempt.objects.update(status=before, started_at=timezone.now(), allowed_time_limit_mins=90)
        assert Client().get(signed(attempt)).status_code == 302
        assert status_of(attempt) == Status.submitted

    @pytest.mark.parametrize("before", [Status.ready_to_start, Status.submitted, Status.verified, Status.error])
    def test_changes_nothing_else(self, attempt, before):
        ProctoredExamStudentAttempt.objects.update(status=before)
        assert Client().get(signed(attempt)).status_code == 302
        assert status_of(attempt) == before

    def test_leads_to_the_exam_in_the_host(self, attempt):
        exam = attempt.proctored_exam
        answer = Client().get(signed(attempt))
        assert answer["Location"] == reverse("jump_to", args=[exam.course_id, exam.content_id])
        assert "no-store" in answer["Cache-Control"]

    def test_leads_nowhere_where_the_host_has_no_such_page(self, attempt, settings, caplog):
        settings.ROOT_URLCONF = "tests.proctoring.rest.without_host"
        answer = Client().get(signed(attempt))
        assert (answer.status_code, answer["Location"]) == (302, "")
        assert "jump_to" in caplog.text

    def test_of_the_same_vendor_under_its_other_name(self):
        attempt = AttemptFactory(proctored_exam=ExamFactory(backend="rpnow4"), status=Status.created)
        assert Client().get(signed(attempt)).status_code == 302

    def test_an_attempt_whose_time_is_over_is_handed_in_once(self):
        attempt = AttemptFactory(proctored_exam=ExamFactory(backend="software_secure"), started=True)
        assert Client().get(signed(attempt)).status_code == 302
        assert status_of(attempt) == Status.submitted
        assert attempt.history.filter(status=Status.submitted).count() == 1

    def test_two_at_once_are_one(self, attempt):
        first, second = (launching.attempt_at(attempt.attempt_code, signature(attempt)) for _ in range(2))
        launching.enter(first)
        ProctoredExamStudentAttempt.objects.update(
            status=Status.started, started_at=timezone.now(), allowed_time_limit_mins=90
        )
        launching.enter(second)
        assert status_of(attempt) == Status.started


def signature(attempt):
    return signed(attempt).partition("signature=")[2]


class TestOtherMethods:
    def test_weakness_s7_head_changes_nothing(self, attempt):
        answer = Client().head(signed(attempt))
        assert (answer.status_code, status_of(attempt)) == (302, Status.created)
        assert launch.COOKIE not in answer.cookies

    def test_post_is_as_get(self, attempt):
        assert Client().post(signed(attempt)).status_code == 302
        assert status_of(attempt) == Status.ready_to_start

    def test_post_needs_the_csrf_token(self, attempt):
        assert Client(enforce_csrf_checks=True).post(signed(attempt)).status_code == 403
        assert status_of(attempt) == Status.created

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_others_are_405(self, attempt, method):
        assert getattr(Client(), method)(signed(attempt)).status_code == 405
        assert status_of(attempt) == Status.created


class TestSignature:
    @pytest.mark.parametrize("query", ["", "?signature=", "?signature=x", "?signature=%ff%00:x", "?Signature=x"])
    def test_weakness_s7_without_it_nobody_launches(self, attempt, query, caplog):
        answer = Client().get(plain(attempt) + query)
        assert (answer.status_code, set(answer.json())) == (403, {"detail"})
        assert (status_of(attempt), answer.cookies) == (Status.created, {})
        assert len([record for record in caplog.records if "signature" in record.getMessage()]) == 1
        assert attempt.attempt_code not in " ".join(record.getMessage() for record in caplog.records[:1])

    def test_of_another_attempt_is_refused(self, attempt):
        other = AttemptFactory(proctored_exam=attempt.proctored_exam)
        assert Client().get(f"{plain(attempt)}?signature={signature(other)}").status_code == 403

    def test_is_not_needed_where_the_site_allows_that(self):
        attempt = AttemptFactory(proctored_exam=ExamFactory(backend="lenient"), status=Status.created)
        assert Client().get(plain(attempt)).status_code == 302
        assert status_of(attempt) == Status.ready_to_start

    def test_an_address_given_out_before_the_site_wanted_signatures_no_longer_works(self, attempt, settings):
        lenient = settings.PROCTORING_BACKENDS["software_secure"]
        lenient["allow_unsigned_callbacks"] = True
        assert Client().head(plain(attempt)).status_code == 302
        lenient["allow_unsigned_callbacks"] = False
        assert Client().head(plain(attempt)).status_code == 403


class TestUnknown:
    def test_is_404_in_plain_text(self):
        answer = Client().get(launch.signed_address("", "UNKNOWN"))
        assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")

    @pytest.mark.parametrize("backend", ["other", "gone"])
    def test_another_vendors_attempt_is_unknown_here(self, backend):
        attempt = AttemptFactory(proctored_exam=ExamFactory(backend=backend), status=Status.created)
        assert Client().get(signed(attempt)).status_code == 404
        assert status_of(attempt) == Status.created

    def test_a_deleted_attempt_is_unknown(self, attempt):
        address = signed(attempt)
        attempt.delete()
        assert Client().get(address).status_code == 404

    def test_a_code_that_several_have_is_unknown(self, attempt):
        AttemptFactory(proctored_exam=attempt.proctored_exam, attempt_code=attempt.attempt_code)
        assert Client().get(signed(attempt)).status_code == 404

    def test_switched_off_is_not_there(self, attempt, settings):
        settings.FEATURES = {"ENABLE_SPECIAL_EXAMS": False}
        assert Client().get(signed(attempt)).status_code == 404


class TestPass:
    def cookie(self, attempt, **extra):
        return Client().get(signed(attempt), **extra).cookies[launch.COOKIE]

    def test_is_for_this_attempt_and_its_learner(self, attempt, rf):
        AllowanceFactory(user=attempt.user, proctored_exam=attempt.proctored_exam, value="30")
        with time_machine.travel("2026-05-01T00:00:00Z", tick=False):
            cookie = self.cookie(attempt)
            rf.cookies[launch.COOKIE] = cookie.value
            value = rf.get("/").get_signed_cookie(launch.COOKIE)
        seconds = (12 * 60 + 90 + 30) * 60
        assert cookie["max-age"] == seconds
        assert value == f"{attempt.pk}.{attempt.user_id}.{1777593600 + seconds}"
        assert attempt.attempt_code not in cookie.value

    def test_weakness_s7_is_out_of_reach_of_scripts_and_other_sites(self, attempt, settings):
        settings.HTTPS = "on"
        cookie = self.cookie(attempt)
        assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "Lax", True, "/")

    @pytest.mark.parametrize(("https", "extra", "secure"), [("off", {}, ""), ("off", {"secure": True}, True)])
    def test_is_secure_where_the_site_is(self, attempt, settings, https, extra, secure):
        settings.HTTPS = https
        assert self.cookie(attempt, **extra)["secure"] == secure

    def test_weakness_s7_opens_no_other_exam_of_its_learner(self, attempt, rf, lms):
        browser, exam = Client(), attempt.proctored_exam
        browser.get(signed(attempt))
        other = AttemptFactory(user=attempt.user, proctored_exam=ExamFactory(backend="software_secure"))
        running = {"status": Status.started, "started_at": timezone.now(), "allowed_time_limit_mins": 90}
        ProctoredExamStudentAttempt.objects.update(**running)

        def is_blocked(seen):
            request = rf.get("/")
            request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
            request.user = attempt.user
            crum.set_current_request(request)
            try:
                return access.snapshot(attempt.user_id, seen, {}, timezone.now()).vendor_blocks
            finally:
                crum.set_current_request(None)

        assert (is_blocked(exam), is_blocked(other.proctored_exam)) == (False, True)

    def test_opens_the_exam_for_its_learner_only(self, attempt, rf):
        plugin = provider_named("software_secure")
        browser = Client()
        browser.get(signed(attempt))

        def blocked(user, at=timedelta(0)):
            request = rf.get("/")
            request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
            request.user = user
            crum.set_current_request(request)
            try:
                with time_machine.travel(timezone.now() + at):
                    return plugin.should_block_access_to_exam_material()
            finally:
                crum.set_current_request(None)

        assert blocked(attempt.user) is False
        assert blocked(UserFactory()) is True
        assert blocked(attempt.user, at=timedelta(hours=13)) is False
        assert blocked(attempt.user, at=timedelta(hours=14)) is True


def test_the_address_in_a_registration_is_the_one_that_works(attempt):
    parts = urlsplit(launch.signed_address("https://lms.example.org", attempt.attempt_code))
    assert Client().get(f"{parts.path}?{parts.query}").status_code == 302
