"""The periodic tasks of a site without a broker."""

import logging
import os
import signal
from datetime import timedelta
from threading import Event, Timer

import pytest
from celery import Celery
from django.core.management import call_command

from demo.celery import app
from demo.lms.schedule import jobs_of, run_if_due, run_until
from proctoring.conf import SCHEDULES as EXAM_SCHEDULES
from verify_student.conf import SCHEDULES as IDENTITY_SCHEDULES

pytestmark = pytest.mark.django_db


def site_with(stop: Event, **schedule: float) -> tuple[Celery, list[str]]:
    """
    An app whose task ``tests.note`` notes what it is told and ends the loop at the third note; ``tests.fail`` fails.
    """
    site, notes = Celery("tests", set_as_current=False), []

    @site.task(name="tests.note", shared=False)
    def note(text: str = "ran") -> None:
        notes.append(text)
        if len(notes) == 3:
            stop.set()

    @site.task(name="tests.fail", shared=False)
    def fail() -> None:
        raise RuntimeError

    site.conf.beat_schedule = {
        name: {"task": f"tests.{name}", "schedule": seconds} for name, seconds in schedule.items()
    }
    return site, notes


def test_a_task_runs_again_and_again_until_told_to_stop() -> None:
    stop = Event()
    site, notes = site_with(stop, note=0.01)
    run_until(stop, site)
    assert notes == ["ran", "ran", "ran"]


def test_a_failing_task_is_logged_and_hinders_no_other(caplog: pytest.LogCaptureFixture) -> None:
    stop = Event()
    site, notes = site_with(stop, fail=0.01, note=0.01)
    with caplog.at_level(logging.ERROR, logger="demo.lms.schedule"):
        run_until(stop, site)
    assert len(notes) == 3
    assert "job=fail task=tests.fail" in caplog.text


def test_an_unknown_task_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    site, _ = site_with(Event(), missing=0.0)
    run_if_due(jobs_of(site)[0], site)
    assert "task=tests.missing" in caplog.text


def test_nothing_runs_before_its_time() -> None:
    site, notes = site_with(Event(), note=3600.0)
    job = jobs_of(site)[0]
    assert 3500 < run_if_due(job, site) <= 3600
    assert notes == []
    job.last_run_at -= timedelta(hours=1)
    assert run_if_due(job, site) == pytest.approx(3600.0)
    assert notes == ["ran"]


def test_arguments_are_handed_over() -> None:
    site, notes = site_with(Event(), note=0.0)
    site.conf.beat_schedule["note"]["kwargs"] = {"text": "told"}
    run_if_due(jobs_of(site)[0], site)
    assert notes == ["told"]


def test_a_site_without_periodic_tasks_waits_for_the_end() -> None:
    stop = Event()
    site, _ = site_with(stop)
    Timer(0.05, stop.set).start()
    run_until(stop, site)
    assert stop.is_set()


def test_the_command_ends_on_sigterm() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    try:
        call_command("demo_schedule")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_the_tasks_of_the_beat_schedule_exist() -> None:
    app.autodiscover_tasks(force=True)
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_what_the_apps_recommend_is_in_the_beat_schedule() -> None:
    recommended = {schedule.task for schedule in [*EXAM_SCHEDULES, *IDENTITY_SCHEDULES]}
    assert recommended == {entry["task"] for entry in app.conf.beat_schedule.values()}
