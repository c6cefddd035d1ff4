"""
Files of courses' deadlines: comma-separated, one course a line, the first line with the columns' names in any order.

What is exported is what can be imported. A deadline that stands there already is left alone, with whoever set it, so
that a whole list can be exported, changed here and there, and imported again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from proctoring.common.batches import chunked
from proctoring.common.tables import Record, records, unguarded
from verify_student.exceptions import VerificationBaseException
from verify_student.models import VerificationDeadline
from verify_student.services import deadlines

COLUMNS = ("course_key", "deadline")
MAX_KEY = 255
BATCH = 500


class DeadlineFileRefused(VerificationBaseException):
    """The file is none of deadlines."""

    code = "deadline_file"
    default_message = _("The first line has to name the columns course_key and deadline, each once, and no others.")


class Result(StrEnum):
    """What came of a line, or would come of it."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """
    What came of the line that begins at ``line``, counted from 1: ``cells`` are what it says, in the order of
    ``COLUMNS``, ``why`` is why nothing was done.
    """

    line: int
    result: Result
    cells: Sequence[str] = ()
    why: str | Promise = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    line: int
    course_key: str
    deadline: datetime

    @property
    def cells(self) -> list[str]:
        return [self.course_key, self.deadline.isoformat()]


Act = Callable[[_Wanted], None]


def preview(lines: Iterable[str]) -> Iterator[LineOutcome]:
    """What :func:`apply` would come to, with nothing changed."""
    return _worked_through(lines, lambda wanted: None)


def apply(lines: Iterable[str]) -> Iterator[LineOutcome]:
    """
    Set the deadlines that the lines of a file say, each as a person's (W62); what came of each, once it is stored.

    ``lines`` is a text file, or any lines with their ends. Raises ``DeadlineFileRefused`` at once, for the columns.
    """
    return _worked_through(lines, lambda one: deadlines.set_deadline(one.course_key, one.deadline, is_explicit=True))


def cells_of(rows: Iterable[VerificationDeadline]) -> Iterator[list[str]]:
    """Deadlines, each as fields in the order of ``COLUMNS``."""
    return ([row.course_key, row.deadline.astimezone(UTC).isoformat()] for row in rows)


def _worked_through(lines: Iterable[str], act: Act) -> Iterator[LineOutcome]:
    found = records(lines)
    header = next(found, None)
    columns = [cell.strip().lower() for cell in (header.cells or [] if header else [])]
    if sorted(columns) != sorted(COLUMNS):
        raise DeadlineFileRefused
    return _outcomes(found, columns, act)


def _outcomes(found: Iterable[Record], columns: Sequence[str], act: Act) -> Iterator[LineOutcome]:
    seen: set[str] = set()
    for batch in chunked(found, BATCH):
        read = [_read(record, columns) for record in batch]
        standing = deadlines.for_courses(one.course_key for one in read if isinstance(one, _Wanted))
        for one in read:
            if isinstance(one, LineOutcome):
                yield one
            elif one.course_key in seen:
                yield LineOutcome(one.line, Result.REFUSED, one.cells, _("A line above speaks of this course already."))
            else:
                seen.add(one.course_key)
                yield _settled(one, standing.get(one.course_key), act)


def _settled(one: _Wanted, before: datetime | None, act: Act) -> LineOutcome:
    if one.deadline == before:
        return LineOutcome(one.line, Result.UNCHANGED, one.cells)
    act(one)
    return LineOutcome(one.line, Result.CREATED if before is None else Result.CHANGED, one.cells)


def _read(record: Record, columns: Sequence[str]) -> _Wanted | LineOutcome:
    cells = [unguarded(cell).strip() for cell in record.cells or []]
    if len(cells) != len(columns):
        return LineOutcome(record.line, Result.REFUSED, (), _("This line does not have two fields."))
    said = dict(zip(columns, cells, strict=True))
    key, deadline = said["course_key"], _instant(said["deadline"])
    why = _problem(key, deadline)
    if why or deadline is None:
        return LineOutcome(record.line, Result.REFUSED, [said[column] for column in COLUMNS], why)
    return _Wanted(record.line, key, deadline)


def _instant(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        # Nobody guesses whose clock is meant (W74).
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _problem(key: str, deadline: datetime | None) -> str | Promise:
    if not key or len(key) > MAX_KEY or not key.isprintable() or " " in key:
        return _("This is no course key.")
    if deadline is None:
        return _("The deadline is no moment with its time zone, such as 2027-01-31T23:59:00Z.")
    return ""
