"""The story's view of the simulator: its journal, its attempts, and what it is told to do."""

from collections.abc import Iterable, Mapping
from typing import Any

import requests

from demo.story.report import StepFailed

TIMEOUT = (3.05, 10.0)


class Vendor:
    """``base_url`` is the simulator's root."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        self._start = 0
        self._seen = 0

    def begin(self) -> None:
        """What the journal holds already is not of this story."""
        self._start = self._seen = self._call("GET", "/simulator/health")["last_sequence"]

    def news(self) -> list[dict[str, Any]]:
        """The journal since the last time this was asked; nothing while the vendor is down."""
        try:
            entries = self._journal(self._seen)
        except StepFailed:
            return []
        self._seen = entries[-1]["sequence"] if entries else self._seen
        return entries

    def journal(self) -> list[dict[str, Any]]:
        """All entries of this story."""
        return self._journal(self._start)

    def _journal(self, since: int) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        while more := self._call("GET", f"/simulator/journal?since={since}")["entries"]:
            entries += more
            since = more[-1]["sequence"]
        return entries

    def attempts_of(self, learner: str) -> list[dict[str, Any]]:
        """The learner's attempts as the vendor knows them."""
        attempts: list[dict[str, Any]] = self._call("GET", f"/simulator/attempts?learner={learner}")["attempts"]
        return attempts

    def plan(self, learner: str, **plan: Any) -> None:
        """How to treat the learner."""
        self._call("POST", "/simulator/plan", {"learner": learner, **plan})

    def send_review(self, attempt: str, **options: Any) -> list[int]:
        """Have the attempt's review posted again (``times``) or a broken one (``malformed``); ids of the callbacks."""
        sent = self._call("POST", "/simulator/reviews", {"attempt": attempt, **options})
        return [callback["id"] for callback in sent["callbacks"]]

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            response = self._session.request(method, self._base_url + path, json=body, timeout=TIMEOUT)
            response.raise_for_status()
            answer: dict[str, Any] = response.json()
        except requests.RequestException as error:
            raise StepFailed(
                f"the simulator to answer {method} {path.partition('?')[0]}", type(error).__name__
            ) from error
        return answer


def callbacks_of(attempts: Iterable[Mapping[str, Any]], ids: Iterable[int]) -> list[dict[str, Any]]:
    """Those callbacks of the attempts that have these ids."""
    wanted = set(ids)
    return [callback for attempt in attempts for callback in attempt["callbacks"] if callback["id"] in wanted]


def accepted(entries: Iterable[Mapping[str, Any]], attempt: str, operation: str) -> int:
    """How often the vendor took ``operation`` of the attempt as something new."""
    return sum(
        1
        for entry in entries
        if entry["direction"] == "in"
        and entry["attempt"] == attempt
        and entry["operation"] == operation
        and entry["status"] == 200
        and not entry["duplicate"]
    )
