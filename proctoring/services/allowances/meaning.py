"""What the lines of a file of allowances refer to."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proctoring.exceptions import ProctoredBaseException, ProctoredExamNotFoundException
from proctoring.models import ProctoredExam
from proctoring.services.allowances.files import Row
from proctoring.services.allowances.granting import problem
from proctoring.services.allowances.refusals import CourseMissing, OtherCourse, SaidBefore
from proctoring.services.allowances.storing import Pair
from proctoring.services.allowances.values import Wish, wish_for_many
from proctoring.services.references import key_of, learners

# The ids of exam and learner, and the kind as it is stored.
Place = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Meant:
    """A row, what it refers to, and why that cannot be granted if it is not there already."""

    row: Row
    exam: ProctoredExam
    user_id: int
    wish: Wish
    problem: ProctoredBaseException | None

    @property
    def pair(self) -> Pair:
        """Exam and learner."""
        return self.exam.pk, self.user_id

    @property
    def place(self) -> Place:
        """Where it is stored; there is one allowance a place."""
        return *self.pair, self.wish.key


def meaning_of(rows: Sequence[Row], scope: str | None) -> Callable[[Row], Meant]:
    """What to ask for a row's meaning, which raises what is wrong with it; two queries, made at once."""
    exam_of, learner = _exams(rows), learners(row.user for row in rows)

    def meant(row: Row) -> Meant:
        course_id = row.course_id or scope
        if not course_id:
            raise CourseMissing
        if scope is not None and course_id != scope:
            raise OtherCourse
        wanted = wish_for_many(row.key, row.value)
        exam, user_id = exam_of(course_id, row.exam), learner(row.user)
        reason = problem(exam, user_id)
        if exam is None or user_id is None:
            raise reason or ProctoredExamNotFoundException
        return Meant(row, exam, user_id, wanted, reason)

    return meant


def _exams(rows: Sequence[Row]) -> Callable[[str, str], ProctoredExam | None]:
    """A function from a course and what its exam is called by: digits are an id, anything else is a part's."""
    named = Q(pk__in={key_of(row.exam) for row in rows}) | Q(content_id__in={row.exam for row in rows})
    exams = list(ProctoredExam.objects.filter(named))
    by_key = {(exam.course_id, exam.pk): exam for exam in exams}
    by_part = {(exam.course_id, exam.content_id): exam for exam in exams}

    def exam_of(course_id: str, name: str) -> ProctoredExam | None:
        key = key_of(name)
        return by_key.get((course_id, key)) if key else by_part.get((course_id, name))

    return exam_of


class Places:
    """Which line was the first to be about a place; on disk, since there may be millions."""

    def __init__(self) -> None:
        # No name: a file of its own that goes with the connection.
        self._db = sqlite3.connect("")
        self._db.execute(
            "CREATE TABLE place (exam, learner, kind, line, PRIMARY KEY (exam, learner, kind)) WITHOUT ROWID"
        )

    def take(self, place: Place, line: int) -> None:
        """Raises ``SaidBefore`` where another line has it."""
        taken = self._db.execute("INSERT OR IGNORE INTO place VALUES (?, ?, ?, ?)", (*place, line))
        if not taken.rowcount:
            where = "SELECT line FROM place WHERE exam = ? AND learner = ? AND kind = ?"
            [(first,)] = self._db.execute(where, place)
            raise SaidBefore(_("Line {first} is about the same.").format(first=first), first=first)

    def close(self) -> None:
        """Nothing is left of it."""
        self._db.close()
