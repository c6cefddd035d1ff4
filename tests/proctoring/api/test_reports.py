"""The violation report, the last completion, and the vendors' dashboards of a course."""

from datetime import timedelta

import pytest
import time_machine

from proctoring import api
from proctoring.backends import provider_named
from proctoring.models import ProctoredExamSoftwareSecureReview
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import (
    COMPLETED_AT,
    COURSE_ID,
    STARTED_AT,
    AttemptFactory,
    CommentFactory,
    ExamFactory,
    ReviewFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LATER = COMPLETED_AT + timedelta(hours=3)
WITHOUT = {"class": "tests.fakes.WatchingBackend"}
WITH_DASHBOARD = WITHOUT | {"has_dashboard": True}


def report_of(attempt, **options):
    rows = api.get_exam_violation_report(COURSE_ID, **options)
    return next(row for row in rows if row["attempt_code"] == attempt.attempt_code)


def test_a_reviewed_attempt_in_the_violation_report():
    attempt = AttemptFactory(submitted=True, proctored_exam__exam_name="Finals")
    review = ReviewFactory(attempt=attempt, suspicious=True)
    CommentFactory(review=review, comment="Whispers.", status="Suspicious")
    CommentFactory(review=review, comment="Leaves.", status="Suspicious")
    CommentFactory(review=review, comment="Phone.", status="Rules Violation")
    assert api.get_exam_violation_report(COURSE_ID) == [
        {
            "course_id": COURSE_ID,
            "exam_name": "Finals",
            "username": attempt.user.username,
            "email": attempt.user.email,
            "attempt_code": attempt.attempt_code,
            "allowed_time_limit_mins": 90,
            "is_sample_attempt": False,
            "started_at": STARTED_AT,
            "completed_at": COMPLETED_AT,
            "status": "second_review_required",
            "review_status": "Suspicious",
            "provider": "null",
            "user_id": attempt.user_id,
            "Suspicious Comments": ["Whispers.", "Leaves."],
            "Rules Violation Comments": ["Phone."],
        }
    ]


def test_the_violation_report_is_sorted_by_exam_and_leaves_nobody_out():
    for name in ("Zoology", "Algebra", "Music"):
        AttemptFactory(proctored_exam__exam_name=name)
    AttemptFactory(proctored_exam__exam_name="Drill", proctored_exam__practice=True)
    AttemptFactory(proctored_exam__exam_name="Old", attempt_code=None)
    AttemptFactory(proctored_exam__exam_name="Old", attempt_code=None)
    AttemptFactory(proctored_exam__course_id="course-v1:Test+OTHER+2026")
    rows = api.get_exam_violation_report(COURSE_ID)
    assert [row["exam_name"] for row in rows] == ["Algebra", "Drill", "Music", "Old", "Old", "Zoology"]
    assert {row["review_status"] for row in rows} == {None}


def test_reviews_without_a_live_attempt_are_not_reported():
    review = ReviewFactory()
    CommentFactory(review=review)
    gone = AttemptFactory.build(user=UserFactory(), proctored_exam=review.exam, attempt_code="GONE")
    ReviewFactory(attempt=gone)
    assert len(api.get_exam_violation_report(COURSE_ID)) == 1


def test_a_review_of_an_old_release_names_no_exam():
    attempt = AttemptFactory(submitted=True)
    ReviewFactory(attempt=attempt)
    ProctoredExamSoftwareSecureReview.objects.update(exam=None)
    assert report_of(attempt)["review_status"] == "Clean"


def test_weakness_32_including_practice_exams_leaves_the_others_in():
    practice = AttemptFactory(submitted=True, proctored_exam__practice=True)
    graded = AttemptFactory(submitted=True)
    for attempt in (practice, graded):
        CommentFactory(review=ReviewFactory(attempt=attempt, suspicious=True))
    assert report_of(practice)["review_status"] is None
    assert "Suspicious Comments" not in report_of(practice)
    assert report_of(graded)["review_status"] == "Suspicious"
    for attempt in (practice, graded):
        row = report_of(attempt, include_practice_exams=True)
        assert (row["review_status"], len(row["Suspicious Comments"])) == ("Suspicious", 1)


@time_machine.travel(LATER, tick=False)
def test_weakness_35_the_violation_report_shows_no_clock_that_has_run_out():
    row = report_of(AttemptFactory(started=True))
    assert (row["status"], row["completed_at"]) == ("submitted", STARTED_AT + timedelta(minutes=90))


@pytest.mark.parametrize("rows", [1, 10])
def test_weakness_76_the_violation_report_costs_the_same_however_long(rows, query_budget):
    for attempt in AttemptFactory.create_batch(rows, submitted=True):
        CommentFactory.create_batch(2, review=ReviewFactory(attempt=attempt))
    with query_budget("api.get_exam_violation_report"):
        assert len(api.get_exam_violation_report(COURSE_ID)) == rows


@pytest.fixture
def learner():
    return UserFactory(username="ada")


def completed(learner, exam, at=COMPLETED_AT, **fields):
    return AttemptFactory(user=learner, proctored_exam=exam, submitted=True, completed_at=at, **fields)


def last_completion():
    return api.get_last_exam_completion_date(COURSE_ID, "ada")


def test_the_last_completion_needs_every_exam(learner):
    assert last_completion() is None
    first, second = ExamFactory.create_batch(2)
    ExamFactory(practice=True), ExamFactory(timed=True)
    completed(learner, first, LATER)
    assert last_completion() is None
    running = AttemptFactory(user=learner, proctored_exam=second)
    assert last_completion() is None
    running.delete()
    completed(learner, second)
    completed(UserFactory(), second, LATER + timedelta(days=1))
    assert last_completion() == LATER


def test_an_exam_taken_without_proctoring_is_not_completed(learner):
    completed(learner, ExamFactory(), taking_as_proctored=False)
    assert last_completion() is None


def test_weakness_33_a_resumed_attempt_counts_once(learner):
    exam = ExamFactory()
    AttemptFactory(user=learner, proctored_exam=exam, status=Status.error, ready_to_resume=True, resumed=True)
    completed(learner, exam, LATER)
    assert last_completion() == LATER


def test_weakness_33_inactive_exams_are_not_waited_for(learner):
    completed(learner, ExamFactory())
    completed(learner, ExamFactory(is_active=False), LATER)
    ExamFactory(is_active=False)
    assert last_completion() == COMPLETED_AT


@time_machine.travel(LATER, tick=False)
def test_weakness_35_time_that_ran_out_is_a_completion(learner):
    AttemptFactory(user=learner, started=True)
    assert last_completion() == STARTED_AT + timedelta(minutes=90)


@pytest.mark.parametrize("exams", [1, 6])
def test_weakness_76_the_last_completion_costs_the_same_however_many_exams(learner, exams, query_budget):
    for exam in ExamFactory.create_batch(exams):
        completed(learner, exam)
    with query_budget("api.get_last_exam_completion_date"):
        assert last_completion() == COMPLETED_AT


@pytest.fixture
def _dashboards(settings):
    settings.PROCTORING_BACKENDS = {"DEFAULT": "shows", "shows": WITH_DASHBOARD, "null": WITHOUT}
    settings.ROOT_URLCONF = "tests.proctoring.api.dashboard_urls"


@pytest.mark.usefixtures("_dashboards")
def test_a_dashboard_is_there_if_any_vendor_has_one():
    assert not api.is_backend_dashboard_available(COURSE_ID)
    ExamFactory(backend="null"), ExamFactory(backend="shows", is_active=False)
    assert not api.is_backend_dashboard_available(COURSE_ID)
    ExamFactory(backend=None)
    assert api.is_backend_dashboard_available(COURSE_ID)


@pytest.mark.usefixtures("_dashboards")
def test_weakness_34_timed_exams_have_no_dashboard():
    exam = ExamFactory(is_proctored=False, backend="shows")
    assert not api.is_backend_dashboard_available(COURSE_ID)
    assert api.get_exam_configuration_dashboard_url(COURSE_ID, exam.content_id) is None


@pytest.mark.usefixtures("_dashboards")
def test_a_vendor_that_is_gone_hides_no_other(caplog):
    gone = ExamFactory(backend="gone")
    assert not api.is_backend_dashboard_available(COURSE_ID)
    assert f"exam={gone.pk}" in caplog.text
    ExamFactory(backend="shows")
    assert api.is_backend_dashboard_available(COURSE_ID)


@pytest.mark.usefixtures("_dashboards")
@pytest.mark.parametrize("exams", [1, 6])
def test_weakness_76_looking_for_dashboards_costs_the_same_however_many_exams(exams, query_budget):
    ExamFactory.create_batch(exams, backend="null")
    with query_budget("api.is_backend_dashboard_available"):
        assert not api.is_backend_dashboard_available(COURSE_ID)


@pytest.mark.usefixtures("_dashboards")
def test_the_way_to_a_vendors_settings_of_an_exam(caplog):
    exam, plain = ExamFactory(backend="shows"), ExamFactory(backend="null")
    url = api.get_exam_configuration_dashboard_url(COURSE_ID, exam.content_id)
    assert url == f"/api/dashboard/{COURSE_ID}/{exam.pk}?config=true"
    assert api.get_exam_configuration_dashboard_url(COURSE_ID, plain.content_id) is None
    assert not caplog.records
    assert api.get_exam_configuration_dashboard_url(COURSE_ID, "unknown") is None
    assert len(caplog.records) == 1


def test_whom_to_write_to_about_a_vendor(settings):
    settings.PROCTORING_SETTINGS = {"CONTACT_EMAIL": "site@example.com"}
    settings.PROCTORING_BACKENDS = {"with": WITHOUT | {"integration_specific_email": "own@example.com"}, "out": WITHOUT}
    assert api.get_integration_specific_email(provider_named("with")) == "own@example.com"
    assert api.get_integration_specific_email(provider_named("out")) == "site@example.com"
