"""
How fast waiting messages are done: outbox and inbox, through Redis and RabbitMQ, by one, two and four workers.

    python -m benchmarks.delivery
    python -m benchmarks.delivery --rows 100 --workers 1 --brokers amqp://guest:guest@127.0.0.1:5672//

Needs PostgreSQL: ``DATABASE_URL`` names a database that is made for this, so its name has to begin with ``bench``.
Tasks go through a queue of their own at each broker, which is taken away afterwards.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import databases
from benchmarks.tables import RESULTS, save, table, title

DATABASE = "postgres://postgres@127.0.0.1:5432/bench_special_exams_delivery"
QUEUE = "bench_special_exams_delivery"
BROKERS = ("amqp://guest:guest@127.0.0.1:5672//", "redis://127.0.0.1:6379/5")
NAMES = {"redis": "Redis", "rediss": "Redis", "amqp": "RabbitMQ", "amqps": "RabbitMQ"}
WORKERS = (1, 2, 4)


@dataclass(frozen=True)
class Figure:
    """``rate`` is rows a second; work is milliseconds of processors for a row, in all and of the database."""

    what: str
    broker: str
    workers: int
    rate: float
    work: float
    database_work: float

    @property
    def cells(self) -> list[str]:
        work = f"({self.work:.1f}, {self.database_work:.1f})"
        return [self.what, self.broker, str(self.workers), f"{self.rate:,.0f}", work]


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 where messages were not done in time."""
    options = _options(arguments)
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL", DATABASE).partition("?")[0]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.web.settings",
            "DEMO_DIR": folder,
            "DEBUG": "false",
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "CRITICAL",
            "CELERY_BROKER_URL": "memory://",
            "CELERY_QUEUE": QUEUE,
        }
        databases.set_up()
        # Models exist only now.
        from benchmarks import draining

        figures = []
        for url in options.brokers:
            for what in draining.CASES:
                for workers in options.workers:
                    drain = draining.Drain(what, url, workers, options.rows, QUEUE, Path(folder))
                    figures.append(_figure(drain, draining.drained(drain)))
                    save(options.results / "delivery.rst", report(figures, options.rows))
    return 0


def _figure(drain: "draining.Drain", done: "draining.Done") -> Figure:  # noqa: F821 - exists once Django is ready
    name = NAMES.get(drain.broker.partition(":")[0], drain.broker.partition(":")[0])
    work = done.work
    figure = Figure(
        what=drain.what,
        broker=name,
        workers=drain.workers,
        rate=(drain.rows - 1) / done.seconds,
        work=work.total * 1000 / drain.rows,
        database_work=work.database * 1000 / drain.rows,
    )
    print(f"{figure.what}, {name}, {figure.workers} workers: {figure.rate:.0f}/s, {figure.work:.1f} ms", flush=True)
    return figure


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.delivery", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000, help="that wait, each time (%(default)s)")
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    parser.add_argument("--brokers", nargs="+", default=BROKERS, metavar="URL")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args(arguments)


def report(figures: Sequence[Figure], rows: int) -> Iterator[str]:
    yield from title("Delivery", "=")
    yield (
        f"Made by ``make bench-delivery``: {rows:,} mails that wait in the outbox, a task each; {rows:,} reviews that "
        "wait in the inbox, which also write what follows from them."
    )
    yield "Workers of one process each, PostgreSQL on the same machine, mail going nowhere."
    yield "In brackets: milliseconds of processors for a row, and how many of them are the database's."
    yield ""
    yield from table(["What", "Broker", "Workers", "Rows a second", "Work"], (figure.cells for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
