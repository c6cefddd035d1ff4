"""
Operators' commands over very many rows: rows a second, and the most memory that a command ever holds.

    python -m benchmarks.operators --rows 1000000

Needs PostgreSQL: ``DATABASE_URL`` names a database that is made for this and emptied again and again, so its name has
to begin with ``bench``. Each command runs as operators run it, in a process of its own, with mail going nowhere.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import databases
from benchmarks.tables import RESULTS, read, save, table, title

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "postgres://postgres@127.0.0.1:5432/bench_special_exams"
KIBIBYTES = 1024
LIMIT_MIB = 200


@dataclass(frozen=True)
class Case:
    """A command over ``rows`` rows, which ``prepare`` makes."""

    name: str
    rows: int
    prepare: Callable[[int, Path], Sequence[str]]


@dataclass(frozen=True)
class Figure:
    """What a run took."""

    case: Case
    seconds: float
    mebibytes: float
    status: int

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.case.rows / self.seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 where a command failed, or held more than the limit."""
    options = _options(arguments)
    os.environ.setdefault("DATABASE_URL", DATABASE)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= _environment(folder)
        databases.set_up()
        # Models exist only now.
        from benchmarks.operator_cases import cases

        chosen = [case for case in cases(options.rows, options.writes) if _is_wanted(case, options.only)]
        base = _measured(
            Case("an empty command", 0, lambda rows, folder: ["shell", "--no-imports", "-c", "pass"]), folder
        )
        print(f"an empty command: {base.mebibytes:.0f} MiB", flush=True)
        figures = []
        for case in chosen:
            figures.append(_shown(_measured(case, folder)))
            # Whoever breaks it off has what was measured.
            _write(base, figures, options.rows)
    return int(any(figure.status or figure.mebibytes > LIMIT_MIB for figure in figures))


def _is_wanted(case: Case, only: Sequence[str]) -> bool:
    return not only or case.name in only


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.operators", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows that are looked at (%(default)s)")
    parser.add_argument(
        "--writes", type=int, default=10_000, help="rows for commands that change each one by itself (%(default)s)"
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="COMMAND", help="these alone")
    return parser.parse_args(arguments)


def _environment(folder: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "demo.settings",
        "DEMO_DIR": folder,
        "DEBUG": "false",
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "CRITICAL",
    }


def _measured(case: Case, folder: str) -> Figure:
    arguments = case.prepare(case.rows, Path(folder))
    log, most = Path(folder) / "log", Path(folder) / "most"
    started = time.monotonic()
    with log.open("wb") as output:
        command = [sys.executable, "-m", "benchmarks.measured", str(most), *arguments]
        status = subprocess.run(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
    seconds = time.monotonic() - started
    said = log.read_text(errors="replace").strip()
    print(said[-2000:] if status else said.rpartition("\n")[2], flush=True)
    return Figure(case, seconds, int(most.read_text()) / KIBIBYTES, status)


def _shown(figure: Figure) -> Figure:
    print(
        f"{figure.case.name}: {figure.case.rows:,} rows, {figure.seconds:.1f} s, {figure.rate:,.0f} rows/s, "
        f"{figure.mebibytes:.0f} MiB",
        flush=True,
    )
    return figure


def _write(base: Figure, figures: Sequence[Figure], rows: int) -> None:
    save(RESULTS / f"operators_{rows}.rst", _report(base, figures))
    save(RESULTS / "operators.rst", summary(RESULTS))


def _report(base: Figure, figures: Sequence[Figure]) -> Iterator[str]:
    yield from title("Operators' commands", "=")
    yield "Made by ``make bench-operators``: PostgreSQL, mail going nowhere, Celery in the command's own process."
    yield f"An empty command holds {base.mebibytes:.0f} MiB; the limit is {LIMIT_MIB} MiB."
    yield ""
    yield from table(["Command", "Rows", "Seconds", "Rows a second", "Most memory, MiB"], map(_row, figures))


def _row(figure: Figure) -> list[str]:
    return [
        f"``{figure.case.name}``",
        f"{figure.case.rows:,}",
        f"{figure.seconds:.1f}",
        f"{figure.rate:,.0f}",
        f"{figure.mebibytes:.0f}",
    ]


def summary(folder: Path) -> Iterator[str]:
    """All sizes that were measured beside one another, from their reports in ``folder``."""
    found: dict[str, dict[int, str]] = {}
    for path in folder.glob("operators_*.rst"):
        for name, rows, _, rate, most in read(path.read_text())[0][1:]:
            found.setdefault(name, {})[int(rows.replace(",", ""))] = f"{rate}/s, {most} MiB"
    sizes = sorted({rows for cells in found.values() for rows in cells})
    yield from title("Operators' commands at several sizes", "=")
    yield "Made by ``make bench-operators`` from its reports: rows a second, which at few rows is mostly the start of"
    yield "the command, and the most memory that it held."
    yield ""
    cells = ([name, *(found[name].get(size, "") for size in sizes)] for name in sorted(found))
    yield from table(["Command", *(f"{size:,} rows" for size in sizes)], cells)


if __name__ == "__main__":
    sys.exit(main())
