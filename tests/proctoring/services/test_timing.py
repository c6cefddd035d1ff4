from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone, translation

from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import timing
from proctoring.statuses import INCOMPLETE
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, UserFactory
from tests.fakes import FakeLms

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def exam_due(due: datetime | None, **kind: Any) -> ProctoredExam:
    return ExamFactory.build(due_date=due, **kind)


def attempt_of(minutes: int | None, started: datetime | None = NOW, status: str = "started") -> Any:
    return ProctoredExamStudentAttempt(started_at=started, allowed_time_limit_mins=minutes, status=status)


# Due dates


def test_the_hosts_date_for_the_learner_comes_before_the_exams(lms: FakeLms) -> None:
    exam = exam_due(NOW)
    lms.dates.due = {7: NOW + DAY}

    assert timing.due_date(exam, 7) == NOW + DAY
    assert timing.due_date(exam, 8) == NOW


def test_weakness_72_a_hosts_date_without_a_time_zone_is_in_the_current_one(lms: FakeLms) -> None:
    exam = ExamFactory.build(due_date=None)
    lms.dates.due[12] = NOW.replace(tzinfo=None)

    with timezone.override("Asia/Tokyo"):
        assert timing.due_date(exam, 12) == NOW - timedelta(hours=9)


def test_there_may_be_no_due_date() -> None:
    assert timing.due_date(exam_due(None), 7) is None
    assert timing.is_past_due(exam_due(None), 7, NOW) is False


@pytest.mark.parametrize(("due", "past"), [(NOW - SECOND, True), (NOW, True), (NOW + SECOND, False)])
@pytest.mark.parametrize("kind", [{}, {"timed": True}])
def test_an_exam_is_past_due_from_its_date_on(due: datetime, past: bool, kind: dict[str, Any]) -> None:
    assert timing.is_past_due(exam_due(due, **kind), 7, NOW) is past


@pytest.mark.parametrize(("end", "past"), [(NOW - SECOND, True), (NOW, True), (NOW + SECOND, False), (None, False)])
def test_a_timed_exam_without_a_date_ends_with_its_course(lms: FakeLms, end: datetime | None, past: bool) -> None:
    lms.dates.course_end = end

    assert timing.is_past_due(exam_due(None, timed=True), 7, NOW) is past
    assert timing.is_past_due(exam_due(None), 7, NOW) is False, "a proctored one does not"
    assert timing.is_past_due(exam_due(NOW + DAY, timed=True), 7, NOW) is False, "nor does one with a date"


@time_machine.travel(NOW, tick=False)
def test_now_is_the_servers_time() -> None:
    assert timing.is_past_due(exam_due(NOW), 7) is True
    assert timing.is_past_due(exam_due(NOW + SECOND), 7) is False


# Allowed minutes


@pytest.mark.django_db
class TestAllowedMinutes:
    def test_are_the_exams(self) -> None:
        exam, user = ExamFactory(time_limit_mins=90), UserFactory()

        assert timing.allowed_minutes(exam, user.pk, NOW) == 90

    def test_grow_with_the_learners_own_allowance(self) -> None:
        allowance = AllowanceFactory(proctored_exam__time_limit_mins=90, value="30")

        assert timing.allowed_minutes(allowance.proctored_exam, allowance.user_id, NOW) == 120
        assert timing.allowed_minutes(allowance.proctored_exam, UserFactory().pk, NOW) == 90

    @pytest.mark.parametrize("value", ["0", "a lot", "-5", ""])
    def test_do_not_grow_with_an_allowance_of_nothing(self, value: str) -> None:
        allowance = AllowanceFactory(value=value)

        assert timing.allowed_minutes(allowance.proctored_exam, allowance.user_id, NOW) == 90

    def test_never_are_more_than_an_attempt_can_hold(self) -> None:
        allowance = AllowanceFactory(value="9" * 200)

        minutes = timing.allowed_minutes(allowance.proctored_exam, allowance.user_id, NOW)

        assert minutes == 2**31 - 1
        assert timing.deadline(attempt_of(minutes)) is not None

    @pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (59, 0), (60, 1), (1859, 30), (1860, 31)])
    def test_are_what_an_earlier_attempt_had_left(self, seconds: int, minutes: int) -> None:
        allowance = AllowanceFactory()

        found = timing.allowed_minutes(allowance.proctored_exam, allowance.user_id, NOW, carried_seconds=seconds)

        assert found == minutes, "and the allowance is in it already"

    @pytest.mark.parametrize(
        ("left", "minutes"),
        [
            (91 * MINUTE, 90),
            (90 * MINUTE, 90),
            (90 * MINUTE - SECOND, 89),
            (30 * MINUTE - SECOND, 29),
            (SECOND, 0),
            (0 * SECOND, 0),
            (-DAY, 0),
        ],
    )
    def test_end_with_the_due_date(self, left: timedelta, minutes: int) -> None:
        exam = ExamFactory(time_limit_mins=90, due_date=NOW + left)

        assert timing.allowed_minutes(exam, UserFactory().pk, NOW) == minutes

    def test_of_an_earlier_attempt_end_with_the_due_date_too(self) -> None:
        exam = ExamFactory(due_date=NOW + 10 * MINUTE)

        assert timing.allowed_minutes(exam, UserFactory().pk, NOW, carried_seconds=3600) == 10

    def test_end_with_the_learners_own_date(self, lms: FakeLms) -> None:
        exam, user = ExamFactory(due_date=NOW + 10 * MINUTE), UserFactory()
        lms.dates.due = {user.pk: NOW + 20 * MINUTE}

        assert timing.allowed_minutes(exam, user.pk, NOW) == 20

    def test_are_counted_from_the_servers_time(self) -> None:
        exam = ExamFactory(due_date=NOW + 10 * MINUTE)

        with time_machine.travel(NOW + 4 * MINUTE, tick=False):
            assert timing.allowed_minutes(exam, UserFactory().pk) == 6


