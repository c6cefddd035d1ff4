"""Granting, replacing and taking back allowances, one way for one pair of exam and learner and for many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import transaction

from proctoring.exceptions import (
    ProctoredBaseException,
    ProctoredExamNotActiveException,
    ProctoredExamNotFoundException,
    UserNotFoundException,
)
from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance
from proctoring.services import audit, events
from proctoring.services.allowances.storing import Stored, facts_of, move_deadlines, replace, store
from proctoring.services.allowances.values import ADDITIONAL_TIME, minutes_on_top, wish, wish_for_many
from proctoring.services.references import distinct, exams_by_id, is_storable, key_of, learners

Allowance = ProctoredExamStudentAllowance


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one pair of a bulk grant; exam and learner as the caller called them."""

    exam: Any
    learner: Any
    error: ProctoredBaseException | None


def grant(exam_id: int, learner: int | str, key: str | tuple[Any, ...], value: Any, *, by: Any = None) -> Allowance:
    """
    Grant a learner something, in place of what stood under the same key; the allowance as it is now.

    ``learner`` is a primary key, a username or an e-mail address, ``by`` the person who grants it. Raises
    ``AllowanceValueNotAllowedException``, ``UserNotFoundException``, ``ProctoredExamNotFoundException``,
    ``ProctoredExamNotActiveException``.
    """
    return put(exam_id, learner, key, value, by=by).allowance


def put(exam_id: int, learner: int | str, key: str | tuple[Any, ...], value: Any, *, by: Any = None) -> Stored:
    """:func:`grant`, for those who want to know whether the learner had none of the kind before."""
    wanted = wish(key, value)
    user_id = learners([learner])(learner)
    exam = exams_by_id([exam_id]).get(key_of(exam_id))
    reason = problem(exam, user_id)
    if exam is None or user_id is None or reason is not None:
        raise reason or ProctoredExamNotFoundException
    [stored] = store({(exam.pk, user_id): wanted}, {exam.pk: exam}, by)
    return stored


def grant_in_bulk(
    exam_ids: Iterable[Any],
    people: Iterable[Any],
    kind: Any,
    value: Any,
    among: Mapping[int, ProctoredExam] | None = None,
    by: Any = None,
) -> list[Outcome]:
    """
    Grant every one of ``people`` the same for every exam; the outcome of each pair, exam by exam.

    ``kind`` is a key, or ``time_multiplier`` for a multiple of each exam's own time. ``among`` are the only exams that
    count, by primary key, where the caller has looked them up; ``by`` is the person who grants it. A pair that cannot
    be granted leaves the others alone. Raises ``AllowanceValueNotAllowedException`` before anything is written.
    """
    wanted = wish_for_many(kind, value)
    exam_names, names = distinct(exam_ids), distinct(people)
    exams, learner = exams_by_id(exam_names) if among is None else among, learners(names)
    outcomes = [
        Outcome(exam_name, name, problem(exams.get(key_of(exam_name)), learner(name)))
        for exam_name, name in product(exam_names, names)
    ]
    keys = {key_of(exam_name) for exam_name in exam_names}
    active = {key: exam for key, exam in exams.items() if key in keys and exam.is_active}
    known = {user_id for name in names if (user_id := learner(name)) is not None}
    store(dict.fromkeys(product(active, known), wanted), active, by)
    return outcomes


def remove(exam_id: int, user_id: int, key: str | tuple[Any, ...], *, by: Any = None) -> bool:
    """Take an allowance back; false where there was none. Time that has been used stays used."""
    stored_key = str(key[0] if isinstance(key, tuple) and key else key)
    if not is_storable(stored_key):
        return False
    with transaction.atomic():
        held = Allowance.objects.select_for_update().filter(proctored_exam_id=key_of(exam_id), user_id=key_of(user_id))
        allowance = held.filter(key=stored_key).first()
        if allowance is None:
            return False
        audit.record("allowance.taken_back", allowance, actor=by, **facts_of(allowance))
        allowance.delete()
        events.emit_allowance(allowance, "deleted")
        if allowance.key == ADDITIONAL_TIME:
            exam = allowance.proctored_exam
            move_deadlines([(exam.pk, allowance.user_id)], {exam.pk: exam})
    return True


def follow_time_limit(exam: ProctoredExam) -> None:
    """Work out again, after the exam's time has changed, what a multiple of it is in minutes."""
    with transaction.atomic():
        multiplied = Allowance.objects.filter(proctored_exam=exam, key=ADDITIONAL_TIME, multiplier__isnull=False)
        changed = replace(
            (allowance, (minutes_on_top(exam, allowance.multiplier), allowance.multiplier))
            for allowance in multiplied.select_for_update().order_by("pk")
            if allowance.multiplier is not None
        )
        for allowance in changed:
            allowance.proctored_exam = exam
            events.emit_allowance(allowance, "updated")


def problem(exam: ProctoredExam | None, user_id: int | None) -> ProctoredBaseException | None:
    """Why nothing can be granted to whom it is meant for, at the exam that is meant; None where it can."""
    if exam is None:
        return ProctoredExamNotFoundException()
    if user_id is None:
        return UserNotFoundException()
    return None if exam.is_active else ProctoredExamNotActiveException()
