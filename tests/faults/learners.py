"""
Learners at their browsers: a broken connection or an error of the site's is met by the same request under the same key,
and then by looking at where things stand and pressing the button again.
"""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

import requests

from demo.story.stage import CONTENT_ID, COURSE_ID

ATTEMPTS = "/api/edx_proctoring/v1/proctored_exam/attempt"
EXAM = f"/courses/{COURSE_ID}/jump_to/{CONTENT_ID}"
PHOTOS = "/verify_student/submit-photos/"
IDENTITY_STATUS = "/verify_student/status/"
TIMEOUT = (3.05, 30.0)
PAUSE = 0.7
SAME_KEY_TRIES = 3
TOKEN = "f" * 32
GONE_ON = {
    "ready_to_start": frozenset({"ready_to_start", "error"}),
    "started": frozenset({"started", "ready_to_submit", "submitted", "verified", "rejected", "error"}),
    "ready_to_submit": frozenset({"ready_to_submit", "submitted", "verified", "rejected", "error"}),
    "submitted": frozenset({"submitted", "verified", "rejected", "error"}),
}


class GaveUp(Exception):
    """A learner could not do what they came for; the text says what, and what they last saw."""


@dataclass
class Meetings:
    """What learners met, by kind, and whether it is over; threads share it."""

    kinds: Counter[str] = field(default_factory=Counter)
    over: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def add(self, kind: str) -> None:
        with self._lock:
            self.kinds[kind] += 1


@dataclass(frozen=True)
class Answer:
    """``status`` 0 where there was none; ``body`` is JSON or None."""

    status: int
    body: Any = None

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_a_failure(self) -> bool:
        """Whether the same request may fare better."""
        return self.status == 0 or self.status >= 500 or self.status in {408, 425, 429}


class Browser:
    """Signed in as ``username`` by a session. ``patience`` in seconds is the learner's, for each thing they want."""

    def __init__(self, base_url: str, username: str, session: str, met: Meetings, patience: float) -> None:
        self.username, self.patience = username, patience
        self._base_url, self._met = base_url, met
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.update({"demo_lms_session": session, "csrftoken": TOKEN})

    def ask(self, method: str, path: str, key: str = "", **content: Any) -> Answer:
        """One request."""
        headers = {"Accept": "application/json, text/html"}
        if method != "GET":
            headers["X-CSRFToken"] = TOKEN
        if key:
            headers["Idempotency-Key"] = key
        try:
            response = self._session.request(
                method, self._base_url + path, headers=headers, timeout=TIMEOUT, allow_redirects=False, **content
            )
            body = response.json() if "json" in response.headers.get("Content-Type", "") else None
        except requests.RequestException:
            self._met.add("connections that broke")
            return Answer(0)
        self._met.add("requests answered")
        if response.status_code >= 500:
            self._met.add(f"answers {response.status_code}")
        if response.headers.get("Idempotent-Replayed"):
            self._met.add("first answers told again")
        return Answer(response.status_code, body)

    def insist(self, method: str, path: str, **content: Any) -> Answer:
        """The request, again under its key while it fails; the last answer."""
        key = uuid.uuid4().hex
        answer = Answer(0)
        for number in range(SAME_KEY_TRIES):
            if number:
                self._met.add("requests repeated under their key")
                time.sleep(PAUSE * number)
            answer = self.ask(method, path, key, **content)
            if not answer.is_a_failure:
                break
        return answer

    def until(self, what: str, look: Callable[[], Any]) -> Any:
        """What ``look`` returns once that is true. Raises ``GaveUp``."""
        until = time.monotonic() + self.patience
        while True:
            seen = look()
            if seen:
                return seen
            if time.monotonic() > until or self._met.over.wait(PAUSE):
                raise GaveUp(f"{self.username}: {what}")

    def close(self) -> None:
        """Leave."""
        self._session.close()


class Exam:
    """A learner's one attempt at the proctored exam."""

    def __init__(self, browser: Browser, exam_id: int) -> None:
        self._browser = browser
        self._exam_id = exam_id
        self._attempt_id = 0

    def begin(self) -> None:
        """Open the page and begin; returns when the computer is ready."""
        self._browser.until("the exam's page", lambda: self._browser.ask("GET", EXAM).is_good)
        self._attempt_id = self._browser.until("an attempt", self._created)
        self._wait_for(GONE_ON["ready_to_start"], "ready_to_start")

    def act(self, action: str, status: str) -> None:
        """Press a button until the attempt is in ``status`` or beyond it."""
        wanted = GONE_ON[status]

        def pressed() -> bool:
            if self._status() in wanted:
                return True
            self._browser.insist("PUT", f"{ATTEMPTS}/{self._attempt_id}", json={"action": action})
            return self._status() in wanted

        self._browser.until(status, pressed)

    def _created(self) -> int:
        body = {"exam_id": self._exam_id, "attempt_proctored": "true", "start_clock": "false"}
        answer = self._browser.insist("POST", ATTEMPTS, json=body)
        if answer.is_good:
            return int(answer.body["exam_attempt_id"])
        # Perhaps it was made, and only the answer was lost.
        seen = self._browser.ask("GET", f"/demo/effects/{self._browser.username}/{CONTENT_ID}")
        made = seen.body["attempts"] if seen.is_good else []
        return int(made[-1]["id"]) if made else 0

    def _wait_for(self, statuses: Collection[str], name: str) -> None:
        self._browser.until(name, lambda: self._status() in statuses)

    def _status(self) -> str:
        answer = self._browser.ask("GET", f"{ATTEMPTS}/{self._attempt_id}")
        return str(answer.body["status"]) if answer.is_good else ""


def hand_in(browser: Browser, face: bytes, photo_id: bytes) -> None:
    """Hand in photos until they are under way."""

    def handed() -> bool:
        files = {"face_image": ("f.jpg", face, "image/jpeg"), "photo_id_image": ("i.jpg", photo_id, "image/jpeg")}
        answer = browser.insist("POST", PHOTOS, files=files, data={"full_name": ""})
        if answer.is_good:
            return True
        seen = browser.ask("GET", IDENTITY_STATUS)
        return seen.is_good and seen.body["status"] in {"submitted", "approved", "denied", "must_reverify"}

    browser.until("photos under way", handed)
