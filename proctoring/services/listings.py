"""
Lists of attempts as every door shows them.

A list writes nothing: an attempt whose time is over, and which nobody has closed yet, is shown as what it will be. So a
list costs the same however many rows it has, and a learner whose time is up never looks busy (contract python.md §9.1
no. 35, §9.2 no. 45).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from proctoring.common.prepared import Prepared, PreparedForPage
from proctoring.conf import config
from proctoring.models import ProctoredExamStudentAllowance, ProctoredExamStudentAttempt
from proctoring.serializers import allowance_dict, attempt_dict, exam_dict
from proctoring.services import timing
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

Attempt = ProctoredExamStudentAttempt
# Polled by every learner's timer.
EVERYWHERE: Prepared[Attempt] = Prepared(
    lambda user_id: Attempt.objects.get_active_student_attempts(user_id).without_learner(), int
)
IN_COURSE: Prepared[Attempt] = Prepared(
    lambda user_id, course_id: Attempt.objects.get_active_student_attempts(user_id, course_id).without_learner(),
    int,
    str,
)
GRANTED: PreparedForPage[ProctoredExamStudentAllowance] = PreparedForPage(
    lambda user_id, exams: ProctoredExamStudentAllowance.objects.filter(
        user_id=user_id, proctored_exam_id__in=exams
    ).order_by("id"),
    int,
)


@dataclass(frozen=True, slots=True)
class ActiveExam:
    """An attempt in progress and what its learner is granted for the exam."""

    attempt: Attempt
    allowances: Sequence[ProctoredExamStudentAllowance]

    def as_dict(self) -> dict[str, Any]:
        """``exam``, ``attempt`` and ``allowances`` as they go over the wire (contract rest.md §5.11)."""
        return {
            "exam": exam_dict(self.attempt.proctored_exam),
            "attempt": attempt_dict(self.attempt),
            "allowances": [allowance_dict(allowance) for allowance in self.allowances],
        }


def listed(attempts: Iterable[Attempt]) -> list[dict[str, Any]]:
    """AttemptDicts in the given order. A queryset may be sliced before: rows outside of the page are not read."""
    now = timezone.now()
    return [attempt_dict(attempt) | ending(attempt, now) for attempt in attempts]


def ending(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """What closing the attempt will change; nothing where its time is not over (contract python.md §2.7)."""
    if not timing.is_overdue(attempt, now):
        return {}
    if config.allow_timed_out_state:
        return {"status": str(Status.timed_out)}
    return {"status": str(Status.submitted), "completed_at": timing.deadline(attempt), "is_resumable": False}


def pairs_of_course(course_id: str) -> QuerySet[Attempt, dict[str, Any]]:
    """
    Each learner and exam of the course's attempts, as ``user_id`` and ``proctored_exam_id``, latest attempt first.

    Attempts stay in the database: a page of pairs costs what the course's index entries cost, wherever in the list it
    is. Of a large course, see ``services.course_pairs``.
    """
    return pairs_of(Attempt.objects.filter(proctored_exam__course_id=course_id))


def pairs_of(attempts: "QuerySet[Attempt]") -> QuerySet[Attempt, dict[str, Any]]:
    """As :func:`pairs_of_course`, of the given attempts."""
    # Django's own types would have the annotations be part of the row's type.
    pairs: Any = attempts.values("user_id", "proctored_exam_id").annotate(latest=Max("created"), last_id=Max("id"))
    ordered: QuerySet[Attempt, dict[str, Any]] = pairs.order_by("-latest", "-last_id")
    return ordered


def grouped(pairs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    The latest attempt of each pair, in the given order, with all of them, the latest included, in ``all_attempts``
    newest first (contract rest.md §5.6). One statement however many pairs there are.
    """
    wanted = [(pair["user_id"], pair["proctored_exam_id"]) for pair in pairs]
    if not wanted:
        return []
    attempts: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for attempt in listed(Attempt.objects.filter(of_pairs(wanted)).newest_first()):
        attempts[attempt["user"]["id"], attempt["proctored_exam"]["id"]].append(attempt)
    # A pair whose attempts have just been removed is gone.
    return [attempts[pair][0] | {"all_attempts": attempts[pair]} for pair in wanted if attempts[pair]]


def of_pairs(pairs: Iterable[tuple[int, int]]) -> Q:
    """Attempts of the given learners and exams, of which there has to be one; a condition an exam, not one a pair."""
    learners: dict[int, list[int]] = defaultdict(list)
    for user_id, exam_id in pairs:
        learners[exam_id].append(user_id)
    return reduce(or_, (Q(proctored_exam_id=exam_id, user_id__in=ids) for exam_id, ids in learners.items()))


def active(user_id: int, course_id: str | None = None) -> list[ActiveExam]:
    """The learner's attempts whose clock runs now, newest first, in one course or in all."""
    return _running(Attempt.objects.get_active_student_attempts(user_id, course_id))


def own_active(learner: Any, course_id: str | None = None) -> list[ActiveExam]:
    """As :func:`active`, of a learner who is loaded already."""
    rows = IN_COURSE(learner.pk, course_id) if course_id else EVERYWHERE(learner.pk)
    for attempt in rows:
        attempt.user = learner
    return _running(rows)


def _running(attempts: Iterable[Attempt]) -> list[ActiveExam]:
    now = timezone.now()
    running = [attempt for attempt in attempts if not timing.is_overdue(attempt, now)]
    granted = _allowances(running)
    return [ActiveExam(attempt, granted[attempt.proctored_exam_id]) for attempt in running]


def _allowances(running: Sequence[Attempt]) -> dict[int, list[ProctoredExamStudentAllowance]]:
    """Those of one learner's attempts by exam, with what is loaded already."""
    by_exam: dict[int, list[ProctoredExamStudentAllowance]] = defaultdict(list)
    exams = {attempt.proctored_exam_id: attempt.proctored_exam for attempt in running}
    if exams:
        learner = running[0].user
        for allowance in GRANTED(learner.pk, exams):
            allowance.user, allowance.proctored_exam = learner, exams[allowance.proctored_exam_id]
            by_exam[allowance.proctored_exam_id].append(allowance)
    return by_exam
