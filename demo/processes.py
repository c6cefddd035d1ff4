"""Processes on this machine: started together, watched, and ended together, none left behind."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

HOST = "127.0.0.1"
HEALTH_SECONDS = 60.0
GRACE_SECONDS = 8.0
PAUSE_SECONDS = 0.1
LAST_LINES = 15
NEXT_PORTS = 100
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ProcessFailed(Exception):
    """A process ended or never answered; the text says which, and ends with the last lines of its log."""


def is_free(port: int, host: str = HOST) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do it: a port that is merely winding down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def choose_port(preferred: int, taken: frozenset[int] = frozenset()) -> int:
    """``preferred``, or the next port that is free and not in ``taken``; 0: any. Raises ``ProcessFailed``."""
    if preferred == 0:
        return _any_port()
    candidates = range(preferred, min(preferred + NEXT_PORTS, 65536))
    for port in candidates:
        if port not in taken and is_free(port):
            return port
    raise ProcessFailed(f"No port from {preferred} on is free.")


def _any_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def last_lines(log: Path, count: int = LAST_LINES) -> str:
    """The end of a log file; empty where there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


@dataclass(frozen=True)
class Program:
    """Something to run: ``name`` is that of its log file."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]


class Supervisor:
    """
    A context manager: whatever was started in it has ended when it is left, with everything that those started.

    Each program leads a process group of its own, so Ctrl-C at the terminal reaches the supervisor only. What is
    asked to end has ``grace`` seconds to do so before it is killed.
    """

    def __init__(self, working_dir: Path, log_dir: Path, grace: float = GRACE_SECONDS) -> None:
        self._working_dir = working_dir
        self._log_dir = log_dir
        self._grace = grace
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        log_dir.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop_all()

    def log_of(self, name: str) -> Path:
        """Where the program's output goes."""
        return self._log_dir / f"{name}.log"

    def start(self, program: Program) -> None:
        """Start the program and leave it running."""
        with self.log_of(program.name).open("ab") as log:
            self._running[program.name] = subprocess.Popen(
                program.command,
                cwd=self._working_dir,
                env=dict(program.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, program: Program, seconds: float = 120.0) -> None:
        """Run the program to its end. Raises ``ProcessFailed`` unless it succeeds."""
        self.start(program)
        try:
            code = self._running[program.name].wait(seconds)
        except subprocess.TimeoutExpired:
            raise self._failure(program.name, f"has not ended within {seconds:.0f} s") from None
        finally:
            self.stop(program.name)
        if code:
            raise self._failure(program.name, f"ended with {code}")

    def kill(self, name: str) -> None:
        """End the program at once, without a chance to tidy up."""
        self._end(name, signal.SIGKILL, 0)

    def stop(self, name: str) -> None:
        """End the program, gently at first."""
        self._end(name, signal.SIGTERM, self._grace)

    def stop_all(self) -> None:
        """End everything: all are asked at once, then those that stay are killed."""
        with _undisturbed():
            for process in self._running.values():
                _signal(process, signal.SIGTERM)
            for name in reversed(list(self._running)):
                self.stop(name)

    def check(self) -> None:
        """Raise ``ProcessFailed`` where a program that should be running has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise self._failure(name, f"ended with {process.returncode}")

    def wait_until_healthy(self, name: str, url: str, seconds: float = HEALTH_SECONDS) -> None:
        """
        Wait until ``url`` answers 200. Raises ``ProcessFailed`` where a program ends meanwhile, or after ``seconds``.
        """
        deadline = time.monotonic() + seconds
        while not _answers(url):
            self.check()
            if time.monotonic() >= deadline:
                raise self._failure(name, f"does not answer at {url}")
            time.sleep(PAUSE_SECONDS)

    def _end(self, name: str, first: signal.Signals, grace: float) -> None:
        process = self._running.pop(name)
        _signal(process, first)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        # The leader has gone or does not want to: what is left of its group goes too.
        _signal(process, signal.SIGKILL)
        process.wait()

    def _failure(self, name: str, what: str) -> ProcessFailed:
        log = self.log_of(name)
        return ProcessFailed(f"{name} {what}. The end of {log}:\n{last_lines(log)}")


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Impatient people press Ctrl-C twice; the second must not leave processes behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _answers(url: str) -> bool:
    with requests.Session() as session, contextlib.suppress(requests.RequestException):
        session.trust_env = False
        return session.get(url, timeout=2, allow_redirects=False).status_code == 200
    return False
