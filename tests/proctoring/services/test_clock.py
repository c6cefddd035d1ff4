"""Deadlines: to the second, moved with what a learner is granted, kept whether anybody looks or not."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import attempts, clock, timing
from proctoring.services.transitions import change_status
from proctoring.statuses import PRE_START, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AllowanceFactory, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
Attempt = ProctoredExamStudentAttempt


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher")


def minutes(number):
    return timedelta(minutes=number)


def at(moment):
    return time_machine.travel(moment, tick=False)


def started(exam, moment=NOW, **fields):
    with at(moment):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.ready_to_start, **fields)
        return attempts.start(attempt)


def adopted(exam, moment=NOW, **fields):
    """A row as an old release left it."""
    fields = {"status": Status.started, "started_at": moment, "allowed_time_limit_mins": 90} | fields
    return AttemptFactory(proctored_exam=exam, **fields)


class TestDeadline:
    def test_is_kept_when_the_clock_starts(self, exam, lms):
        attempt = started(exam)
        assert (attempt.deadline_at, attempt.allowed_time_limit_mins) == (NOW + minutes(90), 90)
        assert attempt.history.first().deadline_at == NOW + minutes(90)

    def test_is_none_before(self, exam):
        assert clock.deadline(AttemptFactory(proctored_exam=exam)) is None

    def test_of_an_adopted_row_comes_from_its_minutes(self, exam):
        assert clock.deadline(adopted(exam)) == NOW + minutes(90)

    @pytest.mark.parametrize(("carried", "end"), [(45, 45), (119, 119), (3599, 3599)])
    def test_weakness_13_seconds_left_are_seconds(self, exam, lms, carried, end):
        attempt = started(exam, time_remaining_seconds=carried)
        assert attempt.deadline_at == NOW + timedelta(seconds=end)
        assert (attempt.status, attempt.allowed_time_limit_mins) == (Status.started, carried // 60)

    def test_weakness_13_the_due_date_cuts_to_the_second(self, exam, lms):
        exam.due_date = NOW + timedelta(minutes=10, seconds=59)
        exam.save()
        attempt = started(exam)
        assert (attempt.deadline_at, attempt.allowed_time_limit_mins) == (exam.due_date, 10)

    @pytest.mark.parametrize("left", [{"time_remaining_seconds": 0}, {}])
    def test_weakness_12_no_time_left_is_no_time(self, exam, lms, vendor, left):
        if not left:
            exam.due_date = NOW - minutes(1)
            exam.save()
        OutboxMessage.objects.all().delete()
        attempt = started(exam, **left)
        assert (attempt.status, attempt.started_at, attempt.completed_at) == (Status.submitted, NOW, NOW)

    def test_weakness_11_a_start_without_time_is_told_in_order(self, exam, lms, vendor, committed):
        vendor.forget()
        with committed():
            started(exam, time_remaining_seconds=0)
        assert [call[0] for call in vendor.calls] == ["start", "stop"]

    def test_working_on_keeps_the_first_deadline(self, exam, lms):
        attempt = started(exam)
        with at(NOW + minutes(20)):
            again = attempts.start(attempts.stop(attempt))
        assert (again.started_at, again.deadline_at) == (NOW, NOW + minutes(90))


class TestReschedule:
    def test_an_allowance_counts_for_who_is_sitting_the_exam(self, exam, lms):
        attempt, other = started(exam), started(exam)
        AllowanceFactory(user=attempt.user, proctored_exam=exam, value="30")
        with at(NOW + minutes(10)):
            clock.reschedule(attempt.user_id, exam)
        attempt.refresh_from_db()
        other.refresh_from_db()
        assert (attempt.started_at, attempt.deadline_at) == (NOW, NOW + minutes(120))
        assert attempt.allowed_time_limit_mins == 120
        assert other.deadline_at == NOW + minutes(90)

    def test_adopted_rows_get_a_deadline(self, exam, lms):
        attempt = adopted(exam)
        AllowanceFactory(user=attempt.user, proctored_exam=exam, value="15")
        with at(NOW + minutes(10)):
            clock.reschedule(attempt.user_id, exam)
        attempt.refresh_from_db()
        assert attempt.deadline_at == NOW + minutes(105)

    def test_used_time_is_not_taken_back(self, exam, lms):
        user = UserFactory()
        allowance = AllowanceFactory(user=user, proctored_exam=exam, value="30")
        attempt = started(exam, user=user)
        allowance.delete()
        with at(NOW + minutes(100)):
            clock.reschedule(user.pk, exam)
        attempt.refresh_from_db()
        assert attempt.deadline_at == NOW + minutes(100)

    @pytest.mark.parametrize("status", [Status.submitted, Status.ready_to_start])
    def test_a_clock_that_does_not_run_is_left_alone(self, exam, lms, status):
        attempt = AttemptFactory(proctored_exam=exam, status=status)
        AllowanceFactory(user=attempt.user, proctored_exam=exam)
        clock.reschedule(attempt.user_id, exam)
        attempt.refresh_from_db()
        assert (attempt.deadline_at, attempt.history.count()) == (None, 1)

    def test_what_is_over_is_over(self, exam, lms):
        attempt = started(exam)
        AllowanceFactory(user=attempt.user, proctored_exam=exam, value="600")
        with at(NOW + minutes(91)):
            clock.reschedule(attempt.user_id, exam)
            assert attempts.by_id(attempt.pk).completed_at == NOW + minutes(90)

    def test_nothing_new_changes_nothing(self, exam, lms):
        attempt = started(exam)
        with at(NOW + minutes(1)):
            clock.reschedule(attempt.user_id, exam)
        assert attempt.history.count() == 2

    def test_who_goes_on_gets_the_allowance_once(self, exam, lms):
        user = UserFactory()
        first = started(exam, user=user)
        Attempt.objects.filter(pk=first.pk).update(status=Status.error, time_remaining_seconds=60 * 60, resumed=True)
        second = started(exam, NOW + timedelta(days=1), user=user, time_remaining_seconds=60 * 60)
        with at(NOW + timedelta(days=1)):
            clock.reschedule(user.pk, exam)
            second.refresh_from_db()
            assert second.deadline_at == NOW + timedelta(days=1) + minutes(60)
            AllowanceFactory(user=user, proctored_exam=exam, value="30")
            clock.reschedule(user.pk, exam)
        second.refresh_from_db()
        assert second.deadline_at == NOW + timedelta(days=1) + minutes(90)

    def test_what_broke_off_before_its_start_has_used_nothing(self, exam, lms):
        user = UserFactory()
        AttemptFactory(user=user, proctored_exam=exam, status=Status.error, resumed=True)
        attempt = started(exam, user=user, time_remaining_seconds=600)
        with at(NOW):
            clock.reschedule(user.pk, exam)
        attempt.refresh_from_db()
        assert attempt.deadline_at == NOW + minutes(90)

    def test_time_brought_along_from_nowhere_stays(self, exam, lms):
        attempt = started(exam, time_remaining_seconds=600)
        AllowanceFactory(user=attempt.user, proctored_exam=exam)
        with at(NOW + minutes(1)):
            clock.reschedule(attempt.user_id, exam)
        attempt.refresh_from_db()
        assert attempt.deadline_at == NOW + minutes(10)

    def test_weakness_75_a_due_date_that_moves_ends_the_clock_with_it(self, exam, lms):
        attempt = started(exam)
        exam.due_date = NOW + minutes(40)
        exam.save()
        with at(NOW + minutes(10)):
            clock.reschedule_all(exam)
        with at(NOW + minutes(41)):
            closed = attempts.by_id(attempt.pk)
        assert (closed.status, closed.completed_at) == (Status.submitted, exam.due_date)


class TestReading:
    def test_closes_at_the_deadline(self, exam, lms):
        attempt = started(exam)
        with at(NOW + timedelta(hours=5)):
            closed = attempts.by_id(attempt.pk)
        assert (closed.status, closed.completed_at) == (Status.submitted, NOW + minutes(90))

    def test_leaves_an_attempt_in_time_open(self, exam, lms):
        attempt = started(exam)
        with at(NOW + minutes(90)):
            assert attempts.by_id(attempt.pk).status == Status.started

    def test_weakness_45_reading_again_changes_nothing(self, exam, lms):
        attempt = started(exam)
        with at(NOW + timedelta(hours=5)):
            stale = Attempt.objects.get()
            attempts.by_id(attempt.pk)
            clock.close_if_overdue(stale)
            attempts.by_id(attempt.pk)
        assert attempt.history.filter(status=Status.submitted).count() == 1
        assert OutboxMessage.objects.filter(kind="completion").count() == 1

    def test_a_stale_copy_does_not_close_what_got_more_time(self, exam, lms):
        attempt = started(exam)
        Attempt.objects.filter(pk=attempt.pk).update(deadline_at=NOW + timedelta(hours=9))
        with at(NOW + timedelta(hours=5)):
            assert clock.close_if_overdue(attempt).status == Status.started

    def test_a_verdict_is_never_timed_out(self, exam, lms):
        attempt = started(exam)
        change_status(attempt.pk, Status.verified, actor=Actor.SYSTEM)
        with at(NOW + timedelta(hours=5)):
            assert clock.close_if_overdue(attempt).status == Status.verified

    def test_the_timed_out_state_where_a_site_wants_it(self, exam, lms, settings):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"ALLOW_TIMED_OUT_STATE": True}
        attempt = adopted(exam, NOW - timedelta(days=1))
        assert attempts.by_id(attempt.pk).status == Status.timed_out

    @pytest.mark.parametrize("status", sorted(PRE_START))
    def test_a_clock_of_an_old_release_ends_before_the_start_too(self, exam, lms, status):
        assert attempts.by_id(adopted(exam, status=status).pk).status == Status.submitted

    def test_active_of_closes_what_is_over(self, exam, lms):
        attempt = adopted(exam, NOW - timedelta(days=1))
        assert attempts.active_of(attempt.user_id).status == Status.submitted
        assert attempts.active_of(attempt.user_id) is None


class TestSweep:
    def test_closes_what_nobody_looks_at(self, exam, lms):
        for number in range(3):
            started(exam, NOW - timedelta(days=1 + number))
            adopted(exam, NOW - timedelta(days=1))
        running, old_running = started(exam), adopted(exam)
        assert clock.close_overdue(NOW, batch=2) == clock.Sweep(closed=6, failed=0)
        assert set(Attempt.objects.filter(status=Status.started)) == {running, old_running}
        assert clock.close_overdue(NOW) == clock.Sweep()

    def test_one_poisoned_row_never_stops_the_rest(self, exam, lms):
        adopted(exam, datetime(9999, 1, 1, tzinfo=UTC), allowed_time_limit_mins=2**31 - 1)
        late = adopted(exam, NOW - timedelta(days=1))
        assert clock.close_overdue(NOW) == clock.Sweep(closed=1, failed=1)
        late.refresh_from_db()
        assert late.status == Status.submitted

    def test_rehearsing_changes_nothing(self, exam, lms):
        started(exam, NOW - timedelta(days=1))
        assert [batch.counts for batch in clock.rehearsed_closing(NOW)] == [{"closed": 1}]
        assert Attempt.objects.get().status == Status.started


def test_allowed_minutes_are_whole(exam, lms):
    assert timing.allowed_minutes(exam, 1, NOW, carried_seconds=119) == 1
    exam.due_date = NOW + timedelta(seconds=150)
    assert timing.allowed_minutes(exam, 1, NOW) == 2
    exam.due_date = NOW - minutes(1)
    assert timing.allowed_minutes(exam, 1, NOW) == 0
