"""
The demo as larger sites run: demo/Procfile's processes, several of a kind, on PostgreSQL and RabbitMQ.

``DATABASE_URL`` names a database that is made anew each time, so its name has to begin with ``scale``;
``CELERY_BROKER_URL`` the broker, where the demo has a queue of the same name, which goes with it.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from celery import Celery
from kombu.exceptions import OperationalError

from demo.processes import ProcessFailed, Program, Supervisor
from demo.running import BASE_DIR, Addresses, environment

PROCFILE = BASE_DIR / "demo" / "Procfile"
PROCESSES = "processes"
WEB_PROCESSES, WORKERS = 2, 2
DATABASE = "postgres://postgres@127.0.0.1:5432/scale_special_exams"
BROKER = "amqp://guest:guest@127.0.0.1:5672//"
PREFIX = "scale"
SECONDS_TO_CONNECT = 5


def scaled_environment(given: Mapping[str, str], demo_dir: Path, addresses: Addresses) -> dict[str, str]:
    """The demo's environment, with what is particular to many processes. Raises ``ProcessFailed``."""
    database = urlsplit(given.get("DATABASE_URL") or DATABASE)
    name = database.path.lstrip("/")
    if not database.scheme.startswith("postgres"):
        raise ProcessFailed(f"DATABASE_URL is one of {database.scheme}: only PostgreSQL will do here.")
    if not name.startswith(PREFIX):
        raise ProcessFailed(f"The database is called {name}: it is made anew, so its name has to begin with {PREFIX}.")
    return environment(given, demo_dir, addresses) | {
        # Connections last, as they do on a busy site.
        "DATABASE_URL": urlunsplit(database._replace(query="conn_max_age=600&conn_health_checks=true")),
        "CELERY_BROKER_URL": given.get("CELERY_BROKER_URL") or BROKER,
        # Whatever else uses the broker neither does our tasks nor gives us its own.
        "CELERY_QUEUE": name,
        "DEBUG": given.get("DEBUG", "false"),
        "LMS_PORT": str(addresses.lms_port),
        "SIMULATOR_PORT": str(addresses.simulator_port),
        "WEB_PROCESSES": given.get("WEB_PROCESSES", str(WEB_PROCESSES)),
        # The Procfile says python, and means this one.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), given.get("PATH", os.defpath)]),
    }


class ScaledSite:
    """The processes of demo/Procfile under one supervisor: what :class:`demo.running.Site` is for one of each."""

    def __init__(self, supervisor: Supervisor, addresses: Addresses, demo_dir: Path) -> None:
        self.addresses = addresses
        self.env = scaled_environment(os.environ, demo_dir, addresses)
        self.logs = (PROCESSES,)
        self._supervisor = supervisor

    def start(self) -> None:
        """A database of its own, everything started, the course seeded; returns when both sites answer."""
        _find_broker(self.env["CELERY_BROKER_URL"])
        _make_database(self.env["DATABASE_URL"])
        self._manage("migrate", "--no-input", "--verbosity", "0")
        self._supervisor.start(Program(PROCESSES, self._honcho(), self.env))
        self._supervisor.wait_until_healthy(PROCESSES, f"{self.addresses.simulator_url}/simulator/health")
        # Seeded exams are told to the vendor, so it has to be there.
        self._manage("demo_seed")
        self._supervisor.wait_until_healthy(PROCESSES, f"{self.addresses.lms_url}/healthz")

    def make_learner(self, name: str) -> None:
        """Create a learner who has done nothing yet."""
        self._manage("demo_learner", name)

    def close(self) -> None:
        """End everything, and take the queue away from the broker; whoever was not started has nothing to end."""
        self._supervisor.stop_all()
        name = self.env["CELERY_QUEUE"]
        with suppress(OperationalError, OSError), _connection(self.env["CELERY_BROKER_URL"]) as broker:
            broker.default_channel.queue_delete(name)
            broker.default_channel.exchange_delete(name)

    def _honcho(self) -> list[str]:
        started = [sys.executable, "-m", "honcho", "start", "--app-root", str(BASE_DIR), "--procfile", str(PROCFILE)]
        # Without an environment file: one that lies about would be read.
        return [*started, "--env", os.devnull, "--no-colour", "--concurrency", f"worker={WORKERS}"]

    def _manage(self, *arguments: str) -> None:
        command = [sys.executable, str(BASE_DIR / "manage.py"), *arguments]
        self._supervisor.run(Program(arguments[0], command, self.env))


def _connection(url: str) -> Any:
    # Not the current one: that belongs to the site of this process.
    return Celery(set_as_current=False).connection(url, connect_timeout=SECONDS_TO_CONNECT)


def _find_broker(url: str) -> None:
    with _connection(url) as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=SECONDS_TO_CONNECT)
        except (OperationalError, OSError) as error:
            raise ProcessFailed(
                f"The broker does not answer at {broker.as_uri()} ({type(error).__name__}). "
                "Start RabbitMQ, or say where it is: make scale-demo RABBITMQ_URL=amqp://user:password@host:5672//"
            ) from error


def _make_database(url: str) -> None:
    try:
        # Only needed here: a newcomer has no driver of PostgreSQL.
        import psycopg
    except ImportError:
        raise ProcessFailed("There is no driver of PostgreSQL: install requirements/services.txt.") from None
    address = urlsplit(url)
    name = address.path.lstrip("/")
    server = urlunsplit(address._replace(scheme="postgresql", path="/postgres", query=""))
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=SECONDS_TO_CONNECT) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.Error as error:
        raise ProcessFailed(
            f"PostgreSQL at {address.hostname}:{address.port or 5432} does not make the database {name} "
            f"({type(error).__name__}). Start it, or say where it is: "
            "make scale-demo POSTGRES_URL=postgres://user@host:5432/any_name"
        ) from error
