"""Analytics events: names, payloads, and that they are told after commit and never in the way."""

import logging
from datetime import timedelta

import pytest
import time_machine

from proctoring.api.screens import get_student_view
from proctoring.backends.types import ReviewEvent
from proctoring.lms import set_runtime_service
from proctoring.services import attempts, creation, events, exams, removal, resetting, reviews
from proctoring.services.transitions import change_status
from proctoring.statuses import Actor, ReviewStatus
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import (
    COURSE_ID,
    STARTED_AT,
    AllowanceFactory,
    AttemptFactory,
    ExamFactory,
    ReviewFactory,
    UserFactory,
)
from tests.proctoring.screen_fakes import EVERYBODY, HOST

pytestmark = pytest.mark.django_db
PREFIX = "edx.special_exam"


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher", exam_name="Final")


@pytest.fixture
def attempt(exam):
    return AttemptFactory(proctored_exam=exam, submitted=True)


def told(lms, committed, **event):
    with committed():
        events.emit(*event["what"], **event.get("more", {}))
    [only] = lms.tracker.events
    return only


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({"timed": True}, "timed"),
        ({"timed": True, "is_practice_exam": True}, "timed"),
        ({"practice": True}, "practice"),
        ({}, "proctored"),
    ],
)
def test_the_name_says_what_sort_of_exam_it_is(lms, committed, flags, kind):
    attempt = AttemptFactory(proctored_exam=ExamFactory(**flags))

    with committed():
        events.emit(attempt.proctored_exam, "updated")
        events.emit(attempt.proctored_exam, "submitted", attempt)

    assert lms.tracker.names == [f"{PREFIX}.{kind}.updated", f"{PREFIX}.{kind}.attempt.submitted"]


def test_what_is_said_of_an_exam(lms, committed, exam):
    _, data, context = told(lms, committed, what=(exam, "updated"))

    assert data == {
        "exam_id": exam.pk,
        "exam_content_id": exam.content_id,
        "exam_name": "Final",
        "exam_default_time_limit_mins": 90,
        "exam_is_proctored": True,
        "exam_is_practice_exam": False,
        "exam_is_active": True,
    }
    assert context == {"course_id": COURSE_ID, "org_id": "Test"}


def test_what_is_said_of_an_attempt(lms, committed, attempt):
    with time_machine.travel(STARTED_AT + timedelta(days=1, seconds=90.5), tick=False):
        _, data, _ = told(lms, committed, what=(attempt.proctored_exam, "submitted", attempt))

    assert {name: value for name, value in data.items() if name.startswith("attempt_")} == {
        "attempt_id": attempt.pk,
        "attempt_user_id": attempt.user_id,
        "attempt_started_at": attempt.started_at,
        "attempt_completed_at": attempt.completed_at,
        "attempt_code": attempt.attempt_code,
        "attempt_allowed_time_limit_mins": 90,
        "attempt_status": "submitted",
        "attempt_event_elapsed_time_secs": 86490,
    }
    assert data["exam_id"] == attempt.proctored_exam_id


def test_a_clock_that_has_not_started_has_run_for_no_time(lms, committed, exam):
    _, data, _ = told(lms, committed, what=(exam, "created", AttemptFactory(proctored_exam=exam)))

    assert data["attempt_event_elapsed_time_secs"] is None


def test_what_is_said_besides_wins(lms, committed, exam):
    _, data, _ = told(lms, committed, what=(exam, "updated"), more={"exam_name": "Other", "verb": "said"})

    assert (data["exam_name"], data["verb"], data["exam_id"]) == ("Other", "said", exam.pk)


@pytest.mark.parametrize(
    ("course_id", "org"),
    [
        ("course-v1:Some.Org-1+Course+2026", {"org_id": "Some.Org-1"}),
        ("Org/Course/Run", {"org_id": "Org"}),
        ("course-v1:Org+Course", {}),
        ("Org/Course", {}),
        ("library-v1:Org+Books", {}),
        ("a course", {}),
        ("", {}),
    ],
)
def test_the_organisation_is_named_where_the_course_id_tells_it(lms, committed, course_id, org):
    _, _, context = told(lms, committed, what=(ExamFactory(course_id=course_id), "updated"))

    assert context == {"course_id": course_id, **org}


