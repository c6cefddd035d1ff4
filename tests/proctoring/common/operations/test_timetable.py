"""Scheduled tasks as an operator sees them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proctoring.common.operations import Level
from proctoring.common.operations.timetable import State, run_rows
from proctoring.common.schedules import Schedule
from proctoring.models import ScheduledRun

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SCHEDULE = Schedule("app.sweep", MINUTE, Level.BROKEN)


def ran(name="app.sweep", *, created=60, started=0, finished=0, succeeded=0, **fields):
    """A task that was first run, last started, last finished and last successful so many minutes ago."""
    now = timezone.now()
    moments = {"created": created, "started_at": started, "finished_at": finished, "succeeded_at": succeeded}
    times = {field: None if ago is None else now - ago * MINUTE for field, ago in moments.items()}
    return ScheduledRun.objects.create(name=name, **times, **{"outcome": "done"} | fields)


def row(schedule=SCHEDULE):
    return {row.key: row for row in run_rows(ScheduledRun, [schedule], timezone.now())}[schedule.task]


def test_a_task_that_runs_in_time():
    ran(done=7)
    assert (row().level, row().outcome, row().done, row().every, row().to_do) == (Level.OK, State.DONE, 7, MINUTE, "")


@pytest.mark.parametrize(("ago", "level"), [(2.9, Level.OK), (3.1, Level.BROKEN)])
def test_late_is_after_three_intervals(ago, level):
    ran(started=ago, finished=ago, succeeded=ago)
    assert row().level is level


def test_a_task_of_each_second_has_a_minute():
    ran(started=0.5, finished=0.5, succeeded=0.5)
    assert row(Schedule("app.sweep", timedelta(seconds=1))).level is Level.OK


def test_how_bad_it_is_depends_on_the_task():
    ran(started=9, finished=9, succeeded=9)
    assert row(Schedule("app.sweep", MINUTE)).level is Level.ATTENTION


def test_no_task_has_ever_run():
    assert (row().level, row().outcome, row().started_at) == (Level.ATTENTION, State.NEVER, None)


@pytest.mark.parametrize(("first", "level"), [(1, Level.OK), (10, Level.BROKEN)])
def test_a_task_that_has_not_run_yet_while_others_have(first, level):
    ran("app.other", created=first)
    both = run_rows(ScheduledRun, [SCHEDULE, Schedule("app.other", MINUTE)], timezone.now())
    assert [(one.key, one.level, one.outcome) for one in both] == [
        ("app.sweep", level, State.NEVER),
        ("app.other", Level.OK, State.DONE),
    ]


def test_a_failure_is_told_and_bad_once_there_was_no_success_for_long():
    run = ran(outcome="failed", error_code="OperationalError", succeeded=1)
    assert (row().level, row().outcome, row().error_code) == (Level.ATTENTION, State.FAILED, "OperationalError")
    ScheduledRun.objects.filter(pk=run.pk).update(succeeded_at=timezone.now() - 5 * MINUTE)
    assert row().level is Level.BROKEN


def test_a_run_that_died_shows_as_started_and_not_finished():
    ran(started=4, finished=5, succeeded=5)
    assert (row().level, row().outcome) == (Level.BROKEN, State.OPEN)
    assert "has not finished" in row().to_do


def test_a_task_that_dies_every_time_is_found_although_it_is_always_starting():
    ran(started=0, finished=None, succeeded=None, outcome="")
    assert (row().level, row().outcome) == (Level.BROKEN, State.OPEN)
