"""Granting what a file says."""

import io
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from proctoring.common.tables import written
from proctoring.models import (
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
)
from proctoring.services import allowances, attempts, timing
from proctoring.services.allowances import TIME_MULTIPLIER, importing
from proctoring.services.allowances.files import COLUMNS, rows_of
from proctoring.services.allowances.refusals import AllowanceFileRefused
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AllowanceFactory, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
TIME, NOTE = "additional_time_granted", "review_policy_exception"
OTHER_COURSE = "course-v1:Other+C+1"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def file(*rows, header="exam,user,key,value"):
    return [f"{line}\n" for line in (header, *(",".join(map(str, row)) for row in rows))]


def applied(*rows, course_id=COURSE_ID, **options):
    return told(importing.apply(file(*rows, **options), course_id))


def told(outcomes):
    """Line, result, and the code of what is wrong."""
    return [(one.line, str(one.result), one.error.code if one.error else None) for one in outcomes]


def results(outcomes):
    return [one.error.code if one.error else str(one.result) for one in outcomes]


def stored():
    rows = ProctoredExamStudentAllowance.objects.order_by("proctored_exam", "user", "key")
    return list(rows.values_list("proctored_exam_id", "user_id", "key", "value"))


def archived():
    return list(ProctoredExamStudentAllowanceHistory.objects.order_by("id").values_list("value", flat=True))


def test_each_line_is_granted_and_says_what_came_of_it(lms, committed):
    exam, timed, ann, bob = ExamFactory(), ExamFactory(timed=True, time_limit_mins=60), UserFactory(), UserFactory()
    AllowanceFactory(proctored_exam=exam, user=ann, value="10")
    AllowanceFactory(proctored_exam=exam, user=bob, value="20")
    with committed():
        outcomes = list(
            importing.apply(
                file(
                    (exam.pk, ann.username, TIME, 30),
                    (exam.pk, bob.email, TIME, 20),
                    (timed.content_id, ann.email, TIME_MULTIPLIER, "1.5"),
                    (exam.pk, bob.username, NOTE, '"May leave, once."'),
                    (exam.pk, bob.username, "of_our_own", "x"),
                ),
                COURSE_ID,
            )
        )
    assert results(outcomes) == ["changed", "unchanged", "created", "created", "created"]
    assert [one.before for one in outcomes] == ["10", "20", None, None, None]
    assert outcomes[0].row.user == ann.username
    assert stored() == [
        (exam.pk, ann.pk, TIME, "30"),
        (exam.pk, bob.pk, TIME, "20"),
        (exam.pk, bob.pk, "of_our_own", "x"),
        (exam.pk, bob.pk, NOTE, "May leave, once."),
        (timed.pk, ann.pk, TIME, "30"),
    ]
    assert archived() == ["10"]
    verbs = sorted(name.rpartition(".")[2] for name in lms.tracker.names)
    assert verbs == ["created", "created", "created", "updated"]


def test_a_preview_says_the_same_and_changes_nothing(lms, committed):
    had, user, inactive = AllowanceFactory(value="10"), UserFactory(), ExamFactory(is_active=False)
    exam_id = had.proctored_exam_id
    lines = file(
        (exam_id, had.user.username, TIME, 30),
        (exam_id, user.username, TIME, 30),
        (exam_id, user.email, TIME, 40),
        (inactive.pk, user.username, TIME, 30),
        (exam_id, had.user.username, NOTE),
    )
    with committed():
        foreseen = list(importing.preview(lines, COURSE_ID))
    assert results(foreseen) == ["changed", "created", "said_before", "exam_not_active", "wrong_number_of_fields"]
    assert stored() == [(exam_id, had.user_id, TIME, "10")]
    assert (archived(), lms.tracker.names) == ([], [])
    done = list(importing.apply(lines, COURSE_ID))
    assert told(done) == told(foreseen)
    assert [one.before for one in done] == [one.before for one in foreseen]


