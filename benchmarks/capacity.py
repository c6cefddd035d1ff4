"""
How many cores so many learners need: ``python -m benchmarks.capacity`` writes ``results/capacity.rst`` anew.

Nothing is measured here. Milliseconds come from the reports beside it (``make bench``, ``make bench-delivery``,
``make bench-photos``), how often each thing happens from :data:`KINDS`, and the rest is arithmetic.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from benchmarks.tables import RESULTS, read, save, table

LEARNERS = (1_000, 100_000, 1_000_000)
EXAM_MINUTES, RUSH_MINUTES = 90, 15
# Of processors: the rest is for what comes in bursts, and for one machine of several that is away.
BUSY = 0.5
CONNECTIONS_A_CORE = 2
HOUR = 3600
LEARNERS_A_STAFF = 500
# An approval lasts for a year, in which a learner sits some ten exams.
PHOTOS_A_SITTING = 0.1
MESSAGES_A_SITTING = 4
ONCE = 60 / EXAM_MINUTES
WORK = re.compile(r"\(([\d.]+), ([\d.]+)\)")


class FigureMissing(Exception):
    """A report does not say what has to be known; the text says which one, and how it is made."""


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processors: the site's, and the database's."""

    site: float
    database: float


@dataclass(frozen=True)
class Kind:
    """
    What happens ``hourly`` for each learner who sits, and besides ``at_begin`` times while all of them begin.

    ``figure`` is the row of the report ``report``.
    """

    name: str
    figure: str
    hourly: float
    at_begin: float = 0.0
    report: str = "web"


KINDS = (
    Kind("exam page asks for the time left", "attempt poll (7)", 60),
    Kind("learning app asks for exam and attempt", "learning app's poll (18)", 60),
    Kind("create", "create, with a vendor that is asked (6)", ONCE, 1),
    # As much work as a review at most: both are a vendor's message that moves an attempt.
    Kind("vendor says ready", "review callback (25)", ONCE, 1),
    Kind("start", "start (7)", ONCE, 1),
    Kind("submit", "submit (7)", ONCE),
    Kind("review", "review callback (25)", ONCE),
    Kind("staff watch the live page", "page: live", 360 / LEARNERS_A_STAFF),
    Kind("staff turn pages of attempts", "page: attempts", 60 / LEARNERS_A_STAFF),
    Kind("photos are handed in", "photos", ONCE * PHOTOS_A_SITTING, 0, "photos"),
)


@dataclass(frozen=True)
class Figures:
    """What was measured: the cost of each row that :data:`KINDS` name, and of a message that a worker sends."""

    costs: Mapping[str, Cost]
    message: Cost


@dataclass(frozen=True)
class Load:
    """Processors that are busy, and requests and messages a second."""

    site: float
    database: float
    workers: float
    requests: float
    messages: float


def figures(folder: Path = RESULTS) -> Figures:
    """The figures of the reports in ``folder``. Raises :class:`FigureMissing`."""
    costs = _web(folder) | _photos(folder)
    for kind in KINDS:
        if kind.figure not in costs:
            raise FigureMissing(f"{kind.report}.rst says nothing of “{kind.figure}”.")
    return Figures(costs, _message(folder))


def _tables(folder: Path, name: str, target: str) -> list[list[list[str]]]:
    path = folder / f"{name}.rst"
    if not path.exists():
        raise FigureMissing(f"There is no {name}.rst: make {target} writes it.")
    return read(path.read_text())


def _web(folder: Path) -> dict[str, Cost]:
    """Of the largest course that each request was measured on."""
    found = {}
    for row in _tables(folder, "web", "bench")[-1][1:]:
        works = [work for cell in row if (work := WORK.search(cell))]
        if works:
            total, database = (float(part) for part in works[-1].groups())
            found[row[0]] = Cost(total - database, database)
    return found


def _photos(folder: Path) -> dict[str, Cost]:
    """Two photos of the largest size that was measured; of rows there are few."""
    row = _tables(folder, "photos", "bench-photos")[0][-1]
    return {"photos": Cost(2 * _number(row[2]), 0.0)}


