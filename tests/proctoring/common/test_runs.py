"""Runs of scheduled tasks are kept."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.common.runs import recorded
from proctoring.models import ScheduledRun

pytestmark = pytest.mark.django_db
NAME = "app.sweep"


def fail():
    raise OSError("/secret/path")


def test_a_run_that_was_successful():
    assert recorded(ScheduledRun, NAME, lambda: 7) == 7
    run = ScheduledRun.objects.get()
    assert (str(run), run.outcome, run.done, run.error_code) == (NAME, "done", 7, "")
    assert run.created <= run.started_at <= run.finished_at == run.succeeded_at


def test_a_run_that_failed_says_how_and_nothing_more():
    recorded(ScheduledRun, NAME, lambda: 7)
    with pytest.raises(OSError, match="secret"):
        recorded(ScheduledRun, NAME, fail)
    run = ScheduledRun.objects.get()
    assert (run.outcome, run.error_code) == ("failed", "OSError")
    assert run.succeeded_at < run.finished_at


def test_a_run_that_dies_was_started_and_has_not_finished():
    def die():
        raise SystemExit

    with pytest.raises(SystemExit):
        recorded(ScheduledRun, NAME, die)
    run = ScheduledRun.objects.get()
    assert (run.finished_at, run.outcome) == (None, "")


def test_the_next_run_takes_two_statements(django_assert_num_queries):
    recorded(ScheduledRun, NAME, lambda: 7)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)), django_assert_num_queries(2):
        recorded(ScheduledRun, NAME, lambda: 0)
    run = ScheduledRun.objects.get()
    assert (run.done, run.started_at > run.created) == (0, True)
