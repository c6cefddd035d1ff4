"""The demo in several processes: what it asks for, and what it says where that is not there."""

import subprocess
from pathlib import Path

import pytest
from celery import current_app

from demo.processes import HOST, ProcessFailed, Supervisor, choose_port
from demo.running import Addresses
from demo.scale import PROCFILE, ScaledSite, scaled_environment

ROOT = Path(__file__).parents[2]
ADDRESSES = Addresses(lms_port=9301, simulator_port=9302)


@pytest.fixture
def closed_port() -> int:
    return choose_port(0)


def started(tmp_path: Path) -> None:
    with Supervisor(tmp_path, tmp_path / "log") as supervisor:
        ScaledSite(supervisor, ADDRESSES, tmp_path).start()


def test_each_process_has_a_line_and_is_what_is_signalled() -> None:
    processes = dict(line.split(": ", 1) for line in PROCFILE.read_text().splitlines())
    assert set(processes) == {"simulator", "web", "worker", "beat"}
    assert all(line.startswith("exec ") for line in processes.values())


@pytest.mark.parametrize("target", ["scale-demo", "scale-demo-story", "soak"])
def test_make_names_the_servers_that_it_was_told(target: str) -> None:
    told = ["POSTGRES_URL=postgres://somebody@db.invalid:5433/x", "RABBITMQ_URL=amqp://mq.invalid//"]
    said = subprocess.run(["make", "--dry-run", target, *told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "DATABASE_URL='postgres://somebody@db.invalid:5433/scale_special_exams'" in said.stdout
    assert "CELERY_BROKER_URL='amqp://mq.invalid//'" in said.stdout


def test_processes_share_a_queue_of_their_own(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgres://somebody@db.invalid:5433/scale_x", "CELERY_BROKER_URL": "amqp://mq.invalid//"}
    told = scaled_environment(given, tmp_path, ADDRESSES)
    assert told["CELERY_QUEUE"] == "scale_x"
    assert told["CELERY_BROKER_URL"] == "amqp://mq.invalid//"
    assert told["DATABASE_URL"].startswith("postgres://somebody@db.invalid:5433/scale_x?conn_max_age=")
    assert (told["LMS_PORT"], told["SIMULATOR_PORT"]) == ("9301", "9302")


def test_a_database_that_somebody_may_need_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(ProcessFailed, match="has to begin with scale"):
        scaled_environment({"DATABASE_URL": "postgres://db.invalid/lms"}, tmp_path, ADDRESSES)


def test_other_databases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProcessFailed, match="only PostgreSQL"):
        scaled_environment({"DATABASE_URL": "mysql://db.invalid/scale_x"}, tmp_path, ADDRESSES)


def test_a_broker_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.invalid/scale_x")
    monkeypatch.setenv("CELERY_BROKER_URL", f"amqp://user:hidden@{HOST}:{closed_port}//")
    with pytest.raises(ProcessFailed, match=rf"does not answer at amqp://user:\*\*@{HOST}:{closed_port}"):
        started(tmp_path)
    # It was asked for by an application that is nobody's.
    assert current_app.main == "demo"


def test_a_database_server_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setenv("DATABASE_URL", f"postgres://user:hidden@{HOST}:{closed_port}/scale_x")
    monkeypatch.setenv("CELERY_BROKER_URL", "memory://")
    with pytest.raises(ProcessFailed, match=rf"PostgreSQL at {HOST}:{closed_port} does not make .* scale_x") as caught:
        started(tmp_path)
    assert "hidden" not in str(caught.value)