def test_events_are_told_after_commit(lms, committed, exam):
    with committed():
        events.emit(exam, "updated")
        exam.exam_name = "Changed afterwards"
        assert lms.tracker.events == []

    assert lms.tracker.events[0][1]["exam_name"] == "Final", "what was so when it happened"


def test_a_tracker_that_fails_is_in_nobodys_way(lms, vendor, committed, attempt, caplog):
    lms.tracker.fail_with = RuntimeError("secret detail")

    with committed():
        change_status(attempt.pk, Status.verified, actor=Actor.SYSTEM)

    attempt.refresh_from_db()
    assert attempt.status == Status.verified
    assert lms.credit.statuses, "and what follows is done"
    assert "error=RuntimeError" in caplog.text
    assert "secret detail" not in caplog.text


# When there is one


def test_an_exam_is_created_and_updated(lms, committed):
    with committed():
        exam = exams.create(
            course_id=COURSE_ID, content_id="block", exam_name="Quiz", time_limit_mins=30, is_proctored=False
        )
        exams.update(exam.pk, time_limit_mins=45)

    assert lms.tracker.names == [f"{PREFIX}.timed.created", f"{PREFIX}.timed.updated"]
    assert lms.tracker.events[1][1]["exam_default_time_limit_mins"] == 45


def test_an_allowance_says_whose_it_is_and_what(lms, committed):
    allowance = AllowanceFactory()

    with committed():
        events.emit_allowance(allowance, "updated")

    [(name, data, _)] = lms.tracker.events
    assert name == f"{PREFIX}.proctored.allowance.updated"
    assert (data["allowance_user_id"], data["allowance_key"], data["allowance_value"]) == (
        allowance.user_id,
        "additional_time_granted",
        "30",
    )
    assert data["exam_id"] == allowance.proctored_exam_id
    assert "attempt_id" not in data


def test_an_attempt_tells_each_of_its_statuses_once(lms, vendor, committed, exam):
    with committed():
        attempt = creation.create(exam, UserFactory(), proctored=True)
        for verb in (attempts.click_download, attempts.click_download, attempts.mark_ready, attempts.start):
            attempt = verb(attempt)
        for verb in (attempts.stop, attempts.submit, attempts.submit):
            attempt = verb(attempt)

    moves = ["created", "download_software_clicked", "ready_to_start", "started", "ready_to_submit", "submitted"]
    assert lms.tracker.names == [f"{PREFIX}.proctored.attempt.{status}" for status in moves]
    assert [data["attempt_status"] for _, data, _ in lms.tracker.events] == moves
    assert {data["attempt_id"] for _, data, _ in lms.tracker.events} == {attempt.pk}


def test_a_practice_exam_is_reset(lms, vendor, committed):
    exam = ExamFactory(backend="watcher", practice=True)
    old = AttemptFactory(proctored_exam=exam, status=Status.error)

    with committed():
        resetting.reset(exam, old.user_id, by=old.user)

    by_name = {name.removeprefix(f"{PREFIX}.practice.attempt."): data for name, data, _ in lms.tracker.events}
    assert by_name.keys() == {"created", "reset_practice_exam", "onboarding_reset"}
    assert by_name["reset_practice_exam"]["attempt_id"] == old.pk
    assert by_name["created"]["attempt_id"] != old.pk


def test_weakness_27_a_removed_attempt_is_named(lms, vendor, committed, attempt):
    number = attempt.pk

    with committed():
        removal.remove(attempt.pk, by=UserFactory(staff=True))

    [(name, data, _)] = lms.tracker.events
    assert name == f"{PREFIX}.proctored.attempt.deleted"
    assert (data["attempt_id"], data["attempt_status"]) == (number, "submitted")