def test_doing_it_again_changes_nothing(lms, committed):
    exams, users = ExamFactory.create_batch(2), UserFactory.create_batch(2)
    rows = [(exam.pk, user.username, TIME_MULTIPLIER, "1.3333") for exam in exams for user in users]
    rows += [(exams[0].pk, users[0].username, NOTE, "a note")]
    applied(*rows)
    before = list(ProctoredExamStudentAllowance.objects.order_by("pk").values())
    with committed():
        assert {result for _, result, _ in applied(*rows)} == {"unchanged"}
    assert list(ProctoredExamStudentAllowance.objects.order_by("pk").values()) == before
    assert (archived(), lms.tracker.names) == ([], [])


def test_minutes_in_place_of_a_multiple_are_a_change():
    exam, user = ExamFactory(time_limit_mins=60), UserFactory()
    allowances.grant_in_bulk([exam.pk], [user.pk], TIME_MULTIPLIER, "1.5")
    assert applied((exam.pk, user.username, TIME, "30")) == [(2, "changed", None)]
    assert ProctoredExamStudentAllowance.objects.get().multiplier is None


# What is refused


def test_nothing_that_is_wrong_with_a_line_stops_the_others():
    exam, inactive, user = ExamFactory(), ExamFactory(is_active=False), UserFactory()
    elsewhere = ExamFactory(course_id=OTHER_COURSE)
    outcomes = applied(
        (exam.pk, "nobody", TIME, 1),
        (10**6, user.username, TIME, 1),
        ("block-v1:none", user.username, TIME, 1),
        ("", user.username, TIME, 1),
        (10**30, user.username, TIME, 1),
        (elsewhere.pk, user.username, TIME, 1),
        (elsewhere.content_id, user.username, TIME, 1),
        (inactive.pk, user.username, TIME, 1),
        (exam.pk, user.username, TIME, -1),
        (exam.pk, user.username, TIME_MULTIPLIER, "nan"),
        (exam.pk, user.username, "", 1),
        (exam.pk, "", TIME, 1),
        (exam.pk, user.pk, TIME, 1),
        (exam.pk, user.username, TIME, 1),
    )
    codes = ["user_not_found", *["exam_not_found"] * 6, "exam_not_active", *["allowance_value_not_allowed"] * 3]
    codes += ["user_not_found", "user_not_found", None]
    assert [code for _, _, code in outcomes] == codes
    assert [line for line, _, _ in outcomes] == list(range(2, 16))
    assert stored() == [(exam.pk, user.pk, TIME, "1")]


@pytest.mark.parametrize("size", [1, 2, 500])
def test_the_first_of_several_lines_about_the_same_counts(size):
    exam, user = ExamFactory(time_limit_mins=60), UserFactory()
    lines = file(
        (exam.pk, user.username, TIME, 10),
        (exam.pk, user.username, NOTE, "x"),
        (exam.content_id, user.email, TIME, 20),
        (exam.pk, user.username, TIME_MULTIPLIER, 2),
    )
    outcomes = list(importing.apply(lines, COURSE_ID, size))
    assert results(outcomes) == ["created", "created", "said_before", "said_before"]
    assert outcomes[3].error.fields == {"first": 2}
    assert "2" in outcomes[3].error.detail
    assert stored() == [(exam.pk, user.pk, TIME, "10"), (exam.pk, user.pk, NOTE, "x")]


def test_a_line_that_was_refused_takes_nobodys_place():
    exam, user = ExamFactory(), UserFactory()
    outcomes = applied((exam.pk, user.username, TIME, "x"), (exam.pk, user.username, TIME, 10))
    assert [result for _, result, _ in outcomes] == ["refused", "created"]


# Courses


