"""An exam in one line of the outline: the table of contract python.md §4.8, row by row."""

from datetime import timedelta

import pytest
from django.utils import translation

from proctoring.exceptions import UserNotFoundException
from proctoring.lms import set_runtime_service
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import summaries
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, STARTED_AT, AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.screen_fakes import EVERYBODY, NOBODY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]

NOW = STARTED_AT + timedelta(minutes=30)
PENCIL, SPINNER, CHECK = "fa-pencil-square-o", "fa-spinner fa-spin", "fa-check"
WARNING, CROSS, CLOCK = "fa-exclamation-triangle", "fa-times-circle", "fa-clock-o"

IN_REVIEW = ("Pending Session Review", SPINNER, True)
FAILED = ("Failed Proctoring", WARNING, True)
TAKING = ("Taking As Proctored Exam", PENCIL, False)
PROCTORED = dict.fromkeys(Status, TAKING) | {
    Status.eligible: ("Proctored Option Available", PENCIL, False),
    Status.declined: ("Taking As Open Exam", PENCIL, False),
    Status.timed_out: IN_REVIEW,
    Status.submitted: IN_REVIEW,
    Status.second_review_required: IN_REVIEW,
    Status.verified: ("Passed Proctoring", CHECK, True),
    Status.rejected: FAILED,
    Status.error: FAILED,
    Status.expired: ("Proctored Option No Longer Available", CROSS, False),
}
DONE, BROKEN = ("Practice Exam Completed", CHECK, True), ("Practice Exam Failed", WARNING, True)
PRACTICE = dict.fromkeys(Status, ("Ungraded Practice Exam", "", False)) | {
    Status.timed_out: DONE,
    Status.submitted: DONE,
    Status.second_review_required: DONE,
    Status.verified: DONE,
    Status.rejected: BROKEN,
    Status.error: BROKEN,
}
TIMED = ("Timed Exam", CLOCK, False)


@pytest.fixture(autouse=True)
def _host(settings):
    settings.AUTHENTICATION_BACKENDS = [EVERYBODY]


@pytest.fixture
def user():
    return UserFactory()


def shown(exam, user, now=NOW):
    summary = summaries.of_learner(exam, user.pk, now)
    return summary.as_dict() if summary else None


def row(texts, **status):
    description, icon, completed = texts
    return {**status, "short_description": description, "suggested_icon": icon, "in_completed_state": completed}


@pytest.mark.parametrize(("flags", "table"), [({}, PROCTORED), ({"practice": True}, PRACTICE)])
@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_row(user, flags, table, status):
    exam = ExamFactory(**flags)
    AttemptFactory(user=user, proctored_exam=exam, status=status)
    assert shown(exam, user) == row(table[status], status=status)


@pytest.mark.parametrize("status", [None, *Status])
def test_timed_exams_have_one_row_and_no_status(user, status):
    exam = ExamFactory(timed=True)
    if status:
        AttemptFactory(user=user, proctored_exam=exam, status=status)
    assert shown(exam, user) == row(TIMED)


@pytest.mark.parametrize(
    "texts",
    [
        summaries.STATUS_SUMMARY_MAP,
        summaries.PRACTICE_STATUS_SUMMARY_MAP,
        summaries.TIMED_EXAM_STATUS_SUMMARY_MAP,
    ],
)
def test_every_map_has_a_default(texts):
    assert set(texts["_default"]) == {"short_description", "suggested_icon", "in_completed_state"}


@pytest.mark.parametrize(("status", "completed"), [(Status.verified, True), (Status.rejected, True)])
def test_weakness_30_a_reviewed_rehearsal_is_completed(user, status, completed):
    exam = ExamFactory(practice=True)
    AttemptFactory(user=user, proctored_exam=exam, status=status)
    assert shown(exam, user)["in_completed_state"] is completed


@pytest.mark.parametrize("flags", [{}, {"practice": True}])
def test_weakness_30_who_declined_has_the_exam_still_to_do(user, flags):
    exam = ExamFactory(**flags)
    AttemptFactory(user=user, proctored_exam=exam, status=Status.declined)
    assert shown(exam, user)["in_completed_state"] is False


