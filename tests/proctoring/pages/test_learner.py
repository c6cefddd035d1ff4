"""What a learner's buttons do, whoever presses them and however."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proctoring.exceptions import BackendProviderCannotRegisterAttempt
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.pages.learner import VERBS
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.screen_fakes import EVERYBODY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]

Attempts = ProctoredExamStudentAttempt.objects
HTMX = {"HX-Request": "true"}
BACK = "/courses/course-v1:Test+EXAMS+2026/progress?part=2"
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _host(settings):
    settings.AUTHENTICATION_BACKENDS = [MODEL_BACKEND, EVERYBODY]


@pytest.fixture
def learner(client):
    someone = UserFactory()
    client.force_login(someone, backend=MODEL_BACKEND)
    return someone


def begin_url(exam_id):
    return reverse("edx_proctoring:pages.begin", args=[exam_id])


def act_url(attempt_id, verb):
    return reverse("edx_proctoring:pages.act", args=[attempt_id, verb])


def waiting_url(attempt_id, **query):
    return reverse("edx_proctoring:pages.waiting", args=[attempt_id], query=query)


def page_of(exam):
    return reverse("jump_to", args=[exam.course_id, exam.content_id])


class TestBeginning:
    @pytest.mark.parametrize(
        ("flags", "proctored", "status"),
        [
            ({"timed": True}, "false", Status.started),
            ({"backend": "watcher"}, "true", Status.created),
            ({"backend": "watcher"}, "false", Status.declined),
            ({"backend": "watcher", "practice": True}, "true", Status.created),
        ],
    )
    def test_makes_an_attempt(self, client, learner, vendor, flags, proctored, status):
        exam = ExamFactory(**flags)
        answer = client.post(begin_url(exam.pk), {"proctored": proctored})
        assert (answer.status_code, answer.headers["Location"]) == (302, page_of(exam))
        attempt = Attempts.get(user=learner)
        assert (attempt.status, attempt.taking_as_proctored) == (status, proctored == "true")

    def test_twice_is_once(self, client, learner):
        exam = ExamFactory(timed=True)
        for _ in range(2):
            assert client.post(begin_url(exam.pk), {"proctored": "false"}).status_code == 302
        assert Attempts.filter(user=learner).count() == 1

    def test_with_proctoring_is_for_those_whom_the_host_lets(self, client, learner, settings):
        settings.AUTHENTICATION_BACKENDS = [MODEL_BACKEND]
        exam = ExamFactory(backend="watcher")
        assert client.post(begin_url(exam.pk), {"proctored": "true"}).status_code == 404
        assert not Attempts.exists()

    @pytest.mark.parametrize("exam_id", [7, 10**30])
    def test_needs_an_exam(self, client, learner, exam_id):
        assert client.post(begin_url(exam_id), {"proctored": "true"}).status_code == 404

    def test_says_what_is_in_the_way(self, client, learner):
        exam = ExamFactory(timed=True, due_date=timezone.now() - timedelta(days=1))
        answer = client.post(begin_url(exam.pk), {"proctored": "false"})
        assert answer.status_code == 409
        assert "due date of this exam has passed" in answer.content.decode()
        assert f'href="{page_of(exam)}"' in answer.content.decode()

    def test_says_that_the_vendor_refused_and_nothing_of_what_it_said(self, client, learner, vendor):
        vendor.fail_with = BackendProviderCannotRegisterAttempt("secret of the vendor", 401)
        exam = ExamFactory(backend="watcher")
        answer = client.post(begin_url(exam.pk), {"proctored": "true"}, headers=HTMX)
        assert answer.status_code == 502
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.content.decode().startswith("The proctoring service could not register this attempt.")
        assert "secret" not in answer.content.decode()


class TestActing:
    @pytest.mark.parametrize(
        ("flags", "before", "verb", "after"),
        [
            ({"timed": True}, Status.created, "start", Status.started),
            ({"timed": True}, Status.started, "stop", Status.ready_to_submit),
            ({"timed": True}, Status.ready_to_submit, "submit", Status.submitted),
            ({"timed": True}, Status.ready_to_submit, "start", Status.started),
            ({"backend": "watcher"}, Status.created, "decline", Status.declined),
        ],
    )
    def test_moves_the_attempt(self, client, learner, flags, before, verb, after):
        exam = ExamFactory(**flags)
        started = {"started_at": timezone.now(), "allowed_time_limit_mins": 90} if before != Status.created else {}
        attempt = AttemptFactory(user=learner, proctored_exam=exam, status=before, **started)
        answer = client.post(act_url(attempt.pk, verb))
        assert (answer.status_code, answer.headers["Location"]) == (302, page_of(exam))
        attempt.refresh_from_db()
        assert attempt.status == after

    def test_starting_over_makes_a_new_attempt(self, client, learner, vendor):
        attempt = AttemptFactory(
            user=learner, proctored_exam=ExamFactory(backend="watcher", practice=True), status=Status.rejected
        )
        assert client.post(act_url(attempt.pk, "reset_attempt")).status_code == 302
        assert [one.status for one in Attempts.order_by("pk")] == [Status.onboarding_reset, Status.created]

    def test_looking_at_a_finished_exam_is_up_to_the_site(self, client, learner, settings):
        attempt = AttemptFactory(user=learner, submitted=True)
        assert client.post(act_url(attempt.pk, "acknowledge")).status_code == 404
        settings.PROCTORED_EXAM_VIEWABLE_PAST_DUE = True
        assert client.post(act_url(attempt.pk, "acknowledge")).status_code == 302
        attempt.refresh_from_db()
        assert attempt.is_status_acknowledged

    @pytest.mark.parametrize("verb", ["error", "mark_ready_to_resume", "click_download_software", "delete", "__init__"])
    def test_what_is_no_button_is_not_there(self, client, learner, verb):
        attempt = AttemptFactory(user=learner)
        assert client.post(act_url(attempt.pk, verb)).status_code == 404
        attempt.refresh_from_db()
        assert attempt.status == Status.created

    def test_starting_twice_is_starting(self, client, learner):
        attempt = AttemptFactory(
            user=learner,
            proctored_exam=ExamFactory(timed=True),
            status=Status.started,
            started_at=timezone.now(),
            allowed_time_limit_mins=90,
        )
        assert client.post(act_url(attempt.pk, "start")).status_code == 302

    @pytest.mark.parametrize(("verb", "address"), [("start", ""), ("stop", "jump_to")])
    def test_htmx_loads_the_page_again_or_goes_to_the_exam(self, client, learner, verb, address):
        exam = ExamFactory(timed=True)
        status = Status.created if verb == "start" else Status.started
        attempt = AttemptFactory(
            user=learner, proctored_exam=exam, status=status, started_at=timezone.now(), allowed_time_limit_mins=90
        )
        answer = client.post(act_url(attempt.pk, verb), {"next": BACK}, headers=HTMX)
        assert answer.status_code == 200
        assert answer.headers.get("HX-Redirect", "") == (page_of(exam) if address else "")
        assert ("HX-Refresh" in answer.headers) is not bool(address)

    def test_a_refusal_is_a_sentence_that_says_nothing_of_the_status(self, client, learner):
        attempt = AttemptFactory(user=learner, status=Status.verified)
        answer = client.post(act_url(attempt.pk, "start"), headers=HTMX)
        assert (answer.status_code, answer.content.decode()) == (
            409,
            "This is not possible in the attempt's present state.",
        )
        page = client.post(act_url(attempt.pk, "start"), {"next": BACK})
        assert page.status_code == 409
        assert f'href="{BACK}"' in page.content.decode()


class TestComingBack:
    @pytest.mark.parametrize(
        ("wanted", "goes_to_it"),
        [
            (BACK, True),
            ("/", True),
            ("https://evil.example/", False),
            ("//evil.example/", False),
            ("javascript:alert(1)", False),
            ("/\\evil.example", False),
            ("http://testserver:80@evil.example/", False),
            ("", False),
        ],
    )
    def test_is_to_a_page_of_this_site(self, client, learner, wanted, goes_to_it):
        exam = ExamFactory(timed=True)
        answer = client.post(begin_url(exam.pk), {"proctored": "false", "next": wanted})
        assert answer.headers["Location"] == (wanted if goes_to_it else page_of(exam))

    def test_is_to_the_front_page_where_the_host_shows_no_exams(self, client, learner, settings):
        settings.ROOT_URLCONF = "tests.proctoring.rest.without_host"
        answer = client.post(begin_url(ExamFactory(timed=True).pk), {"proctored": "false"})
        assert answer.headers["Location"] == "/"


class TestWaiting:
    @pytest.fixture
    def attempt(self, learner):
        return AttemptFactory(user=learner)

    @pytest.mark.parametrize(
        ("waited", "next_time"), [(3, 4), (29, 30), (30, 30), ("", 4), (-1, 4), ("many", 4), ("٣", 4), (10**9, 4)]
    )
    def test_goes_on_more_slowly(self, client, attempt, waited, next_time):
        answer = client.get(waiting_url(attempt.pk, status="created", seconds=waited), headers=HTMX)
        assert f"every {next_time}s" in answer.content.decode()
        assert f"status=created&amp;seconds={next_time}" in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]

    @pytest.mark.parametrize("status", [Status.download_software_clicked, Status.ready_to_start, Status.error])
    def test_ends_when_the_attempt_moves_on(self, client, attempt, status):
        Attempts.update(status=status)
        answer = client.get(waiting_url(attempt.pk, status="created", seconds=3), headers=HTMX)
        assert answer.headers["HX-Refresh"] == "true"

    def test_is_only_for_what_is_set_up(self, client, attempt):
        Attempts.update(status=Status.submitted)
        answer = client.get(waiting_url(attempt.pk, status="submitted", seconds=3), headers=HTMX)
        assert answer.headers["HX-Refresh"] == "true"

    def test_ends_when_the_attempt_is_removed(self, client, attempt):
        assert client.get(waiting_url(attempt.pk + 1, status="created")).status_code == 404
        answer = client.get(waiting_url(attempt.pk + 1, status="created"), headers=HTMX)
        assert answer.headers["HX-Refresh"] == "true"


class TestWhoMay:
    @pytest.fixture
    def addresses(self):
        attempt = AttemptFactory(proctored_exam=ExamFactory(timed=True))
        return [act_url(attempt.pk, verb) for verb in VERBS]

    def test_nobody_acts_for_somebody_else_and_nobody_learns_whose_it_is(self, client, addresses, learner, lms):
        attempt = Attempts.get()
        lms.instructor.staff.add((learner.pk, attempt.proctored_exam.course_id))
        site_staff = UserFactory(superuser=True)
        for person in (learner, site_staff):
            client.force_login(person, backend=MODEL_BACKEND)
            for address in addresses:
                foreign, missing = client.post(address), client.post(address.replace(str(attempt.pk), "99999"))
                assert (foreign.status_code, missing.status_code) == (404, 404)
            assert client.get(waiting_url(attempt.pk, status="created")).status_code == 404
        attempt.refresh_from_db()
        assert attempt.status == Status.created

    def test_strangers_sign_in_first(self, client, addresses):
        for address in addresses:
            answer = client.post(address, {"next": BACK})
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith("/accounts/login/?next=/courses/")
            # The page that asked is one for those who are signed in, and sends its visitors there.
            assert client.post(address, headers=HTMX).headers["HX-Refresh"] == "true"

    def test_suspended_accounts_do_nothing(self, client, learner, monkeypatch):
        attempt = AttemptFactory(user=learner, proctored_exam=ExamFactory(timed=True))
        monkeypatch.setattr(f"{MODEL_BACKEND}.user_can_authenticate", lambda *_: True)
        learner.is_active = False
        learner.save()
        assert client.post(act_url(attempt.pk, "start")).status_code == 403
        attempt.refresh_from_db()
        assert attempt.status == Status.created

    def test_nobody_is_tricked_into_it_whatever_the_hosts_middleware(self, learner, settings):
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Csrf" not in name]
        attempt = AttemptFactory(user=learner, proctored_exam=ExamFactory(timed=True))
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(learner, backend=MODEL_BACKEND)
        assert browser.post(act_url(attempt.pk, "start")).status_code == 403
        assert browser.post(begin_url(attempt.proctored_exam_id), {"proctored": "false"}).status_code == 403

    def test_too_often_is_told_with_the_way_back(self, client, learner, settings):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"THROTTLE_RATES": {"write": "1/min"}}
        attempt = AttemptFactory(user=learner, proctored_exam=ExamFactory(timed=True))
        start = act_url(attempt.pk, "start")
        # The REST routes count the same account in the same way.
        assert client.post(reverse("edx_proctoring:proctored_exam.attempt.collection")).status_code == 400
        page = client.post(start, {"next": BACK})
        assert page.status_code == 429
        assert f'href="{BACK}"' in page.content.decode()
        said = client.post(start, headers=HTMX)
        assert (said.status_code, said["Content-Type"]) == (429, "text/plain; charset=utf-8")
        assert f"Wait for {said['Retry-After']} second" in said.content.decode()
        attempt.refresh_from_db()
        assert attempt.status == Status.created
        assert client.get(waiting_url(attempt.pk, status="created"), headers=HTMX).status_code == 200

    @pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
    def test_looking_changes_nothing(self, client, learner, method):
        attempt = AttemptFactory(user=learner, proctored_exam=ExamFactory(timed=True))
        assert getattr(client, method)(act_url(attempt.pk, "start")).status_code == 405
        assert getattr(client, method)(begin_url(attempt.proctored_exam_id)).status_code == 405

    def test_nothing_is_there_where_special_exams_are_off(self, client, learner, settings):
        settings.FEATURES = {"ENABLE_SPECIAL_EXAMS": False}
        attempt = AttemptFactory(user=learner, proctored_exam=ExamFactory(timed=True))
        assert client.post(act_url(attempt.pk, "start")).status_code == 404


def test_a_button_costs_few_queries(client, learner, query_budget):
    exam = ExamFactory(timed=True)
    attempt = AttemptFactory(user=learner, proctored_exam=exam)
    AttemptFactory.create_batch(3, proctored_exam=exam)
    with query_budget("pages.act"):
        assert client.post(act_url(attempt.pk, "start"), headers=HTMX).status_code == 200
    waiting = AttemptFactory(user=learner)
    with query_budget("pages.waiting"):
        client.get(waiting_url(waiting.pk, status="created"), headers=HTMX)
    other = ExamFactory(timed=True)
    with query_budget("pages.begin"):
        client.post(begin_url(other.pk), {"proctored": "false"}, headers=HTMX)
