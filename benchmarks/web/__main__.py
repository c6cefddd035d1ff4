"""
What the site answers in a second, as a share of a bare request's rate beside it, at several sizes of a course.

    python -m benchmarks.web
    python -m benchmarks.web --only "attempt poll (7)" --sizes 1000 --rounds 1

Needs PostgreSQL: ``DATABASE_URL`` names a database that is made for this and emptied again and again, so its name has
to begin with ``bench``. gunicorn serves with two workers; what other machines would be told stays in the outbox.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import databases

DATABASE = "postgres://postgres@127.0.0.1:5432/bench_special_exams_web"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 where a request was refused or, with ``--strict``, something is slower than it may be."""
    options = _options(arguments)
    os.environ.setdefault("DATABASE_URL", DATABASE)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= _environment(folder)
        databases.set_up()
        # Models exist only now.
        from benchmarks.web import running

        return running.run(options, Path(folder))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.web", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sizes = [1_000, 10_000, 100_000]
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes, metavar="ATTEMPTS", help="of the course")
    parser.add_argument("--smallest-page", type=int, default=100, help="size that the pages are compared with")
    parser.add_argument("--rounds", type=int, default=3, help="their median counts (%(default)s)")
    parser.add_argument("--seconds", type=float, default=1.2, help="of each measurement (%(default)s)")
    parser.add_argument("--only", nargs="+", default=[], metavar="CASE", help="these alone; a part of the name will do")
    parser.add_argument("--profile", action="store_true", help="only look, at the largest size: plans and profiles")
    parser.add_argument("--strict", action="store_true", help="fail where something is slower than it may be")
    parser.add_argument("--results", type=Path, default=Path(__file__).resolve().parents[1] / "results")
    return parser.parse_args(arguments)


def _environment(folder: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "benchmarks.web.settings",
        "DEMO_DIR": folder,
        "DEBUG": "false",
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "CRITICAL",
        # A queue in memory that nobody reads, unless there is another one.
        "CELERY_BROKER_URL": os.environ.get("CELERY_BROKER_URL") or "memory://",
    }


if __name__ == "__main__":
    sys.exit(main())
