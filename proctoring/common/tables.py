"""Comma-separated files of people who are not careful, read as they are needed and in constant memory. No Django."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

# More than a reader of such files takes; the rest of a longer line is dropped.
MAX_LINE = 2**20
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Record:
    """The fields that begin at ``line``, counted from 1; None where it is no record, or far too long for one."""

    line: int
    cells: list[str] | None


def records(lines: Iterable[str]) -> Iterator[Record]:
    """
    The records of a text file, opened with ``newline=""``, or of any lines with their ends; without the blank ones.

    One that cannot be read leaves the next ones alone.
    """
    reader = csv.reader(_without_mark(_bounded(lines)), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Record(line, None)
        else:
            if any(cell.strip() for cell in cells):
                yield Record(line, cells)


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    """The lines; of a file, none longer than memory is good for."""
    readline = getattr(lines, "readline", None)
    return iter(lines) if readline is None else _beginnings(readline)


def _beginnings(readline: Callable[[int], str]) -> Iterator[str]:
    while line := readline(MAX_LINE):
        yield line
        while len(line) == MAX_LINE and line[-1] not in "\r\n":
            line = readline(MAX_LINE)


def _without_mark(lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, "").removeprefix(BYTE_ORDER_MARK)
    return chain([first], lines)
