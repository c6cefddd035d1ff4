"""The learner's screens as the host gets them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from crum import set_current_request
from django.template.loader import get_template
from django.utils import translation

import proctoring
from proctoring.api import screens as api
from proctoring.backends import provider_named
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.pages.learner import VERBS
from proctoring.screens import Clock, DesktopApplication, ExamKind, Facts, Requirement, Screen, Situation
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, STARTED_AT, AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.screen_fakes import EVERYBODY, HOST, SETTING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]

NOW = STARTED_AT + timedelta(minutes=30)
KINDS = {"timed_exam": ExamKind.TIMED, "practice_exam": ExamKind.PRACTICE, "onboarding_exam": ExamKind.ONBOARDING}
FORMS = re.compile(r'action="([^"]+)"\s+hx-post="([^"]+)"[^>]+data-proctoring-action="([^"]+)"')
EVIL = "<script>alert(1)</script>"
RICH = Facts(
    exam_id=12345,
    course_id=COURSE_ID,
    content_id="block",
    exam_name=f"Final {EVIL}",
    due_date=NOW + timedelta(days=3),
    results_at=NOW + timedelta(days=5),
    attempt_id=67890,
    attempt_code="CODE-1",
    total_minutes=90,
    remaining_seconds=3900.5,
    extra_time_hint=True,
    may_opt_out=True,
    review_policy=f"Open book {EVIL}",
    unmet=(Requirement(name=f"Essay {EVIL}", content_id="other"), Requirement(name="Interview")),
    onboarding_content_id="onboarding",
    provider_name=f"Watcher {EVIL}",
    provider_support_email="support@vendor.example",
    provider_support_phone="+1 555 0100",
    provider_sender_email="results@vendor.example",
    onboarding_contact_email="onboarding@vendor.example",
    escalation_email="team@example.org",
)
CLOCK = Clock(
    attempt_id=67890, status="ready_to_submit", remaining_seconds=3900.5, low_seconds=1080, critical_seconds=270
)
POOR = replace(Facts(exam_id=1, course_id=COURSE_ID, content_id="block", exam_name="Final"), total_minutes=1)


@pytest.fixture(autouse=True)
def _host(settings):
    settings.AUTHENTICATION_BACKENDS = [EVERYBODY]
    settings.PROCTORING_BACKENDS = {"DEFAULT": "guided", "guided": SETTING}
    settings.CONTACT_EMAIL = "help@example.org"
    settings.ROOT_URLCONF = HOST


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def exam():
    return ExamFactory(backend="guided", exam_name="Final exam")


def view(user, exam, role="student", **context):
    return api.get_student_view(user.pk, exam.course_id, exam.content_id, context, user_role=role)


def shown(html):
    return Screen(re.search(r'data-proctoring-screen="([^"]+)"', html)[1])


class TestEverySheet:
    @pytest.mark.parametrize("facts", [RICH, POOR], ids=["rich", "poor"])
    @pytest.mark.parametrize("screen", Screen)
    def test_renders_and_says_what_now(self, screen, facts):
        html = api.render(screen, self.situation(screen, facts))
        assert shown(html) is screen
        assert html.count("<h2") == html.count("</h2>") == 1
        assert "What this means" in html
        assert "What to do next" in html
        assert re.search(r'role="status">\s*\S', html)
        assert f'aria-labelledby="proctoring-heading-{facts.exam_id}"' in html

    @pytest.mark.parametrize("screen", Screen)
    def test_trusts_nobody_and_needs_no_inline_code(self, screen):
        html = api.render(screen, self.situation(screen, RICH))
        assert EVIL not in html
        assert not re.search(r"<style|style=|\son[a-z]+=|javascript:", html)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))

    @pytest.mark.parametrize("screen", Screen)
    def test_buttons_have_an_address_to_send_to(self, screen):
        html = api.render(screen, self.situation(screen, RICH))
        for address, sent_by_htmx, verb in FORMS.findall(html):
            begins = f"/api/edx_proctoring/pages/exam/{RICH.exam_id}/attempt"
            moves = f"/api/edx_proctoring/pages/attempt/{RICH.attempt_id}/{verb}"
            assert address == sent_by_htmx == (begins if verb == "create" else moves)
            assert verb == "create" or verb in VERBS
        assert html.count("<form") == len(FORMS.findall(html))

    @pytest.mark.parametrize(("application", "waits"), [(None, False), (DesktopApplication("/worker.js", 60), True)])
    def test_nobody_starts_before_the_vendors_application_can_be_told(self, application, waits):
        html = api.render(
            Screen.READY_TO_START, self.situation(Screen.READY_TO_START, replace(RICH, application=application))
        )
        assert (re.search(r"<button[^>]+disabled", html) is not None) is waits
        assert ('data-script-url="/worker.js"' in html) is waits

    def test_ids_are_plain_digits_in_every_language(self, settings):
        settings.USE_THOUSAND_SEPARATOR = True
        with translation.override("de"):
            html = api.render(Screen.TIMED_ENTRANCE, self.situation(Screen.TIMED_ENTRANCE, RICH))
        assert 'data-exam-id="12345"' in html
        assert 'data-attempt-id="67890"' in html

    @pytest.mark.parametrize("screen", [Screen.TIMED_READY_TO_SUBMIT, Screen.READY_TO_SUBMIT, Screen.WRONG_BROWSER])
    def test_the_clock_is_shown_where_it_runs_and_no_content_is(self, screen):
        facts = replace(RICH, clock=CLOCK, application=DesktopApplication(f"https://vendor.example/{EVIL}", 60, "a1"))
        html = api.render(screen, self.situation(screen, facts))
        assert 'data-poll-url="/api/edx_proctoring/v1/proctored_exam/attempt/67890"' in html
        assert 'data-status="ready_to_submit"' in html
        assert 'data-ping-interval="60"' in html
        assert EVIL not in html
        assert "data-proctoring-timer" not in api.render(screen, self.situation(screen, RICH))

    def test_every_template_of_a_screen_belongs_to_one(self):
        folder = Path(proctoring.__file__).parent / "templates" / "proctoring"
        shared = {"screen", "timer", "refused", "onboarding_panel", "onboarding_panel_page"}
        files = {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.html")}
        ours = {name for name in files if not name.startswith(("parts/", "emails/")) and name not in shared}
        assert set(map(str, Screen)) <= ours
        for screen in Screen:
            assert get_template(f"proctoring/{screen}.html")

    def situation(self, screen, facts):
        kind = KINDS.get(screen.split("/")[0], ExamKind.PROCTORED)
        return Situation(kind=kind, status=Status.rejected, facts=facts)


def test_only_learners_see_screens(user, exam):
    assert view(user, exam, role="staff") is None
    assert view(user, exam) is not None


def test_pages_that_the_host_has_are_linked(user, exam):
    AttemptFactory(user=user, proctored_exam=exam, submitted=True)
    assert f'href="/courses/{exam.course_id}/progress"' in view(user, exam)
    onboarding = ExamFactory(backend="guided", practice=True)
    AttemptFactory(user=user, proctored_exam=exam, status=Status.onboarding_missing)
    assert onboarding.content_id in view(user, exam)


def test_pages_that_the_host_lacks_are_left_out(user, exam):
    user.is_active = False
    user.save()
    html = view(user, exam)
    assert shown(html) is Screen.INACTIVE_ACCOUNT
    assert "password" not in html


def test_help_pages_of_the_settings_are_linked(user, exam, settings):
    settings.PROCTORING_SETTINGS = {
        "LINK_URLS": {"faq": "https://help.example/faq", "contact_us": "https://help.example"}
    }
    html = view(user, exam)
    assert 'href="https://help.example/faq"' in html
    assert 'href="https://help.example"' in html


def test_an_inactive_exam_shows_its_content(user):
    assert view(user, ExamFactory(is_active=False)) is None


def test_a_running_exam_shows_its_content(user, exam):
    AttemptFactory(user=user, proctored_exam=exam, started=True)
    assert view(user, exam) is None


def test_the_context_is_left_alone(user, exam):
    context = {"due_date": NOW, "credit_state": {"credit_requirement_status": []}}
    before = {"due_date": NOW, "credit_state": {"credit_requirement_status": []}}
    api.get_student_view(user.pk, exam.course_id, exam.content_id, context)
    assert context == before


class TestExamThatNobodyRegistered:
    content_id = "block-v1:Test+EXAMS+2026+type@sequential+block@new"
    context = {"display_name": "New", "default_time_limit_mins": 20}

    def test_is_created_from_the_context(self, user):
        due = NOW + timedelta(days=1)
        html = api.get_student_view(user.pk, COURSE_ID, self.content_id, self.context | {"due_date": due})
        assert shown(html) is Screen.TIMED_ENTRANCE
        assert "20 minutes" in html
        exam = ProctoredExam.objects.get(content_id=self.content_id)
        assert (exam.exam_name, exam.time_limit_mins, exam.is_active, exam.due_date) == ("New", 20, True, due)
        assert not exam.is_proctored

    def test_takes_the_flags_along(self, user):
        flags = {"is_proctored": True, "is_practice_exam": True, "hide_after_due": True}
        html = api.get_student_view(user.pk, COURSE_ID, self.content_id, self.context | flags)
        assert shown(html) is Screen.PRACTICE_ENTRANCE
        exam = ProctoredExam.objects.get(content_id=self.content_id)
        assert exam.hide_after_due

    @pytest.mark.parametrize("missing", ["display_name", "default_time_limit_mins"])
    def test_needs_a_name_and_a_length(self, user, missing):
        context = {key: value for key, value in self.context.items() if key != missing}
        with pytest.raises(KeyError):
            api.get_student_view(user.pk, COURSE_ID, self.content_id, context)


def test_an_earlier_opt_out_declines_this_exam_too(user, exam):
    requirement = {"namespace": "proctored_exam", "name": "earlier", "order": 0, "status": "declined"}
    assert view(user, exam, credit_state={"credit_requirement_status": [requirement]}) is None
    attempt = ProctoredExamStudentAttempt.objects.get(user=user, proctored_exam=exam)
    assert attempt.status == Status.declined
    assert not attempt.taking_as_proctored


def test_two_learners_who_open_a_new_exam_at_once_get_the_same_one(user, exam):
    found = api._created(exam.course_id, exam.content_id, {"display_name": "Late", "default_time_limit_mins": 1})
    assert found == exam


class TestEntrance:
    def test_of_a_timed_exam_creates_or_starts(self, user):
        exam = ExamFactory(timed=True, time_limit_mins=61)
        html = view(user, exam)
        assert "1 hour and 1 minute" in html
        assert 'data-proctoring-action="create"' in html
        assert 'name="proctored" value="false"' in html
        AttemptFactory(user=user, proctored_exam=exam)
        html = view(user, exam)
        assert 'data-proctoring-action="start"' in html
        assert 'data-proctoring-action="create"' not in html

    @pytest.mark.parametrize(("minutes", "hinted"), [(20 * 60, True), (20 * 60 + 1, False)])
    def test_mentions_extra_time_for_exams_that_are_not_days_long(self, user, minutes, hinted):
        html = view(user, ExamFactory(timed=True, time_limit_mins=minutes))
        assert ("because of a disability" in html) is hinted

    def test_offers_the_way_out_only_where_the_host_allows_it(self, user, exam):
        assert "without proctoring" not in view(user, exam, allow_proctoring_opt_out=False).split("What to do next")[1]
        html = view(user, exam, allow_proctoring_opt_out=True)
        assert 'name="proctored" value="false"' in html

    def test_declines_the_attempt_that_is_there(self, user, exam):
        AttemptFactory(user=user, proctored_exam=exam)
        assert 'data-proctoring-action="decline"' in view(user, exam, allow_proctoring_opt_out=True)


class TestFormsWithoutScripts:
    """What a button needs so that it works as a plain form."""

    def test_have_the_token_and_the_page_to_come_back_to(self, user, exam, rf):
        request = rf.get("/courses/any?part=2")
        set_current_request(request)
        try:
            html = view(user, exam)
        finally:
            set_current_request()
        assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', html)
        assert 'name="next" value="/courses/any?part=2"' in html
        assert "need JavaScript" not in html
        assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]

    def test_ask_for_scripts_where_the_host_keeps_no_request(self, user, exam):
        html = view(user, exam)
        assert "csrfmiddlewaretoken" not in html
        assert "need JavaScript" in html


class TestDates:
    context = {"due_date": datetime(2026, 7, 1, 12, 0, tzinfo=UTC)}

    def test_are_in_the_learners_zone(self, user, lms):
        lms.preferences.time_zones[user.pk] = "Asia/Kolkata"
        html = view(user, ExamFactory(timed=True), **self.context)
        assert 'datetime="2026-07-01T12:00:00+00:00" data-proctoring-guessed="no"' in html
        assert "July 1, 2026, 5:30 p.m. IST" in html

    def test_are_left_to_the_browser_where_nobody_knows_the_zone(self, user):
        html = view(user, ExamFactory(timed=True), **self.context)
        assert 'data-proctoring-guessed="yes">July 1, 2026, noon UTC</time>' in html


@pytest.mark.parametrize(
    ("left", "past_due", "says", "offers"),
    [
        (timedelta(days=100), False, "is accepted", False),
        (timedelta(days=10), False, "is accepted", True),
        (timedelta(days=-1), False, "has expired", True),
        (timedelta(days=-1), True, "Ask your course team", False),
    ],
)
def test_an_accepted_onboarding_can_be_renewed_in_time(left, past_due, says, offers):
    facts = replace(
        POOR, attempt_id=7, approved_until=NOW + left, approval_over=left < timedelta(), renewal_due=left.days < 28
    )
    situation = Situation(kind=ExamKind.ONBOARDING, status=Status.verified, past_due=past_due, facts=facts)
    html = api.render(Screen.ONBOARDING_VERIFIED, situation)
    assert says in html
    assert ("Take it again" in html) is offers


class TestInstructions:
    @pytest.fixture(autouse=True)
    def _attempt(self, user, exam):
        self.provider = provider_named("guided")
        self.attempt = AttemptFactory(user=user, proctored_exam=exam, attempt_code="THE-CODE")
        yield
        self.provider.__dict__.pop("answer", None)
        self.provider.fail_with = None

    def test_show_the_vendors_steps_and_wait(self, user, exam):
        html = view(user, exam)
        assert shown(html) is Screen.INSTRUCTIONS
        assert "<li><bdi>Install it.</bdi></li>" in html
        assert 'href="https://vendor.example/get"' in html
        waiting = f"/api/edx_proctoring/pages/attempt/{self.attempt.pk}/waiting"
        assert f'hx-get="{waiting}?status=created&amp;seconds=3"' in html
        assert f'data-proctoring-opened="/api/edx_proctoring/v1/proctored_exam/attempt/{self.attempt.pk}"' in html
        assert "THE-CODE" not in html

    def test_are_text_whatever_the_vendor_says(self, user, exam):
        self.provider.answer = {"instructions": ["1 < 2 & <img src=x onerror=alert(1)>"]}
        html = view(user, exam)
        assert "<img" not in html
        assert "1 &lt; 2 &amp;" in html

    def test_show_the_code_of_a_vendor_without_steps(self, user, exam):
        self.provider.answer = {}
        assert 'value="THE-CODE"' in view(user, exam)

    def test_say_that_the_vendor_does_not_answer(self, user, exam):
        self.provider.fail_with = OSError()
        html = view(user, exam)
        assert "does not answer" in html
        assert "THE-CODE" not in html


def test_a_past_due_running_attempt_can_still_be_handed_in(user):
    exam = ExamFactory(timed=True)
    AttemptFactory(user=user, proctored_exam=exam, started=True)
    html = view(user, exam, due_date=NOW - timedelta(minutes=1))
    assert shown(html) is Screen.TIMED_EXPIRED
    assert 'data-proctoring-action="submit"' in html


@pytest.mark.parametrize(("allowed", "offered"), [(40, True), (30, False)])
def test_working_on_is_offered_while_time_is_left(user, exam, allowed, offered):
    AttemptFactory(
        user=user, proctored_exam=exam, started=True, status=Status.ready_to_submit, allowed_time_limit_mins=allowed
    )
    assert ('data-proctoring-action="start"' in view(user, exam)) is offered


@pytest.mark.parametrize(("seconds", "said"), [(60, "1 minute left"), (59, "less than a minute left")])
def test_time_left_is_never_said_to_be_nothing_while_there_is_some(seconds, said):
    facts = replace(POOR, attempt_id=7, remaining_seconds=seconds, clock=replace(CLOCK, remaining_seconds=seconds))
    situation = Situation(kind=ExamKind.TIMED, status=Status.ready_to_submit, facts=facts)
    assert said in api.render(Screen.TIMED_READY_TO_SUBMIT, situation)


class TestViewMyExam:
    offer = "View my exam"

    @pytest.mark.parametrize("status", ["submitted", "second_review_required", "rejected", "verified"])
    def test_is_offered_after_the_due_date_where_the_site_allows_it(self, status):
        facts = replace(POOR, attempt_id=7)
        situation = Situation(
            kind=ExamKind.PROCTORED, status=status, past_due=True, viewable_past_due=True, facts=facts
        )
        screen = {"rejected": Screen.REJECTED, "verified": Screen.VERIFIED}.get(status, Screen.SUBMITTED)
        html = api.render(screen, situation)
        assert self.offer in html
        assert 'action="/api/edx_proctoring/pages/attempt/7/acknowledge"' in html
        assert self.offer not in api.render(screen, replace(situation, past_due=False))
        assert self.offer not in api.render(screen, replace(situation, viewable_past_due=False))


class TestTimer:
    def test_counts_what_the_server_says(self, user, exam):
        attempt = AttemptFactory(user=user, proctored_exam=exam, started=True)
        html = api.get_timer_view(user.pk, exam.course_id, exam.content_id)
        assert f'data-poll-url="/api/edx_proctoring/v1/proctored_exam/attempt/{attempt.pk}"' in html
        assert 'data-remaining-seconds="3600.000"' in html
        assert f'action="/api/edx_proctoring/pages/attempt/{attempt.pk}/stop"' in html
        assert 'data-low-seconds="1080"' in html
        assert 'data-critical-seconds="270"' in html
        assert "Proctored exam: Final exam" in html

    def test_is_absent_where_no_clock_runs(self, user, exam):
        assert api.get_timer_view(user.pk, exam.course_id, exam.content_id) is None
        assert api.get_timer_view(user.pk, exam.course_id, "no such block") is None
