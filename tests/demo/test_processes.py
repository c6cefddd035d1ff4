"""Ports, and processes that are started, watched and ended together."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from demo.__main__ import main
from demo.processes import HOST, ProcessFailed, Program, Supervisor, choose_port, is_free, last_lines
from demo.running import SCHEDULER, WORKER, Addresses, environment, schedulers

SECONDS = 10.0
WAITS = "import time; time.sleep(60)"
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(60)
"""
HAS_CHILD = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {WAITS!r}])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def taken_port() -> Iterator[int]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path, tmp_path / "log") as running:
        yield running


def python(name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", code], os.environ)


def printed(supervisor: Supervisor, name: str) -> str:
    """The first thing that the program prints."""
    deadline = time.monotonic() + SECONDS
    while not (text := last_lines(supervisor.log_of(name))):
        assert time.monotonic() < deadline, f"{name} prints nothing"
        time.sleep(0.02)
    return text


def has_ended(pid: int) -> bool:
    """Whether the process is gone; one that nobody waits for any more counts as gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


def wait_until_ended(pid: int) -> None:
    deadline = time.monotonic() + SECONDS
    while not has_ended(pid):
        assert time.monotonic() < deadline, f"process {pid} lives"
        time.sleep(0.02)


# Ports


def test_a_free_port_is_taken_as_wished() -> None:
    port = choose_port(0)
    assert choose_port(port) == port


def test_another_port_is_chosen_where_one_is_taken(taken_port: int) -> None:
    assert not is_free(taken_port)
    assert choose_port(taken_port) > taken_port


def test_two_servers_do_not_get_the_same_port() -> None:
    port = choose_port(0)
    assert choose_port(port, taken=frozenset({port})) > port


def test_no_port_at_all_is_said(taken_port: int) -> None:
    every_port = frozenset(range(taken_port, taken_port + 200))
    with pytest.raises(ProcessFailed, match=f"No port from {taken_port} on is free"):
        choose_port(taken_port, taken=every_port)


# Processes


def test_what_was_started_has_ended_afterwards(tmp_path: Path) -> None:
    with Supervisor(tmp_path, tmp_path / "log") as supervisor:
        supervisor.start(python("parent", HAS_CHILD))
        child = int(printed(supervisor, "parent"))
        assert not has_ended(child)
    wait_until_ended(child)


def test_everything_ends_when_something_fails(tmp_path: Path) -> None:
    children: list[int] = []

    def fails() -> None:
        with Supervisor(tmp_path, tmp_path / "log") as supervisor:
            supervisor.start(python("parent", HAS_CHILD))
            children.append(int(printed(supervisor, "parent")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    wait_until_ended(children[0])


def test_a_program_that_does_not_want_to_end_is_killed(tmp_path: Path) -> None:
    with Supervisor(tmp_path, tmp_path / "log", grace=0.2) as supervisor:
        supervisor.start(python("stubborn", STUBBORN))
        pid = int(printed(supervisor, "stubborn"))
        supervisor.stop("stubborn")
        assert has_ended(pid)


def test_a_killed_program_can_be_started_again(supervisor: Supervisor) -> None:
    supervisor.start(python("program", WAITS))
    supervisor.kill("program")
    supervisor.start(python("program", WAITS))
    supervisor.check()


def test_a_program_that_ended_is_named_with_its_last_words(supervisor: Supervisor) -> None:
    supervisor.start(python("weak", "print('last words', flush=True); raise SystemExit(3)"))
    with pytest.raises(ProcessFailed, match=r"(?s)weak ended with 3.*last words"):
        supervisor.wait_until_healthy("weak", "http://127.0.0.1:9/")


def test_a_program_that_never_answers_is_given_up(supervisor: Supervisor) -> None:
    supervisor.start(python("silent", WAITS))
    url = f"http://{HOST}:{choose_port(0)}/"
    with pytest.raises(ProcessFailed, match=f"silent does not answer at {url}"):
        supervisor.wait_until_healthy("silent", url, seconds=0)


def test_a_command_that_succeeds_is_over(supervisor: Supervisor) -> None:
    supervisor.run(python("command", "print('done')"))
    assert last_lines(supervisor.log_of("command")) == "done"
    supervisor.check()


def test_a_command_that_fails_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(ProcessFailed, match=r"(?s)command ended with 1.*ValueError: no"):
        supervisor.run(python("command", "raise ValueError('no')"))


def test_a_command_that_takes_too_long_is_ended(supervisor: Supervisor) -> None:
    with pytest.raises(ProcessFailed, match="has not ended within 0 s"):
        supervisor.run(python("command", WAITS), seconds=0.1)


def test_signals_do_not_disturb_the_ending(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Supervisor(tmp_path, tmp_path / "log") as supervisor:
        supervisor.start(python("program", WAITS))
    assert signal.getsignal(signal.SIGTERM) is before


def test_only_the_end_of_a_log_is_shown(tmp_path: Path) -> None:
    log = tmp_path / "long.log"
    log.write_text("\n".join(f"line {number}" for number in range(100)))
    assert last_lines(log, 2) == "line 98\nline 99"
    assert last_lines(tmp_path / "none.log") == ""


# What the programs are told


def test_programs_are_told_about_one_another(tmp_path: Path) -> None:
    given = {"PATH": "/bin", "DJANGO_SETTINGS_MODULE": "somewhere.else", "NO_PROXY": "example.org"}
    env = environment(given, tmp_path, Addresses(8000, 8001))
    assert env["LMS_URL"] == "http://127.0.0.1:8000"
    assert env["SIMULATOR_URL"] == "http://127.0.0.1:8001"
    assert env["DJANGO_SETTINGS_MODULE"] == "demo.settings"
    assert env["PATH"] == "/bin"
    assert Path(env["DEMO_DIR"]).is_absolute()
    assert env["NO_PROXY"] == env["no_proxy"] == "127.0.0.1,localhost,example.org"


def test_without_a_broker_one_loop_runs_the_schedule() -> None:
    assert schedulers({"CELERY_BROKER_URL": ""}, ["loop"]) == {SCHEDULER: ["loop"]}


def test_with_a_broker_celery_does() -> None:
    assert set(schedulers({"CELERY_BROKER_URL": "redis://127.0.0.1/0"}, ["loop"])) == {WORKER, SCHEDULER}


# The command line


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["story", "--lms", "http://127.0.0.1:8000"], "go together"),
        (["story", "--lms", "http://a", "--simulator", "http://b", "--kill-simulator"], "of its own"),
        (["story", "--lms", "http://a", "--simulator", "http://b", "--learner", "amal"], "twice"),
        ([], "COMMAND"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


def test_a_demo_without_any_port_ends_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    last_port = 65535
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as listener:
        # Whoever else has the port: it is taken.
        with suppress(OSError):
            listener.bind((HOST, last_port))
            listener.listen()
        assert main(["up", "--port", str(last_port)]) == 1
    assert "FAILED: No port from 65535 on is free." in capsys.readouterr().err
