"""Seed, ask, watch, wait until nothing is left to do, judge."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from benchmarks.soak import asking, judging, report, watching
from benchmarks.soak.judging import Look, Seen
from benchmarks.soak.open_loop import OpenLoop
from benchmarks.soak.people import People, seed
from demo.processes import Supervisor

LOOK_SECONDS = 5.0
DRAIN_SECONDS = 90


@dataclass(frozen=True)
class Plan:
    """So many ``learners`` sit for so many ``seconds`` at the site ``base``; its tasks go through ``queue``."""

    learners: int
    seconds: float
    base: str
    queue: str


def run(plan: Plan, results: Path, supervisor: Supervisor) -> int:
    """Exit status 1 where something did not hold. The report is written anyway."""
    people = _people(plan)
    rate = sum(asking.rates(plan.learners).values())
    print(f"{plan.learners:,} learners for {plan.seconds / 60:g} minutes: {rate:.1f} arrivals a second", flush=True)
    seen = Seen(plan.learners, plan.seconds)
    loop = OpenLoop(plan.base, asking.Requests(people), seen.answers.append)
    asyncio.run(loop.run(asking.arrivals(plan.learners, plan.seconds), lambda: _watch(plan, seen)))
    seen.left = _drained()
    connection.close()
    supervisor.check()
    verdicts = judging.judge(seen)
    report.write(seen, verdicts, results)
    print("\n".join(verdicts) or "Everything held.")
    print(f"The report is in {results}.")
    return int(bool(verdicts))


def _people(plan: Plan) -> People:
    many = {
        kind: asking.needed(plan.learners, plan.seconds, kind)
        for kind in (asking.JOURNEY, asking.REVIEW, asking.PHOTOS)
    }
    return seed(plan.learners, many[asking.JOURNEY], many[asking.REVIEW], many[asking.PHOTOS])


async def _watch(plan: Plan, seen: Seen) -> None:
    began = time.perf_counter()
    while True:
        at = time.perf_counter() - began
        # In a thread: what is asked meanwhile does not wait for it.
        seen.looks.append(await asyncio.to_thread(_look, plan.queue, at))
        if len(seen.looks) % 12 == 0:
            _tell(seen)
        await asyncio.sleep(LOOK_SECONDS)


def _look(queue: str, at: float) -> Look:
    try:
        return Look(at, watching.memory(), watching.depths(queue))
    finally:
        connection.close()


def _tell(seen: Seen) -> None:
    look = seen.looks[-1]
    last = [answer.wait for answer in seen.answers[-1000:]]
    depths = ", ".join(f"{name} {number}" for name, number in look.depths.items())
    print(
        f"{look.at / 60:5.1f} min  {len(seen.answers):>7,} answers, {seen.failures.total()} failed, "
        f"p95 {judging.percentile(last, 95) * 1000:.0f} ms, waiting: {depths}, {sum(look.memory.values()):.0f} MiB",
        flush=True,
    )


def _drained() -> dict[str, int]:
    """What is left when nothing waits any more, or patience ends."""
    until = time.monotonic() + DRAIN_SECONDS
    while any((left := watching.left()).values()) and time.monotonic() < until:
        time.sleep(1)
    return left
