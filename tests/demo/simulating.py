"""The simulator as its own process, called as an LMS calls it; the LMS is a small server here."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.processes import choose_port
from demo.story.page import Page

PROJECT = Path(__file__).resolve().parents[2]
COURSE = "course-v1:Demo+EXAMS+2026"
SECONDS = 15.0
SOFTWARE_SECURE = "/api/edx_proctoring/proctoring_review_callback/"
CREDENTIALS = {"client_id": "the-lms", "client_secret": "a-secret-of-the-lms-that-is-long-enough"}


@dataclass
class Heard:
    """
    A call to the LMS: the last word of its path, whose attempt, with which headers, and its body. A message of the
    Software Secure protocol is of the kind ``reviewed`` and of the attempt whose code it names.
    """

    kind: str
    attempt: str
    headers: Message
    body: bytes

    @property
    def authorization(self) -> str:
        return str(self.headers.get("Authorization", ""))


@dataclass
class FakeLms:
    """
    Answers callbacks with the statuses in ``answers`` while there are any for the learner, then with 200.

    ``tokenless`` names learners whose LMS refuses the next request for a token.
    """

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    tokens: int = 0
    answers: dict[str, list[int]] = field(default_factory=dict)
    tokenless: dict[str, bool] = field(default_factory=dict)

    def answer(self, path: str, headers: Message, body: bytes) -> tuple[int, Any]:
        if path == SOFTWARE_SECURE:
            self.heard.append(Heard("reviewed", _code(body), headers, body))
            return 200, "OK"
        # Each learner's LMS has a root of its own, so that tests do not meet.
        learner, path = path.removeprefix("/").split("/", 1)
        if path == "oauth2/access_token":
            self.tokens += 1
            if self.tokenless.pop(learner, False):
                return 503, "closed"
            return 200, {"access_token": f"token-{self.tokens}", "expires_in": 3600, "token_type": "Bearer"}
        *_, attempt, kind = path.split("/")
        self.heard.append(Heard(kind, attempt, headers, body))
        planned = self.answers.get(learner)
        return (planned.pop(0) if planned else 200), "OK"

    def told(self, attempt: str, kind: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.attempt == attempt and heard.kind == kind]


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body)["examMetaData"]["examCode"])
    except ValueError:
        return ""


@pytest.fixture(scope="session")
def fake_lms() -> Iterator[FakeLms]:
    fake = FakeLms()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, answer = fake.answer(self.path, self.headers, body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield fake
        server.shutdown()
        thread.join()


class Simulator:
    """The process, and the calls an LMS makes to it."""

    def __init__(self, demo_dir: Path) -> None:
        self.port = choose_port(0)
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = environment(demo_dir, SIMULATOR_URL=self.url)
        self._session = requests.Session()
        self._session.trust_env = False
        self._process: subprocess.Popen[bytes] | None = None
        self._token = ""

    def start(self) -> None:
        command = [sys.executable, "-m", "demo.simulator", "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=PROJECT, env=self._env)
        wait_until(self._is_up)
        answer = self.send("POST", "/oauth2/access_token", data={"grant_type": "client_credentials", **CREDENTIALS})
        self._token = answer.json()["access_token"]

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        assert self._process is not None
        self._process.send_signal(number)
        self._process.wait(SECONDS)
        self._session.close()

    def send(self, method: str, path: str, **content: Any) -> requests.Response:
        return self._session.request(method, self.url + path, timeout=SECONDS, **content)

    def call(
        self, method: str, path: str, json: Any = None, key: str = "", headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        keyed = {"Idempotency-Key": key} if key else {}
        return self.send(method, path, json=json, headers={**self.authorised, **keyed, **(headers or {})})

    @property
    def authorised(self) -> dict[str, str]:
        """The headers of a client of the vendor."""
        return {"Authorization": f"JWT {self._token}"}

    def make_exam(self, **values: Any) -> str:
        exam = {"course_id": COURSE, "content_id": "block", "exam_name": "Exam", "time_limit_mins": 60} | values
        return str(self.call("POST", "/api/v1/exam/", exam).json()["id"])

    def attempts(self, learner: str) -> list[dict[str, Any]]:
        return list(self.send("GET", f"/simulator/attempts?learner={learner}").json()["attempts"])

    def page(self, path: str) -> Page:
        answer = self.send("GET", path)
        answer.raise_for_status()
        return Page(answer.text, path)

    def submit(self, path: str, action: str, **values: str) -> requests.Response:
        """Fill in the form of the page at ``path`` that goes to ``action``."""
        (form,) = [form for form in self.page(path).forms if form.action == action]
        return self.send("POST", action, data=form.filled(**values))

    def callbacks(self, learner: str) -> list[dict[str, Any]]:
        return [callback for attempt in self.attempts(learner) for callback in attempt["callbacks"]]

    def journal(self, attempt: str) -> list[dict[str, Any]]:
        entries = self.send("GET", "/simulator/journal").json()["entries"]
        return [entry for entry in entries if entry["attempt"] == attempt]

    def plan(self, learner: str, **plan: Any) -> None:
        self.send("POST", "/simulator/plan", json={"learner": learner, **plan}).raise_for_status()

    def _is_up(self) -> bool:
        try:
            return self.send("GET", "/simulator/health").ok
        except requests.ConnectionError:
            return False


def environment(demo_dir: Path, **values: str) -> dict[str, str]:
    given = {key: value for key, value in os.environ.items() if key != "LMS_URL"}
    ours = {"SIMULATOR_CLIENT_ID": CREDENTIALS["client_id"], "SIMULATOR_CLIENT_SECRET": CREDENTIALS["client_secret"]}
    return given | ours | {"DEMO_DIR": str(demo_dir)} | values


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_true():
        assert time.monotonic() < deadline, "it has not happened"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory, fake_lms: FakeLms) -> Iterator[Simulator]:
    running = Simulator(tmp_path_factory.mktemp("simulator"))
    running.start()
    yield running
    running.end()


@pytest.fixture
def name() -> str:
    """A learner nobody else has."""
    return f"learner-{uuid.uuid4().hex[:8]}"


@dataclass
class Taking:
    """An attempt as its LMS sees it."""

    simulator: Simulator
    lms: FakeLms
    name: str
    exam: str
    id: str

    @property
    def path(self) -> str:
        return f"/api/v1/exam/{self.exam}/attempt/{self.id}/"

    def report(self, status: str) -> requests.Response:
        return self.simulator.call("PATCH", self.path, {"status": status}, key=f"{self.id}:{status}")

    def shown(self) -> dict[str, Any]:
        """The attempt as the simulator's own list has it."""
        (shown,) = [shown for shown in self.simulator.attempts(self.name) if shown["id"] == self.id]
        return dict(shown)

    def settle(self, callbacks: int) -> None:
        """Wait until there are so many callbacks and all are done."""

        def done() -> bool:
            states = [callback["state"] for callback in self.simulator.callbacks(self.name)]
            return len(states) == callbacks and "pending" not in states

        wait_until(done)

    def told(self, kind: str) -> list[Heard]:
        return self.lms.told(self.id, kind)


def registration(lms_url: str, name: str, **values: Any) -> dict[str, Any]:
    return {
        "lms_host": f"{lms_url}/{name}/",
        "time_limit_mins": 60,
        "is_sample_attempt": False,
        "user_id": f"id-of-{name}",
        "full_name": "Some Body",
        "email": f"{name}@demo.invalid",
        "status": "created",
    } | values


@pytest.fixture
def take(simulator: Simulator, fake_lms: FakeLms, name: str) -> Callable[..., Taking]:
    """Register an attempt of the learner, with this plan."""

    def begin(**plan: Any) -> Taking:
        simulator.plan(name, **{"ready_delay": 0, "review_delay": 0, **plan})
        exam = simulator.make_exam()
        body = registration(fake_lms.url, name)
        answer = simulator.call("POST", f"/api/v1/exam/{exam}/attempt/", body, key=f"code-of-{name}")
        return Taking(simulator, fake_lms, name, exam, answer.json()["id"])

    return begin
