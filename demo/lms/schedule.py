"""The periodic tasks without a broker: one loop that runs what is due, in this process."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from celery import Celery
from celery.schedules import BaseSchedule, maybe_schedule
from django.db import close_old_connections

logger = logging.getLogger(__name__)

LONGEST_SLEEP_SECONDS = 5.0


@dataclass
class Job:
    """One entry of the beat schedule and when it last ran."""

    name: str
    task: str
    schedule: BaseSchedule
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    last_run_at: datetime


def jobs_of(app: Celery) -> list[Job]:
    """The entries of the app's beat schedule, all due from now on."""
    now = app.now()
    return [
        Job(
            name=name,
            task=entry["task"],
            schedule=maybe_schedule(entry["schedule"], app=app),
            args=tuple(entry.get("args", ())),
            kwargs=entry.get("kwargs", {}),
            last_run_at=now,
        )
        for name, entry in app.conf.beat_schedule.items()
    ]


def run_until(stop: Event, app: Celery) -> None:
    """
    Run the tasks as they fall due until ``stop`` is set. A task that fails is logged and runs again at its next time.
    """
    jobs = jobs_of(app)
    while not stop.is_set():
        pause = min((run_if_due(job, app) for job in jobs), default=LONGEST_SLEEP_SECONDS)
        stop.wait(min(pause, LONGEST_SLEEP_SECONDS))


def run_if_due(job: Job, app: Celery) -> float:
    """Run the job if its time has come; seconds until it is due again."""
    due, seconds = job.schedule.is_due(job.last_run_at)
    if due:
        job.last_run_at = app.now()
        _run(job, app)
    return float(seconds)


def _run(job: Job, app: Celery) -> None:
    # Each run is a unit of work of its own, like a request: a database that was away is met with a fresh connection.
    close_old_connections()
    try:
        app.tasks[job.task](*job.args, **job.kwargs)
    except Exception:
        logger.exception("A periodic task failed: job=%s task=%s", job.name, job.task)
    finally:
        close_old_connections()