# The running clock


@pytest.mark.parametrize(
    ("now", "left", "overdue"),
    [
        (NOW - MINUTE, 91 * 60.0, False),
        (NOW, 90 * 60.0, False),
        (NOW + 89.5 * MINUTE, 30.0, False),
        (NOW + 90 * MINUTE, 0, False),
        (NOW + 90 * MINUTE + SECOND, 0, True),
        (NOW + DAY, 0, True),
    ],
)
def test_time_runs_from_the_start_to_the_deadline(now: datetime, left: float, overdue: bool) -> None:
    attempt = attempt_of(90)

    assert timing.deadline(attempt) == NOW + 90 * MINUTE
    assert timing.time_remaining_seconds(attempt, now) == left
    assert timing.is_overdue(attempt, now) is overdue
    with time_machine.travel(now, tick=False):
        assert timing.time_remaining_seconds(attempt) == left
        assert timing.is_overdue(attempt) is overdue


def test_an_attempt_that_has_not_started_has_no_clock() -> None:
    attempt = attempt_of(None, started=None, status="created")

    assert timing.deadline(attempt) is None
    assert timing.time_remaining_seconds(attempt, NOW) == 0
    assert timing.is_overdue(attempt, NOW + DAY) is False


def test_an_attempt_of_no_minutes_is_over_at_once() -> None:
    assert timing.is_overdue(attempt_of(0), NOW + SECOND) is True
    assert timing.is_overdue(attempt_of(None), NOW + SECOND) is True


@pytest.mark.parametrize("status", Status)
def test_only_an_attempt_that_is_not_over_can_be_overdue(status: Status) -> None:
    assert timing.is_overdue(attempt_of(90, status=status), NOW + DAY) is (status in INCOMPLETE)


@pytest.mark.django_db
def test_a_stored_attempt_has_the_same_clock() -> None:
    attempt = AttemptFactory(started=True, started_at=NOW)

    assert timing.time_remaining_seconds(attempt, NOW + 30 * MINUTE) == 3600


# In words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (61, "1 hour and 1 minute"),
        (90, "1 hour and 30 minutes"),
        (120, "2 hours"),
        (121, "2 hours and 1 minute"),
        (30 * 60, "30 hours"),
        (-5, "0 minutes"),
        (-60, "0 minutes"),
    ],
)
def test_minutes_in_words(minutes: int, words: str) -> None:
    with translation.override("en"):
        assert timing.humanized_time(minutes) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "you have less than a minute remaining"),
        (59.9, "you have less than a minute remaining"),
        (60, "you have 1 minute remaining"),
        (89, "you have 1 minute remaining"),
        (91, "you have 2 minutes remaining"),
        (3600, "you have 1 hour remaining"),
        (5400, "you have 1 hour and 30 minutes remaining"),
    ],
)
def test_time_left_as_it_is_spoken(seconds: float, words: str) -> None:
    with translation.override("en"):
        assert timing.spoken_time_left(seconds) == words
