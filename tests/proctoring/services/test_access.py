"""What a learner's situation is made of, and what it costs."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proctoring.backends import provider_named
from proctoring.exceptions import UserNotFoundException
from proctoring.lms import set_runtime_service
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.screens import Clock, DesktopApplication, ExamKind, Prerequisites, Requirement
from proctoring.services import access
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import STARTED_AT, AllowanceFactory, AttemptFactory, ExamFactory, ReviewPolicyFactory, UserFactory
from tests.proctoring.screen_fakes import EVERYBODY, NOBODY, ONBOARDS, SETTING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]

NOW = STARTED_AT + timedelta(minutes=30)
BUDGET = 5


@pytest.fixture(autouse=True)
def _host(settings):
    settings.AUTHENTICATION_BACKENDS = [EVERYBODY]
    settings.PROCTORING_BACKENDS = {"DEFAULT": "guided", "guided": SETTING, "onboards": ONBOARDS}


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def exam():
    return ExamFactory(backend="guided")


def look(user, exam, now=NOW, **context):
    return access.snapshot(user.pk, exam, context, now)


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({"timed": True}, ExamKind.TIMED),
        ({"backend": "guided"}, ExamKind.PROCTORED),
        ({"backend": "onboards"}, ExamKind.PROCTORED),
        ({"backend": "guided", "practice": True}, ExamKind.PRACTICE),
        ({"backend": "onboards", "practice": True}, ExamKind.ONBOARDING),
        ({"timed": True, "practice": True}, None),
    ],
)
def test_kind_of_exam(user, flags, kind):
    assert look(user, ExamFactory(**flags)).kind is kind


def test_without_an_attempt(user, exam):
    situation = look(user, exam)
    assert situation.status is None
    assert not situation.past_due
    assert not situation.ready_to_resume
    assert situation.prerequisites is Prerequisites.SATISFIED
    assert situation.facts.attempt_id is None
    assert situation.facts.total_minutes == 90
    assert situation.facts.remaining_seconds == 0


def test_an_unknown_learner_and_an_unknown_vendor_are_refused(user, exam):
    with pytest.raises(UserNotFoundException):
        access.snapshot(user.pk + 1, exam, {}, NOW)
    with pytest.raises(NotImplementedError):
        look(user, ExamFactory(backend="gone"))


def test_permission_and_account(user, exam, settings):
    assert look(user, exam).may_take
    user.is_active = False
    user.save()
    assert not look(user, exam).account_active
    settings.AUTHENTICATION_BACKENDS = [NOBODY]
    assert not look(user, exam).may_take
    timed = look(user, ExamFactory(timed=True))
    assert timed.may_take
    assert timed.account_active


def test_the_latest_attempt_counts(user, exam):
    AttemptFactory(user=user, proctored_exam=exam, status=Status.error, ready_to_resume=True)
    latest = AttemptFactory(user=user, proctored_exam=exam, status=Status.created)
    AttemptFactory(proctored_exam=exam, status=Status.verified)
    situation = look(user, exam)
    assert situation.status == Status.created
    assert situation.facts.attempt_id == latest.pk
    assert situation.facts.attempt_code == latest.attempt_code
    assert not situation.ready_to_resume


def test_a_running_attempt(user, exam):
    AttemptFactory(user=user, proctored_exam=exam, started=True)
    facts = look(user, exam).facts
    assert facts.total_minutes == 90
    assert facts.remaining_seconds == 60 * 60


def test_an_overdue_attempt_is_closed_first(user, exam):
    attempt = AttemptFactory(user=user, proctored_exam=exam, started=True)
    situation = look(user, exam, now=STARTED_AT + timedelta(minutes=90, seconds=30))
    assert situation.status == Status.submitted
    assert situation.facts.time_just_expired
    attempt.refresh_from_db()
    assert attempt.completed_at == STARTED_AT + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("worked", "since", "expected"),
    [(90, 59, True), (90, 60, False), (89, 10, False)],
)
def test_the_expiry_notice_is_for_those_who_used_their_time_up_a_minute_ago(user, exam, worked, since, expected):
    completed = STARTED_AT + timedelta(minutes=worked)
    AttemptFactory(user=user, proctored_exam=exam, submitted=True, completed_at=completed)
    assert look(user, exam, now=completed + timedelta(seconds=since)).facts.time_just_expired is expected


@pytest.mark.parametrize("missing", ["started_at", "completed_at", "allowed_time_limit_mins"])
def test_weakness_10_an_incomplete_record_is_no_error(user, exam, missing):
    AttemptFactory(user=user, proctored_exam=exam, submitted=True, **{missing: None})
    assert not look(user, exam).facts.time_just_expired


def test_ready_to_resume_offers_what_was_left(user, exam):
    attempt = AttemptFactory(
        user=user,
        proctored_exam=exam,
        started=True,
        status=Status.error,
        ready_to_resume=True,
        time_remaining_seconds=25 * 60,
    )
    situation = look(user, exam)
    assert situation.ready_to_resume
    assert situation.facts.total_minutes == 25
    assert situation.facts.remaining_seconds == 25 * 60
    ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk).update(resumed=True)
    assert not look(user, exam).ready_to_resume


def test_an_allowance_is_offered_until_the_clock_starts(user, exam):
    AllowanceFactory(user=user, proctored_exam=exam, value="15")
    assert look(user, exam).facts.total_minutes == 105
    attempt = AttemptFactory(user=user, proctored_exam=exam)
    assert look(user, exam).facts.total_minutes == 105
    ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk).update(status=Status.error)
    assert look(user, exam).facts.total_minutes == 90


class TestDueDate:
    due = NOW - timedelta(hours=1)

    def test_the_hosts_own_date_replaces_the_stored_one(self, user, exam):
        exam.due_date = NOW + timedelta(days=1)
        assert look(user, exam, due_date=self.due).past_due
        assert exam.due_date == NOW + timedelta(days=1)

    def test_a_host_that_says_none_means_none(self, user, exam):
        exam.due_date = self.due
        assert not look(user, exam, due_date=None).past_due

    def test_weakness_74_a_host_that_says_nothing_leaves_the_stored_one(self, user, exam):
        exam.due_date = self.due
        assert look(user, exam).past_due

    def test_the_learners_own_date_wins(self, user, exam, lms):
        lms.dates.due[user.pk] = NOW + timedelta(hours=2)
        situation = look(user, exam, due_date=self.due)
        assert not situation.past_due
        assert situation.facts.due_date == NOW + timedelta(hours=2)

    def test_weakness_73_results_are_released_by_the_learners_own_date(self, user, exam, lms, settings):
        settings.PROCTORED_EXAM_VIEWABLE_PAST_DUE = True
        exam.due_date = self.due
        AttemptFactory(user=user, proctored_exam=exam, submitted=True, is_status_acknowledged=True)
        assert look(user, exam).released
        lms.dates.due[user.pk] = NOW + timedelta(hours=2)
        assert not look(user, exam).released
        lms.dates.due[user.pk] = NOW
        assert look(user, exam).released

    def test_a_grace_period_is_told_while_it_runs(self, user, exam):
        context = {"due_date": self.due, "grace_period": timedelta(hours=2)}
        assert look(user, exam, **context).facts.results_at == self.due + timedelta(hours=2)
        over = look(user, exam, now=self.due + timedelta(hours=2), **context)
        assert over.facts.results_at is None
        assert look(user, exam, grace_period=timedelta(hours=2)).facts.results_at is None


def test_end_of_the_course(user, exam):
    assert look(user, exam, credit_state={"course_end_date": NOW}).course_ended
    assert not look(user, exam, credit_state={"course_end_date": NOW + timedelta(seconds=1)}).course_ended
    assert not look(user, exam, credit_state={"course_end_date": None}).course_ended


class TestPrerequisites:
    def requirement(self, order, status, name="", namespace="proctored_exam"):
        name = name or f"requirement-{order}"
        return {"order": order, "status": status, "name": name, "namespace": namespace, "display_name": f"No. {order}"}

    def look(self, user, exam, *requirements):
        return look(user, exam, credit_state={"credit_requirement_status": list(requirements)})

    @pytest.mark.parametrize(
        ("statuses", "outcome", "unmet"),
        [
            (["satisfied", "satisfied"], Prerequisites.SATISFIED, []),
            (["satisfied", None], Prerequisites.PENDING, ["No. 1"]),
            (["submitted", "pending"], Prerequisites.PENDING, ["No. 0", "No. 1"]),
            (["pending", "failed"], Prerequisites.FAILED, ["No. 1"]),
            (["failed", "declined"], Prerequisites.DECLINED, ["No. 1"]),
        ],
    )
    def test_the_worst_outcome_counts(self, user, exam, statuses, outcome, unmet):
        situation = self.look(user, exam, *(self.requirement(i, status) for i, status in enumerate(statuses)))
        assert situation.prerequisites is outcome
        assert [requirement.name for requirement in situation.facts.unmet] == unmet

    def test_only_what_comes_before_this_exam(self, user, exam):
        own = self.requirement(2, None, name=exam.content_id)
        situation = self.look(user, exam, self.requirement(3, "failed"), own, self.requirement(1, "satisfied"))
        assert situation.prerequisites is Prerequisites.SATISFIED

    def test_grades_are_no_prerequisite(self, user, exam):
        grade = self.requirement(1, "failed", namespace="grade")
        assert self.look(user, exam, grade).prerequisites is Prerequisites.SATISFIED

    def test_only_exams_can_be_linked(self, user, exam):
        other = self.requirement(1, "failed", name="verification", namespace="reverification")
        situation = self.look(user, exam, self.requirement(0, "failed", name="block-1"), other)
        assert situation.facts.unmet == (
            Requirement(name="No. 0", content_id="block-1"),
            Requirement(name="No. 1", content_id=""),
        )

    def test_the_hosts_list_is_left_alone(self, user, exam):
        given = [self.requirement(2, "failed"), self.requirement(1, "failed")]
        copies = [dict(requirement) for requirement in given]
        self.look(user, exam, *given)
        assert given == copies


def test_a_vendor_is_asked_about_the_browser_only_while_the_exam_runs(user, exam):
    provider = provider_named("guided")
    provider.blocks = True
    attempt = AttemptFactory(user=user, proctored_exam=exam)
    try:
        assert not look(user, exam).vendor_blocks
        ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk).update(status=Status.started)
        assert look(user, exam).vendor_blocks
    finally:
        provider.blocks = False


def test_what_the_vendor_is_called_and_where_it_helps(user, exam):
    facts = look(user, exam).facts
    assert facts.provider_name == "Guided"
    assert facts.provider_support_email == "support@vendor.example"
    assert facts.provider_sender_email == "results@vendor.example"
    assert facts.onboarding_contact_email == "onboarding@vendor.example"
    assert look(user, ExamFactory(timed=True)).facts.provider_name == ""


def test_rules_are_read_when_they_are_shown(user, exam):
    ReviewPolicyFactory(proctored_exam=exam, review_policy="Open book.")
    attempt = AttemptFactory(user=user, proctored_exam=exam)
    assert look(user, exam).facts.review_policy == ""
    ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk).update(status=Status.ready_to_start)
    assert look(user, exam).facts.review_policy == "Open book."


def test_the_onboarding_exam_of_the_same_vendor_is_named(user, exam):
    AttemptFactory(user=user, proctored_exam=exam, status=Status.onboarding_missing)
    ExamFactory(practice=True, backend="onboards")
    assert look(user, exam).facts.onboarding_content_id == ""
    onboarding = ExamFactory(practice=True, backend="guided")
    assert look(user, exam).facts.onboarding_content_id == onboarding.content_id


def test_weakness_36_an_onboarding_exam_that_is_not_open_is_not_offered(user, exam):
    AttemptFactory(user=user, proctored_exam=exam, status=Status.onboarding_missing)
    open_now = ExamFactory(practice=True, backend="guided", due_date=NOW + timedelta(hours=1))
    ExamFactory(practice=True, backend="guided", due_date=NOW)
    assert look(user, exam).facts.onboarding_content_id == open_now.content_id
    assert look(user, exam, now=NOW + timedelta(hours=1)).facts.onboarding_content_id == ""


class KnowsNoCourse:
    def get_proctoring_escalation_email(self, course_id):
        raise LookupError(course_id)


def test_whom_to_write_to_after_an_error(user, exam, lms):
    lms.instructor.escalation_email = "team@example.org"
    attempt = AttemptFactory(user=user, proctored_exam=exam, status=Status.submitted)
    assert look(user, exam).facts.escalation_email == ""
    ProctoredExamStudentAttempt.objects.filter(pk=attempt.pk).update(status=Status.error)
    assert look(user, exam).facts.escalation_email == "team@example.org"


def test_an_lms_that_knows_no_escalation_address_is_no_error(user, exam, settings):
    settings.PROCTORING_SETTINGS = {"LMS_SERVICES": {"instructor": f"{__name__}.KnowsNoCourse"}}
    set_runtime_service("instructor", None)
    AttemptFactory(user=user, proctored_exam=exam, status=Status.rejected)
    assert look(user, exam).facts.escalation_email == ""


@pytest.mark.parametrize("flags", [{"timed": True}, {"backend": "guided"}, {"backend": "onboards", "practice": True}])
@pytest.mark.parametrize("status", [None, *Status])
def test_a_situation_costs_few_queries_whatever_it_is(user, flags, status):
    exam = ExamFactory(**flags)
    ReviewPolicyFactory(proctored_exam=exam)
    ExamFactory.create_batch(3, practice=True)
    if status is not None:
        for _ in range(3):
            AttemptFactory(user=user, proctored_exam=exam, status=status)
    with CaptureQueriesContext(connection) as queries:
        look(user, exam)
    assert len(queries) <= BUDGET, [query["sql"] for query in queries]


class TestVendorSetup:
    @pytest.fixture(autouse=True)
    def _provider(self):
        self.provider = provider_named("guided")
        yield
        self.provider.fail_with = None
        self.provider.__dict__.pop("answer", None)

    @pytest.fixture
    def attempt(self, user, exam):
        return AttemptFactory(user=user, proctored_exam=exam)

    def test_the_vendors_own_steps_as_plain_text(self, attempt):
        self.provider.answer = {"instructions": ["<b>Install</b> it", 2], "download_url": "https://vendor.example/get"}
        setup = access.vendor_setup(attempt.pk)
        assert setup == access.VendorSetup(steps=("Install it", "2"), download_url="https://vendor.example/get")

    def test_no_steps_at_all_means_the_code(self, attempt):
        self.provider.answer = {}
        setup = access.vendor_setup(attempt.pk)
        assert setup.steps is None
        assert setup.download_url == "https://watcher.example/download"

    def test_an_empty_list_does_not_mean_the_code(self, attempt):
        self.provider.answer = {"instructions": []}
        assert access.vendor_setup(attempt.pk).steps == ()

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//vendor.example", "get"])
    def test_only_web_addresses_become_links(self, attempt, address):
        self.provider.answer = {"download_url": address}
        assert access.vendor_setup(attempt.pk).download_url == ""

    def test_a_vendor_that_fails_is_told_and_not_fatal(self, attempt):
        self.provider.fail_with = OSError("vendor is away")
        assert access.vendor_setup(attempt.pk) == access.VendorSetup(steps=(), reachable=False)

    def test_an_attempt_that_is_gone_or_was_never_proctored(self, attempt):
        timed = AttemptFactory(proctored_exam=ExamFactory(timed=True))
        assert access.vendor_setup(attempt.pk + timed.pk + 1) == access.VendorSetup(steps=())
        assert access.vendor_setup(timed.pk) == access.VendorSetup(steps=())


def test_the_clock_of_a_running_exam(user, exam, settings):
    settings.PROCTORING_SETTINGS = {"low_threshold_pct": 0.5, "critically_low_threshold_pct": 0.1}
    attempt = AttemptFactory(user=user, proctored_exam=exam, started=True)
    assert access.running_exam(user.pk, exam, NOW) == access.RunningExam(
        exam_name=exam.exam_name,
        kind=ExamKind.PROCTORED,
        clock=Clock(
            attempt_id=attempt.pk,
            status="started",
            remaining_seconds=60 * 60,
            low_seconds=45 * 60,
            critical_seconds=9 * 60,
        ),
        application=None,
    )


class TestApplication:
    """The vendor's application, where a screen or clock has to talk to it."""

    @pytest.fixture(autouse=True)
    def _script(self, monkeypatch):
        self.provider = provider_named("guided")
        monkeypatch.setattr(self.provider, "get_javascript", lambda: "https://vendor.example/worker.js", raising=False)

    @pytest.mark.parametrize("status", [Status.ready_to_start, Status.started, Status.ready_to_submit])
    def test_is_told_of_while_it_may_run(self, user, exam, status):
        attempt = AttemptFactory(user=user, proctored_exam=exam, started=True, status=status)
        facts = look(user, exam).facts
        assert facts.application == DesktopApplication("https://vendor.example/worker.js", 60, attempt.external_id)

    @pytest.mark.parametrize("status", [None, Status.created, Status.submitted])
    def test_is_nobodys_business_otherwise(self, user, exam, status):
        if status is not None:
            AttemptFactory(user=user, proctored_exam=exam, status=status)
        assert look(user, exam).facts.application is None

    def test_a_script_that_a_plugin_cannot_name_costs_nothing_else(self, user, exam, monkeypatch):
        def fail():
            raise OSError("no manifest")

        monkeypatch.setattr(self.provider, "get_javascript", fail, raising=False)
        AttemptFactory(user=user, proctored_exam=exam, started=True)
        running = access.running_exam(user.pk, exam, NOW)
        assert running.application is None
        assert running.clock.status == "started"


@pytest.mark.parametrize(
    ("days_ago", "over", "due"), [(0, False, False), (350, False, True), (400, True, True)], ids=["new", "soon", "over"]
)
def test_an_accepted_onboarding_says_how_long_it_counts(user, days_ago, over, due):
    exam = ExamFactory(backend="onboards", practice=True)
    with time_machine.travel(NOW - timedelta(days=days_ago), tick=False):
        AttemptFactory(user=user, proctored_exam=exam, status=Status.verified)
    situation = look(user, exam)
    facts = situation.facts
    assert facts.approved_until == NOW + timedelta(days=365 - days_ago)
    assert (facts.approval_over, facts.renewal_due, situation.can_renew) == (over, due, due)


@pytest.mark.parametrize("status", [None, Status.created, Status.ready_to_submit, Status.submitted])
def test_no_clock_where_no_exam_runs(user, exam, status):
    if status is not None:
        AttemptFactory(user=user, proctored_exam=exam, started=True, status=status)
    assert access.running_exam(user.pk, exam, NOW) is None
