"""Scheduled tasks, as rows of a report: when each last ran, and whether that is as it should be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proctoring.common.operations.report import Level, Row
from proctoring.common.runs import AbstractScheduledRun, RunOutcome
from proctoring.common.schedules import Schedule

LATE_AFTER = 3
# A task that runs each second is not late because a worker was busy for a moment.
AT_LEAST = timedelta(minutes=1)


class State(TextChoices):
    """Where a task stands."""

    NEVER = "never", gettext_lazy("never ran")
    OPEN = "open", gettext_lazy("runs, or died")
    DONE = RunOutcome.DONE.value, RunOutcome.DONE.label
    FAILED = RunOutcome.FAILED.value, RunOutcome.FAILED.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Row):
    """A task: how often it should run, and its last run."""

    columns = (
        ("every", gettext_lazy("every")),
        ("started_at", gettext_lazy("started")),
        ("finished_at", gettext_lazy("finished")),
        ("outcome", gettext_lazy("outcome")),
        ("done", gettext_lazy("done")),
        ("error_code", gettext_lazy("error")),
    )

    every: timedelta
    started_at: datetime | None = None
    finished_at: datetime | None = None
    succeeded_at: datetime | None = None
    outcome: State = State.NEVER
    done: int | None = None
    error_code: str = ""


def run_rows(model: type[AbstractScheduledRun], schedules: Iterable[Schedule], now: datetime) -> list[Row]:
    """A row for each schedule, whether or not it has ever run. One statement."""
    expected = list(schedules)
    runs = model._default_manager.filter(name__in=[schedule.task for schedule in expected])
    known = {run.name: run for run in runs}
    # Since when there is a schedule at all.
    begun = min((run.created for run in known.values()), default=None)
    return [
        _row(schedule, known[schedule.task], now) if schedule.task in known else _never(schedule, begun, now)
        for schedule in expected
    ]


def _never(schedule: Schedule, begun: datetime | None, now: datetime) -> Run:
    level = Level.OK
    if begun is None:
        level = Level.ATTENTION
    elif _is_late(schedule, begun, now):
        level = schedule.if_late
    return Run(
        key=schedule.task,
        what=schedule.task,
        level=level,
        advice=_("Add it to the schedule, or see whether the schedule and a worker run."),
        every=schedule.every,
    )


def _row(schedule: Schedule, run: AbstractScheduledRun, now: datetime) -> Run:
    level, advice = _judged(schedule, run, now)
    return Run(
        key=schedule.task,
        what=schedule.task,
        level=level,
        advice=advice,
        every=schedule.every,
        started_at=run.started_at,
        finished_at=run.finished_at,
        succeeded_at=run.succeeded_at,
        outcome=State.OPEN if _is_open(run) else State(run.outcome),
        done=run.done if run.finished_at else None,
        error_code=run.error_code,
    )


def _judged(schedule: Schedule, run: AbstractScheduledRun, now: datetime) -> tuple[Level, str]:
    late = _is_late(schedule, run.succeeded_at or run.created, now)
    level = schedule.if_late if late else Level.ATTENTION
    if run.outcome == RunOutcome.FAILED:
        return level, _("The last run failed. The worker's log says more.")
    if late and _is_open(run):
        return level, _("It was started and has not finished: it takes long, or its worker died. See the worker's log.")
    if late:
        return level, _("It is late. See whether the schedule and a worker run.")
    return Level.OK, ""


def _is_late(schedule: Schedule, since: datetime, now: datetime) -> bool:
    return now - since > max(LATE_AFTER * schedule.every, AT_LEAST)


def _is_open(run: AbstractScheduledRun) -> bool:
    return run.finished_at is None or run.finished_at < run.started_at
