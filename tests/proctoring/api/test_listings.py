"""Lists of attempts: what is in them, what they cost, and whose clock still runs."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proctoring import api
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import listings
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, STARTED_AT, AllowanceFactory, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db

DURING, AFTER = STARTED_AT + timedelta(minutes=30), STARTED_AT + timedelta(minutes=91)
END = STARTED_AT + timedelta(minutes=90)
ELSEWHERE = "course-v1:Test+OTHER+2026"


@pytest.fixture
def exam():
    return ExamFactory()


@pytest.fixture
def user():
    return UserFactory(username="ada", email="lovelace@example.com")


def ids(dicts):
    return [entry["id"] for entry in dicts]


def test_all_attempts_of_a_course_come_newest_first(exam):
    attempts = AttemptFactory.create_batch(3, proctored_exam=exam)
    AttemptFactory(proctored_exam=ExamFactory(course_id=ELSEWHERE))
    listed = api.get_all_exam_attempts(COURSE_ID)
    assert ids(listed) == [attempt.pk for attempt in reversed(attempts)]
    assert listed[0] == api.get_exam_attempt_by_id(attempts[-1].pk)
    assert api.get_all_exam_attempts("course-v1:Test+NONE+2026") == []


@pytest.mark.parametrize("text", ["ada", "lovelace", "da", "love"])
def test_attempts_are_found_by_username_or_address(exam, user, text):
    wanted = AttemptFactory(proctored_exam=exam, user=user)
    AttemptFactory(proctored_exam=exam, user=UserFactory(username="grace", email="hopper@example.com"))
    AttemptFactory(proctored_exam=ExamFactory(course_id=ELSEWHERE), user=user)
    assert ids(api.get_filtered_exam_attempts(COURSE_ID, text)) == [wanted.pk]


def test_a_learners_attempts_at_an_exam(exam, user):
    first, second = AttemptFactory.create_batch(2, proctored_exam=exam, user=user)
    AttemptFactory(proctored_exam=exam)
    AttemptFactory(user=user)
    assert ids(api.get_user_attempts_by_exam_id(user.pk, exam.pk)) == [second.pk, first.pk]


@time_machine.travel(DURING, tick=False)
def test_active_exams_come_with_what_is_granted(exam, user):
    attempt = AttemptFactory(proctored_exam=exam, user=user, started=True)
    allowance = AllowanceFactory(proctored_exam=exam, user=user)
    AllowanceFactory(proctored_exam=exam), AllowanceFactory(user=user)
    AttemptFactory(user=user), AttemptFactory(user=user, submitted=True), AttemptFactory(started=True)
    (active,) = api.get_active_exams_for_user(user.pk)
    assert active["exam"] == api.get_exam_by_id(exam.pk)
    assert active["attempt"] == api.get_exam_attempt_by_id(attempt.pk)
    (granted,) = active["allowances"]
    assert (granted["id"], granted["value"]) == (allowance.pk, "30")


@time_machine.travel(DURING, tick=False)
def test_active_exams_may_be_those_of_one_course(exam, user):
    here = AttemptFactory(proctored_exam=exam, user=user, started=True)
    there = AttemptFactory(proctored_exam=ExamFactory(course_id=ELSEWHERE), user=user, started=True)
    assert ids(one["attempt"] for one in api.get_active_exams_for_user(user.pk)) == [there.pk, here.pk]
    assert ids(one["attempt"] for one in api.get_active_exams_for_user(user.pk, COURSE_ID)) == [here.pk]


@pytest.mark.parametrize("status", [Status.started, Status.ready_to_submit])
@time_machine.travel(AFTER, tick=False)
def test_weakness_35_lists_show_no_clock_that_has_run_out(exam, user, status):
    attempt = AttemptFactory(proctored_exam=exam, user=user, started=True, status=status)
    assert api.get_active_exams_for_user(user.pk) == []
    lists = [
        api.get_all_exam_attempts(COURSE_ID),
        api.get_filtered_exam_attempts(COURSE_ID, "ada"),
        api.get_user_attempts_by_exam_id(user.pk, exam.pk),
    ]
    for (listed,) in lists:
        assert (listed["status"], listed["completed_at"], listed["is_resumable"]) == ("submitted", END, False)
    attempt.refresh_from_db()
    assert attempt.status == status, "a list writes nothing"
    closed = api.get_exam_attempt_by_id(attempt.pk)
    assert {name: closed[name] for name in ("status", "completed_at")} == {"status": "submitted", "completed_at": END}


@time_machine.travel(AFTER, tick=False)
def test_weakness_35_holds_where_timed_out_is_a_state_of_its_own(exam, user, settings):
    settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"ALLOW_TIMED_OUT_STATE": True}
    AttemptFactory(proctored_exam=exam, user=user, started=True)
    (listed,) = api.get_all_exam_attempts(COURSE_ID)
    assert listed["status"] == "timed_out"


@pytest.mark.parametrize("rows", [1, 20])
def test_weakness_76_a_list_costs_the_same_however_long(exam, rows, query_budget):
    AttemptFactory.create_batch(rows, proctored_exam=exam, started=True)
    user = ProctoredExamStudentAttempt.objects.latest("pk").user
    with query_budget("api.get_all_exam_attempts"):
        assert len(api.get_all_exam_attempts(COURSE_ID)) == rows
    with query_budget("api.get_filtered_exam_attempts"):
        assert len(api.get_filtered_exam_attempts(COURSE_ID, "learner")) == rows
    with query_budget("api.get_user_attempts_by_exam_id"):
        assert len(api.get_user_attempts_by_exam_id(user.pk, exam.pk)) == 1


@pytest.mark.parametrize("rows", [1, 8])
@time_machine.travel(DURING, tick=False)
def test_weakness_76_active_exams_cost_the_same_however_many(user, rows, query_budget):
    for attempt in AttemptFactory.create_batch(rows, user=user, started=True):
        AllowanceFactory(proctored_exam=attempt.proctored_exam, user=user)
        AllowanceFactory(proctored_exam=attempt.proctored_exam, user=user, exception=True)
    with query_budget("api.get_active_exams_for_user"):
        active = api.get_active_exams_for_user(user.pk)
    assert [len(one["allowances"]) for one in active] == [2] * rows


def test_weakness_80_a_page_of_a_list_reads_no_other_rows(exam):
    attempts = AttemptFactory.create_batch(6, proctored_exam=exam)
    with CaptureQueriesContext(connection) as captured:
        page = listings.listed(ProctoredExamStudentAttempt.objects.get_all_exam_attempts(COURSE_ID)[2:4])
    assert ids(page) == [attempts[3].pk, attempts[2].pk]
    assert len(captured) == 1
    assert "LIMIT 2 OFFSET 2" in captured[0]["sql"]
