"""
``python -m tests.hostile``: the full run. ``FUZZ_INPUTS`` says how many inputs, ``FUZZ_WORKERS`` how many processes.

Each family has a process of its own, so that the memory it took can be told. The exit code says whether all is well:
no answer of 500 or more, no crash, nothing kept of what was refused, and no process above its bound of memory.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.hostile.counting import INPUTS, REPORT

PYTEST = ("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=short")
HERE = "tests/hostile"
# Family -> its share of a thousand inputs, and the test that makes them. A request takes a hundred times as long as a
# parser does, so parsers get most.
TESTED = {
    "addresses": (40, "test_addresses.py"),
    "bodies": (35, "test_bodies.py"),
    "forms": (20, "test_forms.py"),
    "callbacks": (30, "test_callbacks.py"),
    "tables": (15, "test_tables.py"),
    "photos": (10, "test_photos.py::test_photos_that_are_handed_in"),
    "decoding": (40, "test_photos.py::test_photos_that_are_decoded"),
    "command_files": (20, "test_commands.py::test_files_of_commands"),
    "command_arguments": (10, "test_commands.py::test_arguments_of_commands"),
}
GUIDED = {
    "signature": 130,
    "review": 110,
    "legacy_review": 110,
    "result": 110,
    "redaction": 110,
    "table": 110,
    "photo": 50,
    "data_url": 50,
}
HEADER = f"{'family':<18}{'inputs':>8}{'accepted':>10}{'5xx':>5}{'crashes':>9}{'stored':>8}{'MB':>11}  refused"


def main() -> int:
    """0 where all is well, 1 otherwise."""
    total = int(os.environ.get("FUZZ_INPUTS", "100000"))
    workers = int(os.environ.get("FUZZ_WORKERS", "2"))
    runs = [(name, _tested(name, total * share // 1000 or 1, test)) for name, (share, test) in TESTED.items()]
    runs += [(name, _guided(name, total * share // 1000 or 1)) for name, share in GUIDED.items()]
    print(HEADER, flush=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        told = list(pool.map(lambda run: _run(Path(folder), *run), runs))
    reports = [report for report in told if report]
    faults = sum(len(report["faults"]) for report in reports)
    inputs = sum(report["inputs"] for report in reports)
    peak = max((report["peak_megabytes"] for report in reports), default=0)
    print(f"{inputs} inputs, {faults} faults, {len(runs) - len(reports)} families that did not end, at most {peak} MB")
    return 0 if len(reports) == len(runs) and not faults else 1


def _tested(name: str, count: int, test: str) -> tuple[Sequence[str], dict[str, str]]:
    base = os.environ.get("DATABASE_URL", "")
    # Several processes, each with a database of its own; that of SQLite is in memory.
    database = {"DATABASE_URL": f"{base}_{name}"} if base else {}
    return [*PYTEST, f"{HERE}/{test}"], {INPUTS: str(count), **database}


def _guided(name: str, count: int) -> tuple[Sequence[str], dict[str, str]]:
    return ["-m", "tests.hostile.guided", name, str(count)], {}


def _run(folder: Path, name: str, run: tuple[Sequence[str], dict[str, str]]) -> dict[str, Any] | None:
    arguments, variables = run
    path = folder / name
    environment = os.environ | variables | {REPORT: str(path)}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=False)
    if not path.exists():
        print(f"{name:<18} did not end: {done.stdout[-2000:].decode()}{done.stderr[-2000:].decode()}", flush=True)
        return None
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    _print(report)
    return report


def _print(report: dict[str, Any]) -> None:
    numbers = "{family:<18}{inputs:>8}{accepted:>10}{errors:>5}{crashes:>9}{stored:>8}".format(**report)
    memory = f"{report['before_megabytes']} → {report['peak_megabytes']}"
    refused = ", ".join(f"{number} × {words}" for words, number in sorted(report["refused"].items()))
    print(f"{numbers}{memory:>11}  {refused}", flush=True)
    for what, about in report["faults"].items():
        print(f"    {what}\n        {about}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