@pytest.mark.parametrize("presented", [True, False])
def test_the_proctored_entrance_is_presented(lms, committed, settings, presented):
    settings.AUTHENTICATION_BACKENDS, settings.ROOT_URLCONF = [EVERYBODY], HOST
    exam = ExamFactory(backend="watcher", is_proctored=presented)

    with committed():
        assert get_student_view(UserFactory().pk, exam.course_id, exam.content_id, {})

    assert lms.tracker.names == ([f"{PREFIX}.proctored.option-presented"] if presented else [])


# Reviews


def received(lms):
    return [data for name, data, _ in lms.tracker.events if name.endswith(".attempt.review_received")]


def test_each_saving_of_a_review_is_told_with_the_attempt_as_it_is_then(lms, committed, attempt):
    with committed():
        review = ReviewFactory(attempt=attempt, suspicious=True)
        reviews.decide(review, reviewer=UserFactory(staff=True), review_status="Clean")

    assert [
        (data["attempt_id"], data["attempt_status"], data["review_attempt_code"], data["review_status"])
        for data in received(lms)
    ] == [
        (attempt.pk, "second_review_required", attempt.attempt_code, "Suspicious"),
        (attempt.pk, "verified", attempt.attempt_code, "Clean"),
    ]


def test_a_vendors_review_is_one_event(lms, committed, attempt):
    with committed():
        reviews.record(attempt, ReviewEvent(status=ReviewStatus.passed), {})

    assert len(received(lms)) == 1


@pytest.mark.parametrize("status", [Status.onboarding_reset, Status.started])
def test_a_review_that_moves_nothing_is_told_too(lms, committed, attempt, status):
    attempt = AttemptFactory(proctored_exam=attempt.proctored_exam, status=status)

    with committed():
        ReviewFactory(attempt=attempt)

    assert len(received(lms)) == 1


def test_a_review_of_a_deleted_attempt_is_told_of_its_last_state(lms, committed, attempt):
    number = attempt.pk
    attempt.delete()
    attempt.pk = number

    with committed():
        ReviewFactory(attempt=attempt)

    assert [(data["attempt_id"], data["attempt_status"]) for data in received(lms)] == [(number, "submitted")]


def test_a_review_of_nobody_knows_what_is_told_to_nobody(lms, committed, attempt, exam, caplog):
    with committed():
        ReviewFactory(attempt=attempt, attempt_code="unheard-of")

    assert lms.tracker.events == []

    gone = AttemptFactory(submitted=True)
    gone.proctored_exam.delete()
    with committed():
        ReviewFactory(attempt=attempt, attempt_code=gone.attempt_code)

    assert lms.tracker.events == []
    assert "The exam of a review is gone" in caplog.text


def test_weakness_28_deleting_an_attempt_is_not_another_review(lms, vendor, committed, attempt):
    review = ReviewFactory(attempt=attempt)

    with committed():
        removal.remove(attempt.pk, by=UserFactory(staff=True))

    assert received(lms) == []
    review.refresh_from_db()
    assert not review.is_attempt_active


def test_weakness_66_logs_name_nobody(lms, vendor, committed, caplog, attempt):
    caplog.set_level(logging.DEBUG, logger="proctoring")
    for name in vars(lms):
        set_runtime_service(name, None)
    allowance = AllowanceFactory(exception=True, value="has a broken arm", user=attempt.user)

    with committed():
        events.emit_allowance(allowance, "created")
        reviews.record(attempt, ReviewEvent(status=ReviewStatus.suspicious), {"reviewed_by": "judge@example.org"})
        change_status(attempt.pk, Status.verified, actor=Actor.SYSTEM)

    assert "Event: name=edx.special_exam.proctored.attempt.verified" in caplog.text
    for private in (attempt.user.username, attempt.user.email, "broken arm", "judge@example.org", attempt.attempt_code):
        assert private not in caplog.text
