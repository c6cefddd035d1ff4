"""
What a finished attempt takes on the database's disk: rows of each table, and their bytes with all indexes.

    python -m benchmarks.storage --attempts 20000

Needs PostgreSQL: ``DATABASE_URL`` names a database that is made for this, so its name has to begin with ``bench``.
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

DATABASE = "postgres://postgres@127.0.0.1:5432/bench_special_exams_storage"


@dataclass(frozen=True)
class Figure:
    """Bytes of a row of ``name``, and how many rows a proctored attempt leaves that was verified."""

    name: str
    rows: int
    size: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.storage", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--attempts", type=int, default=20_000, help="that are written (%(default)s)")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    os.environ.setdefault("DATABASE_URL", DATABASE)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "benchmarks.web.settings", "DEMO_DIR": folder, "DEBUG": "false"}
        databases.set_up()
        figures = measured(options.attempts)
    save(options.results / "storage.rst", report(figures))
    return 0


def measured(attempts: int) -> list[Figure]:
    """Write so many attempts with what belongs to them, and ask how large the tables are."""
    # Models exist only now.
    from django.db import connection

    # As above.
    from benchmarks.seeding import add

    # As above.
    from benchmarks.web.course import Course, seed

    # As above.
    from proctoring.models import (
        InboxDelivery,
        OutboxMessage,
        ProctoredExamSoftwareSecureReview,
        ProctoredExamStudentAttempt,
    )

    seed(Course(attempts, spare=0))
    # A review of some comments, and what a mail or a vendor's call has to know.
    letter = InboxDelivery(source="bench", kind="review", body=os.urandom(400), body_size=300, sender="bench", tries=1)
    add(InboxDelivery, attempts, letter, subject="md5(n::text)", delivery_id="'id:' || md5(n::text) || md5(n::text)")
    message = OutboxMessage(kind="mail.status", destination="mail", state="done", tries=1)
    payload = """jsonb_build_object('attempt_id', n, 'status', 'verified')"""
    columns = {"stream": "'mail:' || n", "payload": payload, "key": "gen_random_uuid()", "done_at": "now()"}
    add(OutboxMessage, attempts, message, **columns)
    # As many rows as the demo's story leaves of a learner who passes.
    rows = {
        ProctoredExamStudentAttempt: 1,
        ProctoredExamStudentAttempt.history.model: 7,
        ProctoredExamSoftwareSecureReview: 1,
        InboxDelivery: 2,
        OutboxMessage: 7,
    }
    figures = []
    with connection.cursor() as cursor:
        for model, number in rows.items():
            name = model._meta.db_table
            cursor.execute(f'SELECT pg_total_relation_size(%s)::float / count(*) FROM "{name}"', [f'"{name}"'])
            figures.append(Figure(name, number, cursor.fetchone()[0]))
    return figures


def report(figures: Sequence[Figure]) -> Iterator[str]:
    yield from title("Storage", "=")
    yield "Made by ``make bench-storage``: PostgreSQL, freshly written, indexes included; rows of a proctored attempt"
    yield "that was verified."
    yield ""
    rows = ([f"``{one.name}``", str(one.rows), f"{one.size:.0f}", f"{one.rows * one.size:,.0f}"] for one in figures)
    whole = f"{sum(one.rows * one.size for one in figures):,.0f}"
    yield from table(["Table", "Rows", "Bytes each", "Bytes"], [*rows, ["in all", "", "", whole]])


if __name__ == "__main__":
    sys.exit(main())
