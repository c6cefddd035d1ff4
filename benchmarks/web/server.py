"""gunicorn with two workers, for as long as it is needed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
WORKERS = 2
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Server:
    """Where the site answers, and the process whose children do."""

    base: str
    process: int


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """The site, until it is not needed any more."""
    port = _free_port()
    log = folder / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "benchmarks.web.wsgi:application", "--bind", f"{HOST}:{port}"]
    command += ["--workers", str(WORKERS), "--worker-tmp-dir", str(folder), "--log-level", "error"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(port, process, log)
            yield Server(f"http://{HOST}:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"The site does not start:\n{log.read_text(errors='replace')[-2000:]}")
