"""What a request does: its statements, how the database carries out the slowest one, and where its time goes."""

import cProfile
import pstats
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from benchmarks.web.cases import Ask

ROOT = Path(__file__).resolve().parents[2]
OURS = tuple(str(ROOT / name) for name in ("proctoring", "verify_student", "demo"))
# Lists that are put together from several begin with a bracket.
READS = ("SELECT", "(SELECT")
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
PROFILED, SHOWN = 20, 15


class Refused(Exception):
    """The site did not do what was asked."""


@dataclass(frozen=True)
class Statement:
    """What the database was told, and for how long it worked on that."""

    sql: str
    seconds: float


@dataclass(frozen=True)
class Line:
    """A function of ours: calls a request, and milliseconds in it and what it calls."""

    name: str
    calls: float
    milliseconds: float


def answer(ask: Ask) -> None:
    """Ask once, in this process. Raises ``Refused``."""
    headers = {"Host": "127.0.0.1", **ask.headers}
    kind = headers.pop("Content-Type", "application/octet-stream")
    response = Client().generic(ask.method, ask.path, ask.body, content_type=kind, headers=headers)
    # A list may be sent while it is read.
    list(response)
    if response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        raise Refused(f"{ask.method} {ask.path}: {response.status_code} {response.content[:300]!r}")


def statements(ask: Ask) -> list[Statement]:
    """Those of one request, but for what only begins and ends transactions."""
    seen: list[Statement] = []

    def watch(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        result = execute(sql, parameters, many, context)
        seconds = time.perf_counter() - began
        whole = connection.ops.last_executed_query(context["cursor"], sql, parameters)
        seen.append(Statement(str(whole), seconds))
        return result

    with connection.execute_wrapper(watch):
        answer(ask)
    return [one for one in seen if not one.sql.startswith(NOT_COUNTED)]


def plan(statement: Statement) -> list[str]:
    """How the database carries it out, of statements that only read."""
    if not statement.sql.startswith(READS):
        return []
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + statement.sql.replace("%", "%%"), [])
        return [row[0] for row in cursor.fetchall()]


def profile(asks: Iterator[Ask]) -> Sequence[Line]:
    """The functions of ours that take most of some requests, by what they take with all they call."""
    wanted = list(islice(asks, PROFILED))
    if not wanted:
        return []
    answer(wanted[0])
    profiler = cProfile.Profile()
    with profiler:
        for ask in wanted[1:]:
            answer(ask)
    counted: dict[Any, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    times = len(wanted) - 1
    lines = [
        Line(f"{Path(path).relative_to(ROOT)}:{line} {name}", calls / times, taken * 1000 / times)
        for (path, line, name), (_, calls, _, taken, _) in counted.items()
        if path.startswith(OURS)
    ]
    return sorted(lines, key=lambda line: -line.milliseconds)[:SHOWN]