def _message(folder: Path) -> Cost:
    """A message by one worker through RabbitMQ: what it takes the worker, and what the database."""
    for row in _tables(folder, "delivery", "bench-delivery")[0][1:]:
        if row[:3] == ["outbox", "RabbitMQ", "1"] and (work := WORK.search(row[-1])):
            total, database = (float(part) for part in work.groups())
            return Cost(total - database, database)
    raise FigureMissing("delivery.rst says nothing of the outbox on RabbitMQ with one worker.")


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def a_second(kind: Kind, learners: float, *, rush: float = 0.0) -> float:
    """How often it happens; ``rush`` is the share of the learners who begin within :data:`RUSH_MINUTES`."""
    return learners * (kind.hourly / HOUR + rush * kind.at_begin / (RUSH_MINUTES * 60))


def load(found: Figures, learners: float, *, rush: float = 0.0) -> Load:
    """Of so many learners who sit at once."""
    often = {kind: a_second(kind, learners, rush=rush) for kind in KINDS}
    # One of the messages of a sitting is that of its start.
    messages = learners * (MESSAGES_A_SITTING * ONCE / HOUR + rush / (RUSH_MINUTES * 60))
    return Load(
        site=sum(rate * found.costs[kind.figure].site for kind, rate in often.items()) / 1000,
        database=(
            sum(rate * found.costs[kind.figure].database for kind, rate in often.items())
            + messages * found.message.database
        )
        / 1000,
        workers=messages * found.message.site / 1000,
        requests=sum(often.values()),
        messages=messages,
    )


def most_learners(found: Figures, cores: float) -> int:
    """How many can sit at once where ``cores`` do everything, database and workers too, all having begun."""
    one = load(found, 1)
    return int(cores * BUSY / (one.site + one.database + one.workers))


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 where a figure is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS)
    folder = parser.parse_args(arguments).results
    try:
        found = figures(folder)
    except FigureMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    lines = list(report(found))
    save(folder / "capacity.rst", lines)
    print("\n".join(lines))
    return 0


def report(found: Figures) -> Iterator[str]:
    """The tables, without a title: they are part of a page."""
    yield f"Figures of 1,000 learners who sit an exam of {EXAM_MINUTES} minutes; milliseconds are of processors."
    yield ""
    heads = ["What happens", "Each learner, an hour", "A second", "Site, ms each", "Database, ms each"]
    yield from table([*heads, "Site, cores", "Database, cores"], (_row(found, kind) for kind in KINDS))
    yield from ["", *_sum(found, 1_000), ""]
    heads = ["Learners at once", "Requests a second", "Web cores", "Worker processes", "Database cores"]
    yield from table([*heads, "Web processes, each a connection"], (_size(found, learners) for learners in LEARNERS))
    yield ""
    yield f"Cores are those to have: the busy ones divided by {BUSY:g}, while all learners begin within"
    yield f"{RUSH_MINUTES} minutes. Two cores that do all of it by themselves, the database too, carry"
    yield f"**{most_learners(found, 2):,} learners at once** who have begun; ``make soak`` puts that to the test."


def _row(found: Figures, kind: Kind) -> list[str]:
    rate, cost = a_second(kind, 1_000), found.costs[kind.figure]
    return [
        kind.name,
        f"{kind.hourly:.2g}" if kind.hourly < 1 else f"{kind.hourly:.0f}",
        f"{rate:.2f}",
        f"{cost.site:.1f}",
        f"{cost.database:.1f}",
        f"{rate * cost.site / 1000:.3f}",
        f"{rate * cost.database / 1000:.3f}",
    ]


def _sum(found: Figures, learners: int) -> Iterator[str]:
    calm, rush = load(found, learners), load(found, learners, rush=1)
    yield (
        f"Together {calm.requests:.1f} requests a second: {calm.site:.2f} cores of the site, {calm.database:.2f} of "
        f"the database, and {calm.messages:.1f} messages a second: {calm.workers:.2f} cores of workers."
    )
    yield (
        f"While all of them begin within {RUSH_MINUTES} minutes: {rush.requests:.1f} requests a second, "
        f"{rush.site:.2f}, {rush.database:.2f} and {rush.workers:.2f} cores."
    )


def _size(found: Figures, learners: int) -> list[str]:
    rush = load(found, learners, rush=1)
    web, workers, database = (max(1, ceil(busy / BUSY)) for busy in (rush.site, rush.workers, rush.database))
    return [
        f"{learners:,}",
        f"{rush.requests:,.0f}",
        f"{web:,}",
        f"{max(2, workers):,}",
        f"{database:,}",
        f"{max(2, web * CONNECTIONS_A_CORE):,}",
    ]


if __name__ == "__main__":
    sys.exit(main())
