"""Granting, replacing and taking back allowances, one way for one pair of exam and learner and for many."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from proctoring.exceptions import (
    ProctoredBaseException,
    ProctoredExamNotActiveException,
    ProctoredExamNotFoundException,
    UserNotFoundException,
)
from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance, ProctoredExamStudentAttempt
from proctoring.services import clock, events
from proctoring.services.allowances.values import ADDITIONAL_TIME, Wish, minutes_on_top, wish, wish_for_many
from proctoring.services.references import distinct, exams_by_id, is_storable, key_of, learners
from proctoring.statuses import IN_PROGRESS, PRE_START

Allowance = ProctoredExamStudentAllowance
ONE_OF_A_KIND = ["user", "proctored_exam", "key"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one pair of a bulk grant; exam and learner as the caller called them."""

    exam: Any
    learner: Any
    error: ProctoredBaseException | None


@dataclass(frozen=True, slots=True)
class Stored:
    """An allowance as it is now, and whether the learner had none of its kind for the exam before."""

    allowance: Allowance
    created: bool


def grant(exam_id: int, learner: int | str, key: str | tuple[Any, ...], value: Any) -> Allowance:
    """
    Grant a learner something, in place of what stood under the same key; the allowance as it is now.

    ``learner`` is a primary key, a username or an e-mail address. Raises ``AllowanceValueNotAllowedException``,
    ``UserNotFoundException``, ``ProctoredExamNotFoundException``, ``ProctoredExamNotActiveException``.
    """
    return put(exam_id, learner, key, value).allowance


def put(exam_id: int, learner: int | str, key: str | tuple[Any, ...], value: Any) -> Stored:
    """:func:`grant`, for those who want to know whether the learner had none of the kind before."""
    wanted = wish(key, value)
    user_id = learners([learner])(learner)
    exam = exams_by_id([exam_id]).get(key_of(exam_id))
    problem = _problem(exam, user_id)
    if exam is None or user_id is None or problem is not None:
        raise problem or ProctoredExamNotFoundException
    [stored] = _store(wanted, [exam], [user_id])
    return stored


def grant_in_bulk(
    exam_ids: Iterable[Any],
    people: Iterable[Any],
    kind: Any,
    value: Any,
    among: Mapping[int, ProctoredExam] | None = None,
) -> list[Outcome]:
    """
    Grant every one of ``people`` the same for every exam; the outcome of each pair, exam by exam.

    ``kind`` is a key, or ``time_multiplier`` for a multiple of each exam's own time. ``among`` are the only exams that
    count, by primary key, where the caller has looked them up. A pair that cannot be granted leaves the others alone.
    Raises ``AllowanceValueNotAllowedException`` before anything is written.
    """
    wanted = wish_for_many(kind, value)
    exam_names, names = distinct(exam_ids), distinct(people)
    exams, learner = exams_by_id(exam_names) if among is None else among, learners(names)
    outcomes = [
        Outcome(exam_name, name, _problem(exams.get(key_of(exam_name)), learner(name)))
        for exam_name, name in product(exam_names, names)
    ]
    keys = {key_of(exam_name) for exam_name in exam_names}
    active = [exam for key, exam in exams.items() if key in keys and exam.is_active]
    known = {user_id for name in names if (user_id := learner(name)) is not None}
    _store(wanted, active, known)
    return outcomes


def remove(exam_id: int, user_id: int, key: str | tuple[Any, ...]) -> bool:
    """Take an allowance back; false where there was none. Time that has been used stays used."""
    stored_key = str(key[0] if isinstance(key, tuple) and key else key)
    if not is_storable(stored_key):
        return False
    with transaction.atomic():
        held = Allowance.objects.select_for_update().filter(proctored_exam_id=key_of(exam_id), user_id=key_of(user_id))
        allowance = held.filter(key=stored_key).first()
        if allowance is None:
            return False
        allowance.delete()
        events.emit_allowance(allowance, "deleted")
        if allowance.key == ADDITIONAL_TIME:
            _move_deadlines([allowance.proctored_exam], [allowance.user_id])
    return True


def follow_time_limit(exam: ProctoredExam) -> None:
    """Work out again, after the exam's time has changed, what a multiple of it is in minutes."""
    with transaction.atomic():
        multiplied = Allowance.objects.filter(proctored_exam=exam, key=ADDITIONAL_TIME, multiplier__isnull=False)
        changed = _replace(
            (allowance, minutes_on_top(exam, allowance.multiplier), allowance.multiplier)
            for allowance in multiplied.select_for_update().order_by("pk")
            if allowance.multiplier is not None
        )
        for allowance in changed:
            allowance.proctored_exam = exam
            events.emit_allowance(allowance, "updated")


