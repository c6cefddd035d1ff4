"""What the task queue runs on a schedule."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from celery import shared_task

from proctoring.common.runs import AbstractScheduledRun, recorded


def scheduled(model: type[AbstractScheduledRun], name: str) -> Callable[[Callable[[], int]], Any]:
    """A task that runs on a schedule; ``model`` keeps when it last did, and what came of it."""

    def registered(work: Callable[[], int]) -> Any:
        @wraps(work)
        def run() -> int:
            return recorded(model, name, work)

        return shared_task(run, name=name, ignore_result=True)

    return registered