def test_without_an_attempt(user, lms):
    exam, practice = ExamFactory(), ExamFactory(practice=True)
    assert shown(exam, user)["status"] == "eligible"
    lms.credit.state["course_end_date"] = NOW + timedelta(seconds=1)
    assert shown(exam, user)["status"] == "eligible"
    lms.credit.state["course_end_date"] = NOW
    assert shown(exam, user) == row(PROCTORED[Status.expired], status="expired")
    assert shown(practice, user)["status"] == "eligible"
    lms.credit.state = None
    assert shown(exam, user)["status"] == "eligible"


def test_the_end_of_the_course_does_not_matter_once_there_is_an_attempt(user, lms):
    exam = ExamFactory()
    AttemptFactory(user=user, proctored_exam=exam, submitted=True)
    lms.credit.state["course_end_date"] = NOW - timedelta(days=1)
    assert shown(exam, user)["status"] == "submitted"


def test_permission_is_asked_for_graded_proctored_exams_where_there_is_credit(user, settings):
    settings.AUTHENTICATION_BACKENDS = [NOBODY]
    exam = ExamFactory()
    assert shown(exam, user) is None
    assert shown(ExamFactory(practice=True), user) is not None
    assert shown(ExamFactory(timed=True), user) is not None
    set_runtime_service("credit", None)
    assert shown(exam, user)["status"] == "eligible"


def test_the_latest_attempt_counts_and_its_time_is_checked(user):
    exam = ExamFactory()
    AttemptFactory(user=user, proctored_exam=exam, status=Status.error)
    AttemptFactory(user=user, proctored_exam=exam, started=True)
    assert shown(exam, user)["status"] == "started"
    assert shown(exam, user, NOW + timedelta(days=1))["status"] == "submitted"


def test_an_unknown_learner(user):
    with pytest.raises(UserNotFoundException):
        summaries.of_learner(ExamFactory(), user.pk + 1, NOW)


def test_texts_are_in_the_present_language_and_the_maps_are_not_touched(user):
    exam = ExamFactory()
    with translation.override("eo"):
        shown(exam, user)["short_description"] = "changed"
    assert shown(exam, user)["short_description"] == "Proctored Option Available"


def test_a_course_at_once_says_what_its_exams_say_one_by_one(user, lms):
    lms.credit.state["course_end_date"] = NOW
    exams = [ExamFactory(), ExamFactory(), ExamFactory(practice=True), ExamFactory(timed=True)]
    ExamFactory(is_active=False)
    ExamFactory(course_id="course-v1:Other+C+1")
    AttemptFactory(user=user, proctored_exam=exams[1], status=Status.error)
    AttemptFactory(user=user, proctored_exam=exams[1], started=True)
    AttemptFactory(proctored_exam=exams[0], submitted=True)
    at_once = summaries.of_course(COURSE_ID, user.pk, NOW)
    assert {key: each.as_dict() for key, each in at_once.items()} == {e.content_id: shown(e, user) for e in exams}


def test_a_course_without_the_exams_the_learner_may_not_take(user, settings):
    settings.AUTHENTICATION_BACKENDS = [NOBODY]
    ExamFactory()
    timed, practice = ExamFactory(timed=True), ExamFactory(practice=True)
    assert set(summaries.of_course(COURSE_ID, user.pk, NOW)) == {timed.content_id, practice.content_id}


def test_weakness_35_a_list_does_not_show_overdue_attempts_as_running(user):
    attempt = AttemptFactory(user=user, started=True)
    content_id = attempt.proctored_exam.content_id
    assert summaries.of_course(COURSE_ID, user.pk, NOW + timedelta(days=1))[content_id].status == "submitted"
    assert ProctoredExamStudentAttempt.objects.get(pk=attempt.pk).status == Status.submitted


@pytest.mark.parametrize("count", [1, 12])
def test_a_course_costs_the_same_however_many_exams_it_has(user, count, query_budget):
    for exam in ExamFactory.create_batch(count):
        AttemptFactory.create_batch(2, user=user, proctored_exam=exam)
    ExamFactory.create_batch(count)
    with query_budget("summaries.course"):
        found = summaries.of_course(COURSE_ID, user.pk, NOW)
    assert len(found) == 2 * count
