"""
No row lock is held while talking to another machine: a request sent inside a transaction fails the test that sent it.

The transactions that a test case wraps around its test do not count, only those that the code under test opens. The
guard raises at once, and again when the test ends, so that code that survives a failing vendor cannot hide the error.
"""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import connections

PROJECT = Path(__file__).resolve().parents[2]


@dataclass
class NetworkGuard:
    """What was sent inside a transaction since the running test began, one text for each request."""

    caught: list[str] = field(default_factory=list)

    def check(self, method: str | None, url: str | None) -> None:
        """Raise ``AssertionError`` if the code that asks is inside a transaction of its own."""
        aliases = open_transactions()
        if not aliases:
            return
        message = (
            f"{callers()}: no network inside transactions: {method} {_without_query(url)} was sent while a transaction "
            f"was open on database {', '.join(aliases)}"
        )
        self.caught.append(message)
        raise AssertionError(message)

    def verify(self) -> None:
        """Raise ``AssertionError`` with all that was caught, and forget it."""
        caught, self.caught = self.caught, []
        assert not caught, "\n".join(caught)


def open_transactions() -> list[str]:
    """Aliases of the databases on which this thread is inside a transaction that no test case opened."""
    return [
        connection.alias
        for connection in connections.all(initialized_only=True)
        if not all(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
    ]


def callers() -> str:
    """The project's lines that led here, the innermost first: ``file:line, called from file:line, …``."""
    frames = [frame for frame in traceback.extract_stack() if _is_ours(Path(frame.filename))]
    places = [f"{Path(frame.filename).relative_to(PROJECT).as_posix()}:{frame.lineno}" for frame in reversed(frames)]
    return ", called from ".join(places) or "unknown caller"


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(PROJECT) and "site-packages" not in path.parts and path != Path(__file__).resolve()


def _without_query(url: str | None) -> str:
    return (url or "").partition("?")[0]


_guard = NetworkGuard()


@pytest.fixture(scope="session", autouse=True)
def _guarded_requests() -> Iterator[None]:
    # The session's method, not the transport's: tests that fake vendors replace the transport.
    send = requests.Session.send

    def guarded(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        _guard.check(request.method, request.url)
        return send(session, request, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", guarded)
        yield


@pytest.fixture(autouse=True)
def no_network_in_transaction() -> Iterator[NetworkGuard]:
    """Fails the test at its end if anything was sent inside a transaction, even where the code swallowed the error."""
    _guard.caught.clear()
    yield _guard
    _guard.verify()
