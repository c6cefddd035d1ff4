"""
What the apps cost a site when it starts: seconds, memory, statements, and the modules that take longest to import.

    python -m benchmarks.start

A site of Django, its admin, the history and the REST framework is set up without the apps, with each, and with both;
each time in a process of its own. Needs no service.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.tables import RESULTS, save, table, title

ROOT = Path(__file__).resolve().parents[1]
APPS = {"proctoring": "proctoring.apps.ProctoringConfig", "verify_student": "verify_student.apps.VerifyStudentConfig"}
SITES = {"a bare site": (), "with proctoring": ("proctoring",), "with verify_student": ("verify_student",)} | {
    "with both": tuple(APPS)
}
SLOWEST = 12
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)")


@dataclass(frozen=True)
class Start:
    """Medians of some starts of the site ``name``; seconds are of processors."""

    name: str
    seconds: float
    mebibytes: float
    statements: int
    modules: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0; a site that does not start raises."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.start", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="their median counts (%(default)s)")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        starts = [started(name, options.rounds, Path(folder)) for name in SITES]
        packages = by_package(_imported(Path(folder)))
    save(options.results / "start.rst", report(starts, packages))
    return 0


def started(name: str, rounds: int, folder: Path) -> Start:
    """Set the site up so many times."""
    seen = [_once(name, folder) for _ in range(rounds)]
    figures = {key: median(one[key] for one in seen) for key in seen[0]}
    start = Start(name, figures["seconds"], figures["mebibytes"], int(figures["statements"]), int(figures["modules"]))
    print(f"{name}: {start.seconds:.2f} s, {start.mebibytes:.0f} MiB, {start.modules:,} modules", flush=True)
    return start


def _once(name: str, folder: Path) -> dict[str, float]:
    said = folder / "said"
    subprocess.run(_command(said, *SITES[name]), cwd=ROOT, check=True, capture_output=True)
    figures: dict[str, float] = json.loads(said.read_text())
    return figures


def _command(said: Path, *apps: str, options: Sequence[str] = ()) -> list[str]:
    return [sys.executable, *options, "-m", "benchmarks.starting", str(said), *(APPS[app] for app in apps)]


def _imported(folder: Path) -> str:
    command = _command(folder / "said", *APPS, options=["-X", "importtime"])
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stderr


def by_package(text: str) -> Counter[str]:
    """Microseconds that the modules of each package take by themselves, of what ``-X importtime`` says."""
    found: Counter[str] = Counter()
    for line in LINE.finditer(text):
        found[line[4].partition(".")[0]] += int(line[1])
    return found


def report(starts: Sequence[Start], packages: Counter[str]) -> Iterator[str]:
    yield from title("Start", "=")
    yield "Made by ``make bench-start``: ``django.setup()`` of a site of Django, its admin, the history and the REST"
    yield "framework. Seconds are of processors; statements are those that the database is told meanwhile."
    yield ""
    heads = ["Site", "Seconds", "MiB", "Statements", "Modules"]
    rows = (
        [one.name, f"{one.seconds:.2f}", f"{one.mebibytes:.0f}", str(one.statements), f"{one.modules:,}"]
        for one in starts
    )
    yield from table(heads, rows)
    yield ""
    yield "The packages whose modules take longest by themselves, with both apps (``python -X importtime``):"
    yield ""
    slowest = packages.most_common(SLOWEST)
    yield from table(["Package", "Milliseconds"], ([f"``{name}``", f"{spent / 1000:.0f}"] for name, spent in slowest))


if __name__ == "__main__":
    sys.exit(main())
