"""PostgreSQL, Redis and RabbitMQ of this run's own: other ports, other directories, gone when it is over."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from demo.processes import HOST, Program, Supervisor, is_free

POSTGRES_USER = "postgres"
POSTGRES_PATHS = "/usr/lib/postgresql"
RABBITMQ_PATH = "/usr/lib/rabbitmq/bin"
SECONDS = 60.0
DATABASE = "faults"
BROKER = "broker"


class Missing(Exception):
    """Something that this run needs is not installed; the text names it."""


def program(name: str, *folders: Path) -> str:
    """Where a program is. Raises ``Missing``."""
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", ""), "/usr/sbin"])
    found = shutil.which(name, path=path)
    if found is None:
        raise Missing(f"{name} is not installed: looked in {path}")
    return found


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdecimal())


def _postgres(name: str) -> str:
    folders = sorted(Path(POSTGRES_PATHS).glob("*/bin"), key=_version, reverse=True)
    return program(name, *folders)


class Postgres:
    """A server in ``folder``. As root it runs as the user ``postgres``, since it refuses to be root."""

    def __init__(self, folder: Path, port: int) -> None:
        self._pg_ctl, initdb = _postgres("pg_ctl"), _postgres("initdb")
        self._data, self._log = folder / "data", folder / "postgres.log"
        self._port = port
        self._as = self._somebody()
        folder.mkdir(parents=True)
        if self._as:
            owner = pwd.getpwnam(POSTGRES_USER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self._run(initdb, "-D", str(self._data), "-U", POSTGRES_USER, "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgres://{POSTGRES_USER}@{HOST}:{self._port}/{DATABASE}"

    def start(self) -> None:
        """Start, and return when it takes connections; after a crash that is when it has recovered."""
        options = f"-p {self._port} -c listen_addresses={HOST} -c unix_socket_directories= -c max_connections=100"
        self._run(self._pg_ctl, "-D", str(self._data), "-l", str(self._log), "-w", "-t", "60", "-o", options, "start")

    def create(self) -> None:
        """The database."""
        self._run(_postgres("createdb"), "-h", HOST, "-p", str(self._port), "-U", POSTGRES_USER, DATABASE)

    def crash(self) -> None:
        """Every process of the server ends at once; nothing is written any more."""
        self._run(self._pg_ctl, "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def close(self) -> None:
        """Stop it, if it runs."""
        if (self._data / "postmaster.pid").exists():
            self.crash()

    def _somebody(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        return [program("setpriv"), "--reuid", POSTGRES_USER, "--regid", POSTGRES_USER, "--init-groups"]

    def _run(self, *command: str) -> None:
        ended = subprocess.run(
            [*self._as, *command],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            start_new_session=True,
            timeout=SECONDS * 2,
        )
        if ended.returncode:
            sys.exit(f"{Path(command[0]).name} failed: {ended.stderr.decode(errors='replace')}")


class Broker:
    """Redis or RabbitMQ. Redis keeps nothing on disk: what was in its queues is gone when it is killed."""

    def __init__(self, kind: str, supervisor: Supervisor, folder: Path, ports: Sequence[int]) -> None:
        self._supervisor = supervisor
        self._port = ports[0]
        folder.mkdir(parents=True)
        make = {"redis": self._redis, "rabbitmq": self._rabbitmq}[kind]
        self._program, self.url, self._ended = make(folder, ports)

    def start(self) -> None:
        """Start, and return when it takes connections."""
        self._supervisor.start(self._program)
        until = time.monotonic() + SECONDS
        while is_free(self._port):
            self._supervisor.check()
            if time.monotonic() > until:
                sys.exit(f"The broker does not listen on port {self._port}.")
            time.sleep(0.1)

    def crash(self) -> None:
        """End it at once."""
        self._supervisor.kill(BROKER)

    def close(self) -> None:
        """What it leaves running beside it."""
        self._ended()

    def _redis(self, folder: Path, ports: Sequence[int]) -> tuple[Program, str, Callable[[], None]]:
        options = ["--port", str(ports[0]), "--bind", HOST, "--save", "", "--appendonly", "no", "--dir", str(folder)]
        server = Program(BROKER, [program("redis-server"), *options], os.environ)
        return server, f"redis://{HOST}:{ports[0]}/0", lambda: None

    def _rabbitmq(self, folder: Path, ports: Sequence[int]) -> tuple[Program, str, Callable[[], None]]:
        # The wrapper that distributions put in the path starts the machine's own.
        server = program("rabbitmq-server", Path(RABBITMQ_PATH))
        epmd = program("epmd")
        node = f"faults-{ports[0]}@localhost"
        (folder / "enabled_plugins").write_text("[].\n")
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.local = {HOST}:{ports[0]}\n")
        env = dict(os.environ) | {
            "HOME": str(folder),
            "RABBITMQ_NODENAME": node,
            "RABBITMQ_NODE_PORT": str(ports[0]),
            "RABBITMQ_DIST_PORT": str(ports[1]),
            "ERL_EPMD_PORT": str(ports[2]),
            "ERL_EPMD_ADDRESS": HOST,
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
        }

        def end_epmd() -> None:
            # Erlang's port mapper stays behind, as a daemon of its own.
            command = [epmd, "-port", str(ports[2]), "-kill"]
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30)

        return Program(BROKER, [server], env), f"amqp://guest:guest@{HOST}:{ports[0]}//", end_epmd
