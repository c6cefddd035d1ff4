"""The demo's programs: where each is found, what it is told, in which order they start."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from demo.processes import HOST, Program, Supervisor

BASE_DIR = Path(__file__).resolve().parent.parent
SIMULATOR, LMS, SCHEDULER, WORKER = "simulator", "lms", "scheduler", "worker"


@dataclass(frozen=True)
class Addresses:
    """The ports of both sites on this machine."""

    lms_port: int
    simulator_port: int

    @property
    def lms_url(self) -> str:
        return f"http://{HOST}:{self.lms_port}"

    @property
    def simulator_url(self) -> str:
        return f"http://{HOST}:{self.simulator_port}"


def environment(given: Mapping[str, str], demo_dir: Path, addresses: Addresses) -> dict[str, str]:
    """The programs' environment: the given one, with what the programs must know about one another."""
    # A proxy of this machine has no business between its own processes.
    direct = [HOST, "localhost", *filter(None, given.get("NO_PROXY", given.get("no_proxy", "")).split(","))]
    no_proxy = ",".join(dict.fromkeys(direct))
    return dict(given) | {
        "DEMO_DIR": str(demo_dir.resolve()),
        "DJANGO_SETTINGS_MODULE": "demo.settings",
        "LMS_URL": addresses.lms_url,
        "SIMULATOR_URL": addresses.simulator_url,
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        "PYTHONUNBUFFERED": "1",
    }


class Site:
    """The LMS and the simulator under one supervisor, on a demo directory of their own."""

    def __init__(self, supervisor: Supervisor, addresses: Addresses, demo_dir: Path) -> None:
        self.addresses = addresses
        self.logs = (LMS, SIMULATOR)
        self._supervisor = supervisor
        self._env = environment(os.environ, demo_dir, addresses)

    def start(self) -> None:
        """Bring the tables up to date, seed, and start everything; returns when both sites answer."""
        self._start_simulator()
        self._manage("migrate", "--no-input", "--verbosity", "0")
        self._wait_for_simulator()
        # Seeded exams are told to the vendor, so it has to be there.
        self._manage("demo_seed")
        self._start(LMS, *self._manage_command("runserver", "--noreload", f"{HOST}:{self.addresses.lms_port}"))
        for name, command in self._schedulers().items():
            self._start(name, *command)
        self._supervisor.wait_until_healthy(LMS, f"{self.addresses.lms_url}/healthz")

    def make_learner(self, name: str) -> None:
        """Create a learner who has done nothing yet."""
        self._manage("demo_learner", name)

    def kill(self) -> None:
        """End the simulator at once."""
        self._supervisor.kill(SIMULATOR)

    def restart(self) -> None:
        """Start the simulator again."""
        self._start_simulator()
        self._wait_for_simulator()

    def _start_simulator(self) -> None:
        port = str(self.addresses.simulator_port)
        self._start(SIMULATOR, sys.executable, "-m", "demo.simulator", "--host", HOST, "--port", port)

    def _wait_for_simulator(self) -> None:
        self._supervisor.wait_until_healthy(SIMULATOR, f"{self.addresses.simulator_url}/simulator/health")

    def _schedulers(self) -> dict[str, list[str]]:
        return schedulers(self._env, self._manage_command("demo_schedule"))

    def _start(self, name: str, *command: str) -> None:
        self._supervisor.start(Program(name, command, self._env))

    def _manage(self, *arguments: str) -> None:
        self._supervisor.run(Program(arguments[0], self._manage_command(*arguments), self._env))

    def _manage_command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]


def schedulers(env: Mapping[str, str], without_broker: list[str]) -> dict[str, list[str]]:
    """What runs periodic tasks: one loop, or with a broker Celery's worker and beat."""
    if not env.get("CELERY_BROKER_URL"):
        return {SCHEDULER: without_broker}
    celery = [sys.executable, "-m", "celery", "-A", "demo"]
    return {
        WORKER: [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"],
        SCHEDULER: [*celery, "beat", "--loglevel", "WARNING"],
    }
