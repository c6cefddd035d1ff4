"""
Schedules: which tasks have to run again and again, how often, and how bad it is when they do not.

This can be imported by a settings module, before Django's apps are loaded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from proctoring.common.operations.report import Level


@dataclass(frozen=True, slots=True)
class Schedule:
    """``task`` is to run ``every`` so often; ``if_late`` says how bad it is when it has not for three times as long."""

    task: str
    every: timedelta
    if_late: Level = Level.ATTENTION


def beat(schedules: Iterable[Schedule]) -> dict[str, dict[str, Any]]:
    """Entries for Celery's beat."""
    return {schedule.task: {"task": schedule.task, "schedule": schedule.every} for schedule in schedules}


def as_configured(schedules: Iterable[Schedule], entries: Mapping[str, Any]) -> list[Schedule]:
    """
    The schedules with the intervals that the site's own beat table has for them; ``entries`` is that table.

    What has no interval, such as a time of the day, leaves the recommended one.
    """
    intervals = {entry.get("task"): _interval(entry.get("schedule")) for entry in entries.values()}
    return [
        Schedule(schedule.task, intervals.get(schedule.task) or schedule.every, schedule.if_late)
        for schedule in schedules
    ]


def _interval(schedule: Any) -> timedelta | None:
    if isinstance(schedule, int | float):
        return timedelta(seconds=schedule)
    # Celery's own objects have theirs there.
    interval = schedule if isinstance(schedule, timedelta) else getattr(schedule, "run_every", None)
    return interval if isinstance(interval, timedelta) else None
