"""
Granting what a file says, line by line (contract vendors_admin_screens.md §6.12).

A batch of lines is one transaction and a number of statements that does not grow with it, but for learners whose clock
runs. What stands there already is left alone, so doing it again changes nothing. Nothing that is wrong with one line
stops the others.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import transaction

from proctoring.common.batches import FAILED, chunked, together
from proctoring.exceptions import ProctoredBaseException
from proctoring.models import ProctoredExamStudentAllowance
from proctoring.services.allowances.files import COLUMNS, Row, Unread, read
from proctoring.services.allowances.meaning import Meant, Place, Places, meaning_of
from proctoring.services.allowances.refusals import NotDone
from proctoring.services.allowances.storing import among, store
from proctoring.services.allowances.values import ADDITIONAL_TIME, Content

logger = logging.getLogger(__name__)

# Every database takes a condition on that many pairs.
BATCH = 500


class Result(StrEnum):
    """What came of a line, or would come of it."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = FAILED


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """
    What came of the line that begins at ``line``: ``row`` is what it says, where it can be read, ``before`` the value
    that it is about to replace or has replaced, ``error`` why nothing was done.
    """

    line: int
    result: Result
    row: Row | None = None
    before: str | None = None
    error: ProctoredBaseException | None = None


Standing = dict[Place, Content]
Act = Callable[[Sequence[Meant], Standing], Iterable[LineOutcome]]


def preview(lines: Iterable[str], course_id: str | None = None, size: int = BATCH) -> Iterator[LineOutcome]:
    """What :func:`apply` would come to, with nothing changed."""
    return _worked_through(lines, course_id, size, _looked_at)


def apply(
    lines: Iterable[str], course_id: str | None = None, size: int = BATCH, *, by: Any = None
) -> Iterator[LineOutcome]:
    """
    Grant what the lines of a file say, at most ``size`` and ``BATCH`` at a time; what came of each, once it is stored.

    ``lines`` is a text file, opened with ``newline=""``, or any lines with their ends. With ``course_id``, only this
    course's exams count and the column may be missing. ``by`` is the person who has it imported. Raises
    ``AllowanceFileRefused`` at once, for the columns.
    """
    return _worked_through(lines, course_id, size, partial(_granted, by))


def _worked_through(lines: Iterable[str], course_id: str | None, size: int, act: Act) -> Iterator[LineOutcome]:
    rows = read(lines, COLUMNS if course_id is None else COLUMNS[1:])
    return _in_batches(rows, course_id, min(size, BATCH), act)


def _in_batches(rows: Iterator[Row | Unread], course_id: str | None, size: int, act: Act) -> Iterator[LineOutcome]:
    with closing(Places()) as places:
        for batch in chunked(rows, size):
            outcomes = {one.line: one for one in _outcomes(batch, course_id, places, act)}
            yield from (outcomes[one.line] for one in batch)


def _outcomes(batch: Sequence[Row | Unread], course_id: str | None, places: Places, act: Act) -> Iterator[LineOutcome]:
    yield from (LineOutcome(one.line, Result.REFUSED, error=one.error) for one in batch if isinstance(one, Unread))
    rows, found = [one for one in batch if isinstance(one, Row)], []
    meaning = meaning_of(rows, course_id)
    for row in rows:
        try:
            one = meaning(row)
            places.take(one.place, row.line)
            found.append(one)
        except ProctoredBaseException as error:
            yield LineOutcome(row.line, Result.REFUSED, row, error=error)
    yield from _judged(found, act)


def _judged(found: Sequence[Meant], act: Act) -> Iterator[LineOutcome]:
    """What stands there already is not granted again, and needs no exam that is active."""
    standing, wanted = _standing(found), []
    for one in found:
        if standing.get(one.place) == one.wish.content_for(one.exam):
            yield LineOutcome(one.row.line, Result.UNCHANGED, one.row, one.wish.value_for(one.exam))
        elif one.problem is not None:
            yield LineOutcome(one.row.line, Result.REFUSED, one.row, error=one.problem)
        else:
            wanted.append(one)
    if wanted:
        yield from act(wanted, standing)


def _standing(found: Sequence[Meant]) -> Standing:
    standing: Standing = {}
    for key, some in _by_kind(found).items():
        rows = ProctoredExamStudentAllowance.objects.filter(among(one.pair for one in some), key=key)
        for row in rows.values_list("proctored_exam_id", "user_id", "value", "multiplier"):
            exam_id, user_id, value, multiplier = row
            standing[exam_id, user_id, key] = value, multiplier
    return standing


def _by_kind(found: Sequence[Meant]) -> dict[str, list[Meant]]:
    """In one order, additional time last: it holds attempts, and nobody waits for an allowance with these in hand."""
    kinds: dict[str, list[Meant]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.wish.key == ADDITIONAL_TIME, one.wish.key)):
        kinds[one.wish.key].append(one)
    return kinds


def _looked_at(wanted: Sequence[Meant], standing: Standing) -> Iterator[LineOutcome]:
    return (_done(one, one.place not in standing, standing) for one in wanted)


def _granted(by: Any, wanted: Sequence[Meant], standing: Standing) -> list[LineOutcome]:
    outcomes: list[LineOutcome] = []

    def stored(some: Sequence[Meant]) -> dict[str, int]:
        outcomes.extend(_stored(some, standing, by))
        return {}

    def failed(one: Meant, error: Exception) -> None:
        name = type(error).__name__
        logger.error("An allowance of a file could not be granted: exam=%s user=%s error=%s", *one.pair, name)
        outcomes.append(LineOutcome(one.row.line, Result.FAILED, one.row, error=NotDone()))

    together(wanted, stored, failed)
    return outcomes


def _stored(wanted: Sequence[Meant], standing: Standing, by: Any) -> list[LineOutcome]:
    exams = {one.exam.pk: one.exam for one in wanted}
    created: set[Place] = set()
    with transaction.atomic():
        for key, some in _by_kind(wanted).items():
            stored = store({one.pair: one.wish for one in some}, exams, by)
            rows = [one.allowance for one in stored if one.created]
            created |= {(row.proctored_exam_id, row.user_id, key) for row in rows}
    return [_done(one, one.place in created, standing) for one in wanted]


def _done(one: Meant, created: bool, standing: Standing) -> LineOutcome:
    before = None if created else standing.get(one.place, ("", None))[0]
    return LineOutcome(one.row.line, Result.CREATED if created else Result.CHANGED, one.row, before)
