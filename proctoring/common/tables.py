"""
Comma-separated files: those of people who are not careful, read as they are needed; and ours, written as they are sent.

In constant memory, and without Django.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

# More than a reader of such files takes; the rest of a longer line is dropped.
MAX_LINE = 2**20
BYTE_ORDER_MARK = "\ufeff"
# Spreadsheets take it for a formula, or do so without its apostrophe.
FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
APOSTROPHE = "'"


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
    reader = csv.reader(_without_mark(bounded(lines)), strict=True)
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


def bounded(lines: Iterable[str]) -> Iterator[str]:
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


def guarded(cell: str) -> str:
    """The text as it can be opened in a spreadsheet: never a formula."""
    return APOSTROPHE + cell if FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What :func:`guarded` made of a text, undone."""
    return cell[1:] if cell.startswith(APOSTROPHE) and FORMULA.match(cell) else cell


def written(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Each row as a line of a file, with every field guarded."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])


class _Echo:
    """A file whose lines are handed back instead of being kept."""

    def write(self, line: str) -> str:
        return line
