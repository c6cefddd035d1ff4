"""Everything that runs, on ports and in directories of its own."""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.processes import HOST, ProcessFailed, Program, Supervisor, choose_port
from demo.running import BASE_DIR, Addresses, environment
from tests.faults.servers import Broker, Postgres

FIRST_PORT = 9400
WEB, SCHEDULER, VENDOR, IDENTITY = "web", "scheduler", "simulator", "identity"
WORKERS = ("worker-1", "worker-2")
STORE_MEGABYTES = 48
STARTED_AGAIN = "has ended by itself and is started again"
# Celery ends where its client library trips over a broker that is gone. Sites have something that starts it again.
KEPT = ("/bin/sh", "-c", f'while :; do "$@"; echo "{STARTED_AGAIN}"; sleep 1; done', "kept")


def _ports(count: int) -> list[int]:
    ports: list[int] = []
    for _ in range(count):
        ports.append(choose_port(max(ports, default=FIRST_PORT - 1) + 1))
    return ports


class Site:
    """
    A context manager over all processes. ``env`` is theirs; :meth:`start` and :meth:`kill` go by the names above.
    """

    def __init__(self, folder: Path, broker: str, lease: int) -> None:
        self._stack = ExitStack()
        self.folder, self.photos = folder, folder / "photos"
        lms, simulator, identity, database, *brokers = _ports(7)
        self.addresses = Addresses(lms, simulator)
        self.identity_url, self._identity_port = f"http://{HOST}:{identity}", identity
        self.supervisor = Supervisor(BASE_DIR, folder / "log", grace=15)
        self.postgres = Postgres(folder / "postgres", database)
        self.broker = Broker(broker, self.supervisor, folder / "broker", brokers)
        self.env = environment(os.environ, folder, self.addresses) | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.postgres.url,
            "CELERY_BROKER_URL": self.broker.url,
            "EMAIL_URL": f"filemail:///{folder / 'mail'}",
            "FAULTS_PHOTOS_DIR": str(self.photos),
            "FAULTS_LEASE_SECONDS": str(lease),
            "FAULTS_IDENTITY": json.dumps(_identity_keys(self.identity_url)),
            "CALLBACK_INTERVAL_SECONDS": "2",
            "OVERDUE_INTERVAL_SECONDS": "5",
            "LOG_LEVEL": "WARNING",
            "DEBUG": "false",
        }

    @property
    def identity_books(self) -> Path:
        return self.folder / "identity.sqlite3"

    @property
    def simulator_books(self) -> Path:
        return self.folder / "simulator.sqlite3"

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.store_is_small = mount(self.photos)
            self.env["FAULTS_SMALL_STORE"] = str(self.store_is_small)
            if self.store_is_small:
                stack.callback(unmount, self.photos)
            stack.callback(self.postgres.close)
            stack.callback(self.broker.close)
            stack.enter_context(self.supervisor)
            self.postgres.start()
            self.postgres.create()
            self.broker.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *details: Any) -> None:
        self._stack.close()

    def open(self, attempts: int, verifications: int) -> dict[str, Any]:
        """Make the tables and the learners, and start everything that was not there yet; what the learners need."""
        for name in (VENDOR, IDENTITY):
            self.start(name)
        learners = self.folder / "learners.json"
        self._run("seed", "-m", "tests.faults.seeding", str(attempts), str(verifications), str(learners))
        for name in (WEB, *WORKERS, SCHEDULER):
            self.start(name)
        for name in (VENDOR, IDENTITY, WEB):
            self.wait(name)
        found: dict[str, Any] = json.loads(learners.read_text())
        return found

    def start(self, name: str) -> None:
        """Start one of the programs."""
        secret = json.loads(self.env["FAULTS_IDENTITY"])
        own = {"FAULTS_KEY": secret["API_ACCESS_KEY"], "FAULTS_SECRET": secret["API_SECRET_KEY"]}
        self.supervisor.start(Program(name, self._command(name), self.env | own))

    def kill(self, name: str) -> None:
        """End a program at once."""
        self.supervisor.kill(name)

    def wait(self, name: str) -> None:
        """Wait until a program answers."""
        url = {
            WEB: f"{self.addresses.lms_url}/healthz",
            VENDOR: f"{self.addresses.simulator_url}/simulator/health",
            IDENTITY: self.identity_url,
        }[name]
        self.supervisor.wait_until_healthy(name, url)

    def kill_a_web_worker(self) -> None:
        """End one of gunicorn's workers at once; gunicorn starts another one."""
        arbiter = int((self.folder / "web.pid").read_text())
        workers = Path(f"/proc/{arbiter}/task/{arbiter}/children").read_text().split()
        if workers:
            os.kill(int(workers[0]), signal.SIGKILL)

    def started_again(self) -> int:
        """How often a Celery process has ended by itself."""
        logs = [self.supervisor.log_of(name) for name in (*WORKERS, SCHEDULER)]
        return sum(log.read_text(errors="replace").count(STARTED_AGAIN) for log in logs)

    def _run(self, name: str, *arguments: str) -> None:
        self.supervisor.run(Program(name, [sys.executable, *arguments], self.env))

    def _command(self, name: str) -> Sequence[str]:
        celery = ["-m", "celery", "-A", "demo"]
        gunicorn = ["-m", "gunicorn", "demo.wsgi:application", "--bind", f"{HOST}:{self.addresses.lms_port}"]
        worker = [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"]
        commands: dict[str, Sequence[str]] = {
            WEB: [
                *gunicorn,
                "--workers",
                "2",
                "--threads",
                "4",
                "--graceful-timeout",
                "8",
                "--pid",
                str(self.folder / "web.pid"),
            ],
            SCHEDULER: [*celery, "beat", "--loglevel", "WARNING"],
            VENDOR: ["-m", "demo.simulator", "--port", str(self.addresses.simulator_port)],
            IDENTITY: ["-m", "tests.faults.identity_vendor", str(self._identity_port), str(self.identity_books)],
        }
        command = [sys.executable, *(commands.get(name) or [*worker, "-n", f"{name}@faults"])]
        return [*KEPT, *command] if name in (*WORKERS, SCHEDULER) else command


def mount(folder: Path) -> bool:
    """Make ``folder`` a small file system of its own, where that is permitted."""
    folder.mkdir(parents=True)
    tool = shutil.which("mount")
    if tool is None or os.geteuid() != 0:
        return False
    options = ["-t", "tmpfs", "-o", f"size={STORE_MEGABYTES}m", "faults"]
    return subprocess.run([tool, *options, str(folder)], check=False, capture_output=True).returncode == 0


def unmount(folder: Path) -> None:
    """The opposite; whoever still looks into it does not keep it."""
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def _identity_keys(url: str) -> dict[str, str]:
    """Keys for this run."""
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return {
        "API_URL": url,
        "API_ACCESS_KEY": secrets.token_hex(8),
        "API_SECRET_KEY": secrets.token_hex(16),
        "FACE_IMAGE_AES_KEY": secrets.token_hex(32),
        "RSA_PUBLIC_KEY": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    }


__all__ = ["IDENTITY", "SCHEDULER", "VENDOR", "WEB", "WORKERS", "ProcessFailed", "Site"]
