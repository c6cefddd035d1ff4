"""
One time limit for everything that is asked of other machines meanwhile.

A library's time-outs hold for each connecting and each piece of an answer; somebody who waits, waits for all of them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from urllib3.exceptions import ReadTimeoutError
from urllib3.util.timeout import Timeout

# Nothing may be waited for without any time; the library takes no zero.
LEAST = 0.001
_ends_at: ContextVar[float | None] = ContextVar("ends_at", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """What is asked of other machines within the block ends within ``seconds``; an earlier limit around it stays."""
    outer, own = _ends_at.get(), time.monotonic() + seconds
    token = _ends_at.set(own if outer is None else min(outer, own))
    try:
        yield
    finally:
        _ends_at.reset(token)


def seconds_left() -> float | None:
    """What is left of the limit, never below zero; None where there is none."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(0.0, ends_at - time.monotonic())


def is_over() -> bool:
    """Whether there was a limit, and nothing is left of it."""
    return seconds_left() == 0.0


def timeout_within(left: float, connect: float, read: float) -> Any:
    """Time-outs for one try: the client's own, and together no more than what is left."""
    return Timeout(total=max(left, LEAST), connect=max(min(connect, left), LEAST), read=max(min(read, left), LEAST))


def read_within(response: requests.Response) -> None:
    """Read the body of an answer that was asked for as a stream. Raises what ``requests`` raises for a stalled one."""
    raw = response.raw
    response.raw = _InTime(raw)
    try:
        # What reads it keeps it.
        _ = response.content
    finally:
        response.raw = raw


class _InTime:
    """The body of an answer, piece by piece as it comes in: a vendor may send one byte at a time, for ever."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def stream(self, size: int, decode_content: bool = True) -> Iterator[bytes]:
        while True:
            self._wait_no_longer()
            piece = self._raw.read1(size, decode_content=decode_content)
            if not piece:
                return
            yield piece

    def _wait_no_longer(self) -> None:
        left = seconds_left()
        if left == 0.0:
            self._raw.close()
            raise ReadTimeoutError(None, "", "The time for the whole answer is over.")  # type: ignore[arg-type]
        sock = getattr(getattr(self._raw, "connection", None), "sock", None)
        if sock is not None and left is not None:
            own = sock.gettimeout()
            sock.settimeout(left if own is None else min(own, left))
