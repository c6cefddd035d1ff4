"""Waiting for something that happens elsewhere, not for ever."""

import time
from collections.abc import Callable
from typing import TypeVar

from demo.story.report import StepFailed

LONGEST_SECONDS = 30.0
PAUSE_SECONDS = 0.2

Seen = TypeVar("Seen")


def wait_for(
    look: Callable[[], Seen],
    is_there: Callable[[Seen], bool],
    expected: str,
    *,
    seconds: float = LONGEST_SECONDS,
    pause: float = PAUSE_SECONDS,
) -> Seen:
    """What ``look`` sees once ``is_there`` says yes. Raises ``StepFailed`` with the last sight after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if is_there(seen):
            return seen
        if time.monotonic() >= deadline:
            raise StepFailed(f"{expected} within {seconds:.0f} s", seen)
        time.sleep(pause)
