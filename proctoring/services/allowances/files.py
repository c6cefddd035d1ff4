"""
Files of allowances: comma-separated, one allowance a line, the first line with the columns' names in any order.

Lines are read as they are needed. What is exported is what can be imported.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from proctoring.common.tables import Record, records, unguarded
from proctoring.conf import TIME_MULTIPLIER
from proctoring.exceptions import ProctoredBaseException
from proctoring.models import ProctoredExamStudentAllowance
from proctoring.services.allowances.listing import by_learner
from proctoring.services.allowances.refusals import (
    AllowanceFileRefused,
    CharactersNotAllowed,
    FieldTooLong,
    LineNotReadable,
    WrongNumberOfFields,
)
from proctoring.services.allowances.values import (
    ADDITIONAL_TIME,
    KINDS_OF_TIME,
    MAX_LENGTH,
    multiple_of,
)
from proctoring.services.references import is_storable

COLUMNS = ("course_id", "exam", "user", "key", "value")


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says; ``line`` is where it begins, counted from 1. Texts that are not given are empty."""

    line: int
    exam: str
    user: str
    key: str
    value: str
    course_id: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that says nothing, and why."""

    line: int
    error: ProctoredBaseException


def read(lines: Iterable[str], needed: Collection[str] = COLUMNS) -> Iterator[Row | Unread]:
    """
    What the lines of a file say, without the blank ones. ``needed`` are the columns that have to be there.

    ``lines`` is a text file, or any lines with their ends. Raises ``AllowanceFileRefused`` at once, before any line but
    the first is read.
    """
    found = records(lines)
    header = next(found, None)
    columns = _columns(header.cells or [] if header else [], needed)
    return (_row(record, columns) for record in found)


def rows_of(course_id: str) -> Iterator[list[str]]:
    """What has been granted in the course, learner by learner, as :func:`cells_of`; read in pieces."""
    return cells_of(by_learner(course_id))


def cells_of(rows: Iterable[ProctoredExamStudentAllowance]) -> Iterator[list[str]]:
    """
    Allowances, each as fields in the order of ``COLUMNS``; user and exam are to be loaded.

    What old releases stored and nobody can grant is left out where it does nothing.
    """
    for granted in rows:
        if _does_something(granted):
            exam, kind, value = granted.proctored_exam, granted.key, granted.value
            if granted.multiplier is not None:
                kind, value = TIME_MULTIPLIER, multiple_of(exam, value, granted.multiplier)
            yield [exam.course_id, str(exam.pk), granted.user.get_username(), kind, value]


def _does_something(granted: ProctoredExamStudentAllowance) -> bool:
    """Not so: minutes that are no number, as after a learner's retirement; what is no key that anything looks for."""
    return granted.value.isdecimal() if granted.key == ADDITIONAL_TIME else granted.key != TIME_MULTIPLIER


def _columns(cells: list[str], needed: Collection[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    if not set(needed) <= set(columns):
        text = _("The first line has to name the columns: {names}.")
        raise AllowanceFileRefused(text.format(names=", ".join(needed)))
    for number, column in enumerate(columns, start=1):
        if column not in COLUMNS or column in columns[: number - 1]:
            # By its number: what stands there may be anything.
            text = _("Column {number} is unknown, or there twice. The columns are: {names}.")
            raise AllowanceFileRefused(text.format(number=number, names=", ".join(COLUMNS)))
    return columns


def _row(record: Record, columns: list[str]) -> Row | Unread:
    if record.cells is None:
        return Unread(record.line, LineNotReadable())
    cells = [unguarded(cell) for cell in record.cells]
    problem = _problem(cells, columns)
    if problem is not None:
        return Unread(record.line, problem)
    said = dict(zip(columns, cells, strict=True))
    # White space belongs to a text for people and to nothing else.
    kept = () if said["key"].strip() in KINDS_OF_TIME else ("value",)
    return Row(record.line, **{name: text if name in kept else text.strip() for name, text in said.items()})


def _problem(cells: list[str], columns: list[str]) -> ProctoredBaseException | None:
    if len(cells) != len(columns):
        return WrongNumberOfFields()
    if any(len(cell) > MAX_LENGTH for cell in cells):
        return FieldTooLong()
    return None if all(is_storable(cell) for cell in cells) else CharactersNotAllowed()