def test_lines_about_other_courses_are_refused_where_one_is_given():
    exam, other, user = ExamFactory(), ExamFactory(course_id=OTHER_COURSE), UserFactory()
    outcomes = applied(
        (exam.pk, user.username, TIME, 1, COURSE_ID),
        (other.pk, user.username, TIME, 1, OTHER_COURSE),
        (other.pk, user.username, TIME, 1, COURSE_ID),
        (exam.pk, user.username, NOTE, "x", ""),
        header="exam,user,key,value,course_id",
    )
    assert [code for _, _, code in outcomes] == [None, "other_course", "exam_not_found", None]
    assert [row[0] for row in stored()] == [exam.pk, exam.pk]


def test_without_a_course_each_line_has_its_own():
    user = UserFactory()
    exam, other = (ExamFactory(course_id=course, content_id="the same") for course in (COURSE_ID, OTHER_COURSE))
    outcomes = applied(
        (COURSE_ID, "the same", user.username, TIME, 1),
        (OTHER_COURSE, "the same", user.username, TIME, 2),
        (OTHER_COURSE, exam.pk, user.username, NOTE, "x"),
        ("", exam.pk, user.username, NOTE, "x"),
        header="course_id,exam,user,key,value",
        course_id=None,
    )
    assert [code for _, _, code in outcomes] == [None, None, "exam_not_found", "course_missing"]
    assert stored() == [(exam.pk, user.pk, TIME, "1"), (other.pk, user.pk, TIME, "2")]


@pytest.mark.parametrize("work", [importing.preview, importing.apply])
def test_columns_that_are_none_are_refused_before_anything_is_read(work):
    with pytest.raises(AllowanceFileRefused):
        work(file((1, "ann", TIME, 1)))


# Running attempts


def running(exam, user):
    with time_machine.travel(NOW, tick=False):
        return attempts.start(AttemptFactory(proctored_exam=exam, user=user, status=Status.ready_to_start))


def end_of(attempt):
    return timing.deadline(ProctoredExamStudentAttempt.objects.get(pk=attempt.pk))


def test_who_is_sitting_the_exam_has_the_time_at_once_and_nobody_else():
    first, second = ExamFactory.create_batch(2, time_limit_mins=60)
    ann, bob = UserFactory.create_batch(2)
    times = {(exam, user): running(exam, user) for exam in (first, second) for user in (ann, bob)}
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        applied((first.pk, ann.username, TIME, 30), (second.pk, bob.username, TIME_MULTIPLIER, 2))
    ends = [(end_of(attempt) - NOW).total_seconds() / 60 for attempt in times.values()]
    assert ends == [90, 60, 60, 120]


def test_a_line_that_fails_is_told_and_logged_and_the_others_are_granted(caplog):
    exam, users = ExamFactory(), UserFactory.create_batch(3)
    poisoned = AttemptFactory(proctored_exam=exam, user=users[1], started=True)
    far = {"started_at": datetime(9999, 12, 31, tzinfo=UTC), "allowed_time_limit_mins": 1, "deadline_at": None}
    ProctoredExamStudentAttempt.objects.filter(pk=poisoned.pk).update(**far)
    with caplog.at_level(logging.ERROR):
        outcomes = applied(*((exam.pk, user.username, TIME, 5 * 10**5) for user in users))
    assert [result for _, result, _ in outcomes] == ["created", "failed", "created"]
    assert outcomes[1][2] == "not_done"
    assert [row[1] for row in stored()] == [users[0].pk, users[2].pk]
    [text] = [record.getMessage() for record in caplog.records]
    assert text == f"An allowance of a file could not be granted: exam={exam.pk} user={users[1].pk} error=OverflowError"


# What it costs


def statements(work, rows):
    with CaptureQueriesContext(connection) as captured:
        assert len(list(work(file(*rows), COURSE_ID))) == len(rows)
    return len(captured)


def test_a_batch_takes_as_many_statements_as_a_line():
    def rows(count):
        exams, users = ExamFactory.create_batch(count), UserFactory.create_batch(count)
        for exam, user in zip(exams, users, strict=True):
            AllowanceFactory(proctored_exam=exam, user=user, value="1")
        times = [(exam.pk, user.username, TIME, number) for number, exam in enumerate(exams) for user in users]
        return times + [(exam.content_id, user.email, NOTE, "x") for exam in exams for user in users]

    for work, most in ((importing.preview, 4), (importing.apply, 25)):
        few, many = statements(work, rows(2)), statements(work, rows(7))
        assert few == many <= most
    # Learners, exams, and what stands there of either kind.
    assert statements(importing.apply, [(1, "nobody", TIME, 1)]) == 2