def _problem(exam: ProctoredExam | None, user_id: int | None) -> ProctoredBaseException | None:
    if exam is None:
        return ProctoredExamNotFoundException()
    if user_id is None:
        return UserNotFoundException()
    return None if exam.is_active else ProctoredExamNotActiveException()


def _store(wanted: Wish, exams: Collection[ProctoredExam], user_ids: Collection[int]) -> list[Stored]:
    """Every one of ``user_ids`` has ``wanted`` for every exam, whoever else is writing at the same time."""
    if not exams or not user_ids:
        return []
    values = {exam.pk: wanted.value_for(exam) for exam in exams}
    rows = Allowance.objects.filter(proctored_exam__in=list(values), user__in=user_ids, key=wanted.key)
    with transaction.atomic():
        known = set(rows.values_list("pk", flat=True))
        _insert_or_lock(wanted, values, user_ids)
        allowances = list(rows.select_related("user", "proctored_exam").order_by("pk"))
        stored = [Stored(allowance, allowance.pk not in known) for allowance in allowances]
        _replace((allowance, values[allowance.proctored_exam_id], wanted.multiplier) for allowance in allowances)
        for one in stored:
            events.emit_allowance(one.allowance, "created" if one.created else "updated")
        if wanted.key == ADDITIONAL_TIME:
            _move_deadlines(exams, user_ids)
    return stored


def _insert_or_lock(wanted: Wish, values: dict[int, str], user_ids: Collection[int]) -> None:
    """
    The rows that are missing, written; those that are there, held until the transaction ends and not changed yet.

    In one order, so that two writers wait for each other instead of dying.
    """
    missing = [
        Allowance(
            proctored_exam_id=exam_id,
            user_id=user_id,
            key=wanted.key,
            value=values[exam_id],
            multiplier=wanted.multiplier,
        )
        for exam_id, user_id in sorted(product(values, user_ids))
    ]
    # MySQL and MariaDB find out for themselves which of the constraints is meant.
    names_target = connection.features.supports_update_conflicts_with_target
    Allowance.objects.bulk_create(
        missing,
        update_conflicts=True,
        update_fields=["modified"],
        unique_fields=ONE_OF_A_KIND if names_target else None,
    )


def _replace(changes: Iterable[tuple[Allowance, str, Decimal | None]]) -> list[Allowance]:
    """Write what differs, in one statement, and say which; the queryset archives what was there."""
    changed, now = [], timezone.now()
    for allowance, value, multiplier in changes:
        if (allowance.value, allowance.multiplier) != (value, multiplier):
            allowance.value, allowance.multiplier, allowance.modified = value, multiplier, now
            changed.append(allowance)
    if changed:
        columns = {name: _as_it_is_now(changed, name) for name in ("value", "multiplier")}
        Allowance.objects.filter(pk__in=[allowance.pk for allowance in changed]).update(modified=now, **columns)
    return changed


def _as_it_is_now(allowances: Collection[Allowance], column: str) -> Any:
    """What to write into the column: many rows have few values, so the values are told apart and not the rows."""
    rows: dict[Any, list[int]] = {}
    for allowance in allowances:
        rows.setdefault(getattr(allowance, column), []).append(allowance.pk)
    if len(rows) == 1:
        return next(iter(rows))
    return Case(*(When(pk__in=keys, then=Value(value)) for value, keys in rows.items()))


def _move_deadlines(exams: Collection[ProctoredExam], user_ids: Collection[int]) -> None:
    """
    Whoever is sitting one of the exams has the new time at once.

    Attempts that have not started are held too: one that starts at this moment waits, and sees the allowance.
    """
    by_id = {exam.pk: exam for exam in exams}
    attempts = ProctoredExamStudentAttempt.objects.select_for_update().filter(
        proctored_exam__in=list(by_id), user__in=user_ids, status__in=PRE_START | IN_PROGRESS
    )
    running = {(one.user_id, one.proctored_exam_id) for one in attempts.order_by("pk") if one.status in IN_PROGRESS}
    for user_id, exam_id in sorted(running):
        clock.reschedule(user_id, by_id[exam_id])
