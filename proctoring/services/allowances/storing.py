"""
Writing allowances down: many of one kind at once, what was there before kept, running attempts given the time.

The number of statements does not grow with the number of pairs, but for learners whose clock runs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance, ProctoredExamStudentAttempt
from proctoring.services import audit, clock, events
from proctoring.services.allowances.values import ADDITIONAL_TIME, Content, Wish
from proctoring.statuses import IN_PROGRESS, PRE_START

Allowance = ProctoredExamStudentAllowance
# The ids of an exam and of a learner.
Pair = tuple[int, int]
ONE_OF_A_KIND = ["user", "proctored_exam", "key"]


@dataclass(frozen=True, slots=True)
class Stored:
    """An allowance as it is now, and whether the learner had none of its kind for the exam before."""

    allowance: Allowance
    created: bool


def store(wishes: Mapping[Pair, Wish], exams: Mapping[int, ProctoredExam], by: Any = None) -> list[Stored]:
    """
    Every pair has what is wished for it, whoever else is writing at the same time.

    All wishes have the same key; ``exams`` has the exam of each, by primary key. ``by`` is the person who grants it.
    """
    if not wishes:
        return []
    [key] = {wish.key for wish in wishes.values()}
    contents = {pair: wish.content_for(exams[pair[0]]) for pair, wish in wishes.items()}
    rows = Allowance.objects.filter(among(contents), key=key)
    with transaction.atomic():
        known = set(rows.values_list("pk", flat=True))
        _insert_or_lock(key, contents)
        allowances = list(rows.select_related("user", "proctored_exam").order_by("pk"))
        stored = [Stored(allowance, allowance.pk not in known) for allowance in allowances]
        changed = replace((one, contents[one.proctored_exam_id, one.user_id]) for one in allowances)
        _put_on_record(stored, {allowance.pk for allowance in changed}, by)
        for one in stored:
            events.emit_allowance(one.allowance, "created" if one.created else "updated")
        if key == ADDITIONAL_TIME:
            move_deadlines(contents, exams)
    return stored


def _put_on_record(stored: Iterable[Stored], changed: Collection[int], by: Any) -> None:
    """What is granted or changed now; the value may be personal, and stands in the allowance's own archive."""
    audit.write(
        audit.entry(
            "allowance.granted" if one.created else "allowance.changed",
            one.allowance,
            actor=by,
            **facts_of(one.allowance),
        )
        for one in stored
        if one.created or one.allowance.pk in changed
    )


def facts_of(allowance: Allowance) -> dict[str, Any]:
    """What the audit log says of an allowance."""
    return {"exam": allowance.proctored_exam_id, "learner": allowance.user_id, "kind": audit.code(allowance.key)}


def among(pairs: Iterable[Pair]) -> Q:
    """
    The condition of being about one of ``pairs``.

    Exams of the same learners go together: all of some learners at all of some exams are one condition, however many.
    """
    people: dict[int, set[int]] = defaultdict(set)
    for exam_id, user_id in pairs:
        people[exam_id].add(user_id)
    exams: dict[frozenset[int], list[int]] = defaultdict(list)
    for exam_id, user_ids in people.items():
        exams[frozenset(user_ids)].append(exam_id)
    return reduce(or_, (Q(proctored_exam__in=ids, user__in=user_ids) for user_ids, ids in exams.items()))


def replace(changes: Iterable[tuple[Allowance, Content]]) -> list[Allowance]:
    """Write what differs, in one statement, and say which; the queryset archives what was there."""
    changed, now = [], timezone.now()
    for allowance, (value, multiplier) in changes:
        if (allowance.value, allowance.multiplier) != (value, multiplier):
            allowance.value, allowance.multiplier, allowance.modified = value, multiplier, now
            changed.append(allowance)
    if changed:
        columns = {name: _as_it_is_now(changed, name) for name in ("value", "multiplier")}
        Allowance.objects.filter(pk__in=[allowance.pk for allowance in changed]).update(modified=now, **columns)
    return changed


def move_deadlines(pairs: Iterable[Pair], exams: Mapping[int, ProctoredExam]) -> None:
    """
    Whoever of ``pairs`` is sitting the exam has the new time at once.

    Attempts that have not started are held too: one that starts at this moment waits, and sees the allowance.
    """
    attempts = ProctoredExamStudentAttempt.objects.select_for_update().filter(
        among(pairs), status__in=PRE_START | IN_PROGRESS
    )
    running = {(one.user_id, one.proctored_exam_id) for one in attempts.order_by("pk") if one.status in IN_PROGRESS}
    for user_id, exam_id in sorted(running):
        clock.reschedule(user_id, exams[exam_id])


def _insert_or_lock(key: str, contents: Mapping[Pair, Content]) -> None:
    """
    The rows that are missing, written; those that are there, held until the transaction ends and not changed yet.

    In one order, so that two writers wait for each other instead of dying.
    """
    missing = [
        Allowance(proctored_exam_id=exam_id, user_id=user_id, key=key, value=value, multiplier=multiplier)
        for (exam_id, user_id), (value, multiplier) in sorted(contents.items(), key=lambda item: item[0])
    ]
    # MySQL and MariaDB find out for themselves which of the constraints is meant.
    names_target = connection.features.supports_update_conflicts_with_target
    Allowance.objects.bulk_create(
        missing,
        update_conflicts=True,
        update_fields=["modified"],
        unique_fields=ONE_OF_A_KIND if names_target else None,
    )


def _as_it_is_now(allowances: Collection[Allowance], column: str) -> Any:
    """What to write into the column: many rows have few values, so the values are told apart and not the rows."""
    rows: dict[Any, list[int]] = {}
    for allowance in allowances:
        rows.setdefault(getattr(allowance, column), []).append(allowance.pk)
    if len(rows) == 1:
        return next(iter(rows))
    return Case(*(When(pk__in=keys, then=Value(value)) for value, keys in rows.items()))
