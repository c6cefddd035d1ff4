"""gunicorn with two workers, for as long as it is needed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from honcho.environ import parse_procfile

from demo.processes import HOST, choose_port
from demo.running import BASE_DIR
from demo.scale import PROCFILE
from demo.scale import WEB_PROCESSES as WORKERS

SECONDS_TO_START = 60


@dataclass(frozen=True)
class Server:
    """Where the site answers, and the process whose children do."""

    base: str
    process: int


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """The site, until it is not needed any more."""
    port = choose_port(0)
    log = folder / "gunicorn.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", _command()], cwd=BASE_DIR, env=_environment(port), stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(port, process, log)
            yield Server(f"http://{HOST}:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _command() -> str:
    """The line of demo/Procfile: what is measured is what the demo of this size serves with."""
    return str(parse_procfile(PROCFILE.read_text()).processes["web"])


def _environment(port: int) -> dict[str, str]:
    # The Procfile says python, and means this one.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "LMS_PORT": str(port), "WEB_PROCESSES": str(WORKERS), "PATH": path}


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
