"""All learners, one after the other but many at once, and a vendor that comes to its senses."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

import requests

from tests.faults.learners import Browser, Exam, GaveUp, Meetings, hand_in
from tests.faults.plans import ATTEMPT_NAME, VERIFICATION_NAME, Trouble, trouble_of, verdict_of
from tests.verify_student.pictures import picture

AT_ONCE = 24
TROUBLE_SECONDS = 6.0
DELAYS = {"ready_delay": 0.2, "review_delay": 0.5}


class Simulator:
    """Telling the simulator what to do; while it is down it is told again."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Its answer; None where there is none."""
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.request(method, f"{self._url}/simulator/{path}", json=body, timeout=(3.0, 20.0))
            except requests.RequestException:
                return None
        return answer.json() if answer.ok else None

    def exam(self) -> str | None:
        """Its id of the exam; None before anybody has begun."""
        seen = self.ask("GET", f"attempts?learner={ATTEMPT_NAME.format(0)}") or {"attempts": []}
        return next((attempt["exam"] for attempt in seen["attempts"]), None)

    def plan(self, scope: str, target: str, **plan: Any) -> bool:
        """Whether it has understood."""
        return self.ask("POST", "plan", {scope: target, **plan}) is not None


@dataclass
class _Trouble:
    """Who is treated badly, since when; the plan is what comes after it."""

    learner: str
    since: float
    plan: Mapping[str, Any]


@dataclass
class Play:
    """``seconds`` is the time over which learners arrive."""

    lms_url: str
    simulator: Simulator
    learners: Mapping[str, Any]
    seconds: float
    patience: float
    met: Meetings = field(default_factory=Meetings)
    gave_up: list[str] = field(default_factory=list)
    everybody_came: Event = field(default_factory=Event)
    _troubled: list[_Trouble] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def run(self, attempts: int, verifications: int) -> None:
        """Everybody comes, does what they came for, and goes."""
        mender = Thread(target=self._mend_until_over, daemon=True)
        mender.start()
        turns = _turns(attempts, verifications, self.seconds)
        began = time.monotonic()
        futures: list[Future[None]] = []
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for at, act, number in turns:
                if self.met.over.wait(max(0.0, began + at - time.monotonic())):
                    break
                futures.append(pool.submit(self._guarded, getattr(self, act), number))
            self.everybody_came.set()
        for future in futures:
            future.result()
        while self._troubled and not self.met.over.is_set():
            time.sleep(0.2)
        self.met.over.set()
        mender.join()

    def stop(self) -> None:
        """Nobody else comes."""
        self.met.over.set()

    def _guarded(self, act: Callable[[int], None], number: int) -> None:
        if self.met.over.is_set():
            return
        try:
            act(number)
        except GaveUp as reason:
            self.gave_up.append(str(reason))

    def exam(self, number: int) -> None:
        """A learner takes the exam."""
        name, trouble = ATTEMPT_NAME.format(number), trouble_of(number)
        browser = self._browser(name)
        usual = DELAYS | {"status": verdict_of(number)}
        exam = Exam(browser, self.learners["exam"])
        try:
            if trouble.beginning or usual["status"] != "passed":
                self._plan(browser, usual | dict(trouble.beginning))
            exam.begin()
            if trouble.status == "error":
                return
            self._trouble(browser, trouble, usual, trouble.start)
            exam.act("start", "started")
            exam.act("stop", "ready_to_submit")
            self._trouble(browser, trouble, usual, trouble.end)
            exam.act("submit", "submitted")
        finally:
            browser.close()

    def photos(self, number: int) -> None:
        """A learner hands in photos."""
        browser = self._browser(VERIFICATION_NAME.format(number))
        shade = number % 200
        face, photo_id = picture(size=(320, 240), colour=(shade, 90, 40)), picture(colour=(40, shade, 90))
        try:
            hand_in(browser, face, photo_id)
        finally:
            browser.close()

    def _browser(self, name: str) -> Browser:
        return Browser(self.lms_url, name, self.learners["sessions"][name], self.met, self.patience)

    def _plan(self, browser: Browser, plan: Mapping[str, Any]) -> None:
        browser.until("the vendor's plan", lambda: self.simulator.plan("learner", browser.username, **plan))

    def _trouble(self, browser: Browser, trouble: Trouble, usual: Mapping[str, Any], bad: Mapping[str, Any]) -> None:
        if bad:
            self._plan(browser, dict(usual) | dict(bad))
            self.met.add(f"trouble: {trouble.name}")
            with self._lock:
                self._troubled.append(_Trouble(browser.username, time.monotonic(), usual))

    def _mend_until_over(self) -> None:
        while not self.met.over.wait(0.2):
            for troubled in list(self._troubled):
                if time.monotonic() - troubled.since > TROUBLE_SECONDS and self._mend(troubled):
                    with self._lock:
                        self._troubled.remove(troubled)

    def _mend(self, troubled: _Trouble) -> bool:
        """The vendor sees its mistake; a review that the LMS could not take is made anew."""
        if not self.simulator.plan("learner", troubled.learner, **troubled.plan):
            return False
        seen = self.simulator.ask("GET", f"attempts?learner={troubled.learner}")
        if seen is None:
            return False
        return all(self._review_again(attempt) for attempt in seen["attempts"])

    def _review_again(self, attempt: Mapping[str, Any]) -> bool:
        reviews = [callback for callback in attempt["callbacks"] if callback["kind"] == "reviewed"]
        if not reviews or any(not review["fault"] for review in reviews):
            return True
        return self.simulator.ask("POST", "reviews", {"attempt": attempt["id"], "new": True}) is not None


def _turns(attempts: int, verifications: int, seconds: float) -> list[tuple[float, str, int]]:
    """Who comes when: both kinds spread evenly."""
    kinds = {"exam": attempts, "photos": verifications}
    return sorted((seconds * number / count, act, number) for act, count in kinds.items() for number in range(count))
