"""The whole story: real processes, real HTTP, and what is left when it is over."""

import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.db import connection

from demo.processes import HOST, choose_port, is_free

PROJECT = Path(__file__).resolve().parents[2]
SECONDS = 240
CREATE = {"postgresql": "CREATE DATABASE {}", "mysql": "CREATE DATABASE {} CHARACTER SET utf8mb4"}
DROP = {"postgresql": "DROP DATABASE {} WITH (FORCE)", "mysql": "DROP DATABASE {}"}


@pytest.fixture
def environment(django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The tests' environment without a broker; a database server that it names gets a database for this story."""
    env = {name: value for name, value in os.environ.items() if name != "CELERY_BROKER_URL"}
    if not env.get("DATABASE_URL", "").startswith(("postgres", "mysql")):
        env.pop("DATABASE_URL", None)
        yield env
        return
    with _database(django_db_blocker) as name:
        yield env | {"DATABASE_URL": urlsplit(env["DATABASE_URL"])._replace(path=f"/{name}").geturl()}


@contextmanager
def _database(blocker: Any) -> Iterator[str]:
    name = f"story_{uuid.uuid4().hex[:12]}"
    _on_server(blocker, CREATE[connection.vendor].format(name))
    try:
        yield name
    finally:
        _on_server(blocker, DROP[connection.vendor].format(name))


def _on_server(blocker: Any, statement: str) -> None:
    with blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def play(env: dict[str, str], *options: str) -> str:
    """Play the story to its good end; what it printed."""
    command = [sys.executable, "-m", "demo", "story", *options]
    ended = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_one_learner_is_verified_and_one_rejected(environment: dict[str, str]) -> None:
    told = play(environment)
    assert "The story ended well" in told
    assert re.search(r"amal-\w+ → POST /api/edx_proctoring/v1/proctored_exam/attempt  200", told)
    assert re.search(r"exam app → PATCH \S+  200 .*\[started\]", told)
    assert re.search(r"vendor → POST \S+/reviewed  200  \d+ ms  \(10 times\)", told)
    assert re.search(r"vendor → POST \S+/reviewed  400 ", told)
    assert re.search(r"grace → POST /admin/proctoring/proctoredexamsoftwaresecurereview/\d+/change/  302", told)


def test_a_vendor_that_is_killed_changes_nothing_in_the_end(environment: dict[str, str]) -> None:
    told = play(environment, "--kill-simulator")
    assert "The vendor's process is killed." in told
    assert "register 1 time, started 1 time, submitted 1 time" in told


@pytest.mark.broker
@pytest.mark.parametrize("options", [[], ["--kill-simulator"]])
def test_the_story_with_a_broker(environment: dict[str, str], options: list[str]) -> None:
    assert "The story ended well" in play(
        environment | {"CELERY_BROKER_URL": os.environ["CELERY_BROKER_URL"]}, *options
    )


def test_the_demo_plays_and_serves_on_a_free_port_until_it_is_interrupted(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with closing(socket(AF_INET, SOCK_STREAM)) as listener:
        listener.bind((HOST, 0))
        listener.listen()
        taken = listener.getsockname()[1]
        ports = ["--port", str(taken), "--simulator-port", str(choose_port(0))]
        with serving(environment | {"DEMO_DIR": str(tmp_path)}, *ports) as process:
            told = _told_until(process, "Ctrl-C")
            urls = re.findall(r"http://127\.0\.0\.1:\d+", told)
            signs_in = requests.get(f"{urls[0]}/accounts/login/", timeout=10)
            process.send_signal(signal.SIGINT)
            status = process.wait(SECONDS)
    assert f"Port {taken} is taken: the LMS uses port" in told
    assert "The story ended well" in told
    assert signs_in.status_code == 200
    assert status == 0
    assert all(is_free(urlsplit(url).port or 0) for url in urls)


def test_a_demo_that_is_ended_while_it_starts_leaves_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    port, simulator_port = choose_port(0), choose_port(0)
    ports = ["--port", str(port), "--simulator-port", str(simulator_port)]
    with serving(environment | {"DEMO_DIR": str(tmp_path)}, *ports) as process:
        _told_until(process, "Starting")
        _wait_until_taken(simulator_port)
        process.send_signal(signal.SIGTERM)
        status = process.wait(SECONDS)
    assert status == 128 + signal.SIGTERM
    assert is_free(simulator_port)
    assert is_free(port)


@contextmanager
def serving(env: dict[str, str], *options: str) -> "Iterator[subprocess.Popen[str]]":
    """``demo up``, which is asked to end if the test forgets to."""
    command = [sys.executable, "-m", "demo", "up", *options]
    with subprocess.Popen(command, cwd=PROJECT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def _told_until(process: "subprocess.Popen[str]", word: str) -> str:
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if word in line:
            return told
    raise AssertionError(told)


def _wait_until_taken(port: int) -> None:
    deadline = time.monotonic() + SECONDS
    while is_free(port):
        assert time.monotonic() < deadline, "the simulator does not start"
        time.sleep(0.05)
