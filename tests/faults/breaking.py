"""One fault after the other, while learners are at work."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from demo.processes import ProcessFailed
from tests.faults.playing import Simulator
from tests.faults.site import IDENTITY, SCHEDULER, VENDOR, WEB, WORKERS, Site
from tests.faults.storage import FILLER

BLOCK = b"\0" * 65536
CALM = 1.0


class Breaking:
    """
    The faults, each with its repair. ``say`` is told what happens; ``done`` counts how often each has.
    """

    def __init__(self, site: Site, simulator: Simulator, say: Callable[[str], None]) -> None:
        self.done: Counter[str] = Counter()
        self._site = site
        self._simulator = simulator
        self._say = say

    def until(self, is_over: Callable[[], bool]) -> None:
        """Each fault at least once, then again from the first until it is over."""
        rounds = 0
        while rounds == 0 or not is_over():
            for name, fault in self._faults():
                if rounds and is_over():
                    break
                time.sleep(CALM)
                self._say(name)
                fault()
                self.done[name] += 1
            rounds += 1

    def _faults(self) -> Iterator[tuple[str, Callable[[], None]]]:
        yield "a Celery worker is killed", lambda: self._restart(WORKERS[0], 2)
        yield "a web worker is killed", self._site.kill_a_web_worker
        yield "the photo store is full", self._fill_store
        yield "the web server is killed", lambda: self._restart(WEB, 1)
        yield "the proctoring vendor is gone", lambda: self._restart(VENDOR, 5)
        yield "the database crashes", self._crash_database
        yield "the identity vendor is gone", lambda: self._restart(IDENTITY, 4)
        yield "the broker is killed", self._crash_broker
        yield "a web worker is killed again", self._site.kill_a_web_worker
        yield "the proctoring vendor refuses everything", self._refuse
        yield "the web server is told to end", self._end_web
        yield "all workers and the scheduler are killed", self._kill_workers

    def _restart(self, name: str, seconds: float) -> None:
        self._site.kill(name)
        time.sleep(seconds)
        self._site.start(name)
        if name not in WORKERS:
            self._site.wait(name)

    def _kill_workers(self) -> None:
        names = (*WORKERS, SCHEDULER)
        for name in names:
            self._site.kill(name)
        time.sleep(2)
        for name in names:
            self._site.start(name)

    def _end_web(self) -> None:
        self._site.supervisor.stop(WEB)
        self._site.start(WEB)
        self._site.wait(WEB)

    def _crash_database(self) -> None:
        self._site.postgres.crash()
        time.sleep(2)
        self._site.postgres.start()

    def _crash_broker(self) -> None:
        self._site.broker.crash()
        time.sleep(3)
        self._site.broker.start()

    def _refuse(self) -> None:
        """Whoever has no plan of their own is refused."""
        self._plan_for_all(answer_fault="500")
        time.sleep(4)
        self._plan_for_all()

    def _plan_for_all(self, **plan: str) -> None:
        exam = self._simulator.exam()
        if exam is None or not self._simulator.plan("exam", exam, **plan):
            raise ProcessFailed("The simulator does not do what it is told.")

    def _fill_store(self) -> None:
        filler = self._site.photos / FILLER
        if self._site.store_is_small:
            fill(filler)
        else:
            filler.touch()
        time.sleep(5)
        filler.unlink()


def fill(filler: Path) -> None:
    """Write until nothing more fits, not even a byte."""
    with filler.open("wb", buffering=0) as file:
        for block in (BLOCK, b"\0"):
            with suppress(OSError):
                while True:
                    file.write(block)
