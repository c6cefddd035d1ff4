"""
How long processors worked, in the site's processes and in the database's: what a busy machine does besides does not
count. Of Linux, and of a database on this machine; nothing elsewhere.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

PROC = Path("/proc")
USER_TIME, SYSTEM_TIME = 11, 12


@dataclass(frozen=True)
class Work:
    """Seconds of processors."""

    site: float = 0.0
    database: float = 0.0

    def __sub__(self, other: "Work") -> "Work":
        return Work(self.site - other.site, self.database - other.database)

    @property
    def total(self) -> float:
        return self.site + self.database


def so_far(server: int) -> Work:
    """Of the children of the process ``server``, and of the database's processes that work for anybody but us."""
    return Work(_seconds(_children(server)), _seconds(_backends()))


def _children(parent: int) -> list[int]:
    try:
        text = (PROC / f"{parent}/task/{parent}/children").read_text()
    except OSError:
        return []
    return [int(part) for part in text.split()]


def _backends() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [row[0] for row in cursor.fetchall()]


def _seconds(processes: Iterable[int]) -> float:
    return sum(_ticks(process) for process in processes) / os.sysconf("SC_CLK_TCK")


def _ticks(process: int) -> int:
    try:
        # The name comes first, in parentheses, and may hold anything.
        fields = (PROC / f"{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[USER_TIME]) + int(fields[SYSTEM_TIME])