def test_what_stands_there_is_only_looked_at():
    had = AllowanceFactory(value="5")
    rows = [(had.proctored_exam_id, had.user.username, TIME, 5)]
    assert statements(importing.apply, rows) == statements(importing.preview, rows) == 3


def test_batches_are_read_and_stored_one_after_the_other():
    exam, users = ExamFactory(), UserFactory.create_batch(4)
    outcomes = importing.apply(file(*((exam.pk, user.username, TIME, 5) for user in users)), COURSE_ID, 2)
    next(outcomes)
    assert len(stored()) == 2
    assert len(list(outcomes)) == 3
    assert len(stored()) == 4


@pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this")
@pytest.mark.django_db(transaction=True)
def test_two_files_at_the_same_time_wait_for_each_other(caplog):
    exams, users = ExamFactory.create_batch(5), UserFactory.create_batch(20)
    rows = [(exam.pk, user.username, kind) for exam in exams for user in users for kind in (TIME, NOTE)]
    start = threading.Barrier(2)

    def imported(order):
        try:
            start.wait(timeout=20)
            return [str(one.result) for one in importing.apply(file(*((*row, 5) for row in rows[::order])), COURSE_ID)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = [result for found in pool.map(imported, (1, -1)) for result in found]
    assert set(results) <= {"created", "changed", "unchanged"}
    assert len(stored()) == len(rows)
    assert "could not" not in caplog.text


# There and back


def exported():
    """A course's allowances, as a file."""
    lines = io.StringIO(newline="")
    lines.writelines(written([COLUMNS, *rows_of(COURSE_ID)]))
    lines.seek(0)
    return lines


@pytest.fixture
def course():
    """A course with allowances of all sorts; what does nothing and what is elsewhere is not among those counted."""
    exams = [ExamFactory(time_limit_mins=limit) for limit in (7, 90, 3000)]
    users = [UserFactory(username=name) for name in ("ann", "-ann", "@ann,", "+1")]
    for user, factor in zip(users, ("1.5", "1.3333333"), strict=False):
        allowances.grant_in_bulk([exam.pk for exam in exams], [user.pk], TIME_MULTIPLIER, factor)
    allowances.grant_in_bulk([exam.pk for exam in exams], [users[2].pk], TIME, "15")
    for number, text in enumerate(["", "=1", "'=1", ' "x", ', "a\r\nb\n", "ä" * 255]):
        AllowanceFactory(proctored_exam=exams[0], user=users[3], key=f"note {number}", value=text)
    AllowanceFactory(value="")
    AllowanceFactory(proctored_exam__course_id=OTHER_COURSE)
    return 3 + 3 + 3 + 6


def test_what_a_course_has_granted_comes_back_unchanged(course):
    AllowanceFactory(proctored_exam=ExamFactory(is_active=False))
    outcomes = list(importing.apply(exported()))
    assert [str(one.result) for one in outcomes] == ["unchanged"] * (course + 1)


def test_what_a_course_has_granted_can_be_granted_again(course):
    file = exported()
    granted = ProctoredExamStudentAllowance.objects.filter(proctored_exam__course_id=COURSE_ID).exclude(
        key=TIME, value=""
    )
    before = list(granted.order_by("user", "proctored_exam", "key").values_list("user", "key", "value", "multiplier"))
    granted.delete()
    outcomes = list(importing.apply(file, COURSE_ID))
    assert [str(one.result) for one in outcomes] == ["created"] * course
    after = list(granted.order_by("user", "proctored_exam", "key").values_list("user", "key", "value", "multiplier"))
    assert after == before
