"""
The only writer of an attempt's status.

A change locks the row, asks the table whether this actor may make it, stamps times, writes history, and commits
together with the list of what follows from it. Nothing else in the code base assigns a status.
"""

import copy
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import QuerySet, Subquery
from django.utils import timezone

from proctoring.common.announce import announce
from proctoring.common.audit import ActorKind
from proctoring.common.prepared import Prepared
from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptedAlreadyStarted,
)
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import audit, consequences, events, outbox, timing
from proctoring.services.vendors import supports_onboarding
from proctoring.signals import exam_attempt_status_signal
from proctoring.statuses import ATTEMPT_MACHINE, IN_PROGRESS, REVIEWED, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

SIGNAL_SENDER = "edx_proctoring"


@dataclass(frozen=True)
class Transition:
    """What came of a request to change a status: the fresh attempt, where it was, and whether anything changed."""

    attempt: ProctoredExamStudentAttempt
    source: str
    changed: bool


@dataclass(frozen=True)
class Foreseen:
    """What an attempt would be like after a move, and what would follow from that."""

    attempt: ProctoredExamStudentAttempt
    effects: list[OutboxMessage]


def locked(attempt_id: int) -> ProctoredExamStudentAttempt:
    """The attempt, held until the running transaction ends. Raises when there is none."""
    for attempt in HELD(attempt_id):
        return attempt
    raise StudentExamAttemptDoesNotExistsException


def held(*also: str, **which: Any) -> "QuerySet[ProctoredExamStudentAttempt]":
    """
    Attempts, held in the order of their ids, so that two who want several of them take turns.

    Their exams, which every move asks for, and what ``also`` names are loaded at once where that can be done without
    holding those: a whole class moves at once.
    """
    rows = ProctoredExamStudentAttempt.objects.filter(**which).order_by("pk")
    if not connection.features.has_select_for_update_of:
        return rows.select_for_update()
    return rows.select_related("proctored_exam", *also).select_for_update(of=("self",))


def _held_with_others(attempt_id: int) -> "QuerySet[ProctoredExamStudentAttempt]":
    named = ProctoredExamStudentAttempt.objects.filter(pk=attempt_id)
    return held(**{name: Subquery(named.values(name)) for name in ("user_id", "proctored_exam_id")})


HELD_WITH_OTHERS: Prepared[ProctoredExamStudentAttempt] = Prepared(_held_with_others, int)
HELD: Prepared[ProctoredExamStudentAttempt] = Prepared(lambda attempt_id: held(pk=attempt_id), int)


def alone(attempt_id: int) -> ProctoredExamStudentAttempt:
    """As :func:`locked`, together with the learner's others at the exam, of which none may be running."""
    found = {attempt.pk: attempt for attempt in HELD_WITH_OTHERS(attempt_id)}
    attempt = found.pop(attempt_id, None)
    if attempt is None:
        raise StudentExamAttemptDoesNotExistsException
    if attempt.status not in IN_PROGRESS and any(other.status in IN_PROGRESS for other in found.values()):
        raise StudentExamAttemptedAlreadyStarted
    return attempt


def change_status(
    attempt_id: int,
    target: Status,
    *,
    actor: Actor,
    by: AbstractBaseUser | None = None,
    at: datetime | None = None,
    only_from: Collection[str] | None = None,
) -> Transition:
    """
    Move an attempt to ``target``; what follows from it is committed with it and done after commit.

    ``by`` is the person behind the move, ``at`` the instant it counts from. The same status again, or a status outside
    ``only_from``, changes nothing. Raises ``StudentExamAttemptDoesNotExistsException``,
    ``ProctoredExamIllegalStatusTransition``, and ``StudentExamAttemptedAlreadyStarted`` where another attempt of the
    learner at the exam is running.
    """
    with transaction.atomic():
        attempt = alone(attempt_id) if target in IN_PROGRESS else locked(attempt_id)
        return change_held(attempt, target, actor=actor, by=by, at=at, only_from=only_from)


def change_held(
    attempt: ProctoredExamStudentAttempt,
    target: Status,
    *,
    actor: Actor,
    by: AbstractBaseUser | None = None,
    at: datetime | None = None,
    only_from: Collection[str] | None = None,
) -> Transition:
    """
    :func:`change_status`, for who holds the attempt as it is stored, and holds it :func:`alone` where it is to run.
    """
    moved = _move(attempt, target, actor=actor, by=by, at=at, only_from=only_from)
    if moved.changed:
        announce_status(moved.attempt, full_name=None, profile_name=None)
    return moved


def foreseen(
    attempt: ProctoredExamStudentAttempt, target: Status, *, actor: Actor, by: AbstractBaseUser | None
) -> Foreseen:
    """What a change of status would come to, with nothing changed. Raises ``ProctoredExamIllegalStatusTransition``."""
    moved = copy.copy(attempt)
    _check(attempt.status, target, actor)
    _apply(moved, target, timezone.now())
    return Foreseen(moved, consequences.of(moved, attempt.status, by, attempt.external_id))


def refuse_onboarding(attempt_id: int, status: Status, *, full_name: str, profile_name: str) -> None:
    """The vendor will not have a new attempt before its onboarding: it is announced as it begins (contract §2.14)."""
    with transaction.atomic():
        moved = _move(locked(attempt_id), status, actor=Actor.SYSTEM, by=None, at=None, only_from=None)
        announce_status(moved.attempt, full_name=full_name, profile_name=profile_name)


def _move(
    attempt: ProctoredExamStudentAttempt,
    target: Status,
    *,
    actor: Actor,
    by: AbstractBaseUser | None,
    at: datetime | None,
    only_from: Collection[str] | None,
) -> Transition:
    source, vendors_id = attempt.status, attempt.external_id
    if source == target or (only_from is not None and source not in only_from):
        return Transition(attempt, source, changed=False)
    _check(source, target, actor)
    fields = _apply(attempt, target, at or timezone.now())
    attempt._history_user = by
    attempt._change_reason = f"{actor}: {source} -> {target}"
    attempt.save(update_fields=fields)
    outbox.write(consequences.of(attempt, source, by, vendors_id))
    if _is_decision(attempt, source, actor, by):
        _put_on_record(attempt, source, actor, by)
    logger.info("Attempt moved: attempt=%s from=%s to=%s actor=%s", attempt.pk, source, target, actor)
    return Transition(attempt, source, changed=True)


def _is_decision(attempt: ProctoredExamStudentAttempt, source: str, actor: Actor, by: AbstractBaseUser | None) -> bool:
    """Whether somebody has decided about the learner: no move of their own, of the clock or of a vendor's watching."""
    if actor == Actor.VENDOR:
        return attempt.status in REVIEWED | {Status.error}
    if actor == Actor.SYSTEM and by is None:
        # An operator's command, or the LMS's own code: neither clock nor learner touches a verdict.
        return not REVIEWED.isdisjoint({source, attempt.status})
    return actor == Actor.STAFF or (by is not None and by.pk != attempt.user_id)


def _put_on_record(
    attempt: ProctoredExamStudentAttempt, source: str, actor: Actor, by: AbstractBaseUser | None
) -> None:
    who = ActorKind.VENDOR if actor == Actor.VENDOR else by
    facts = {"from_status": audit.code(source), "to_status": audit.code(attempt.status), "as": audit.code(actor)}
    audit.record("attempt.moved", attempt, actor=who, **facts)


def create(status: Status = Status.created, **fields: Any) -> ProctoredExamStudentAttempt:
    """A new attempt row in its first status. Nothing is announced: that is for whoever knows that it will stay."""
    return ProctoredExamStudentAttempt.objects.create(status=status, **fields)


def announce_status(attempt: ProctoredExamStudentAttempt, *, full_name: str | None, profile_name: str | None) -> None:
    """Tell whoever listens, after commit, where an attempt stands (contract python.md §2.14, §8.6)."""
    exam = attempt.proctored_exam
    events.emit(exam, str(attempt.status), attempt)
    announce(
        exam_attempt_status_signal,
        SIGNAL_SENDER,
        attempt_id=attempt.pk,
        user_id=attempt.user_id,
        status=str(attempt.status),
        full_name=full_name,
        profile_name=profile_name,
        is_practice_exam=exam.is_practice_exam,
        is_proctored=attempt.taking_as_proctored,
        backend_supports_onboarding=supports_onboarding(exam),
    )


def _check(source: str, target: Status, actor: Actor) -> None:
    try:
        known = Status(source)
    except ValueError:
        # A status of an old release: only people of ours and the system may move the attempt out of it.
        allowed = actor in {Actor.STAFF, Actor.SYSTEM}
    else:
        allowed = ATTEMPT_MACHINE.allows(known, target, actor)
    if not allowed:
        raise ProctoredExamIllegalStatusTransition(from_status=str(source), to_status=str(target))


def _apply(attempt: ProctoredExamStudentAttempt, target: Status, at: datetime) -> list[str]:
    """
    Set the fields that go with ``target`` (contract python.md §2.4, §2.9); the names of those that may have changed.
    """
    changes: dict[str, Any] = {"status": target}
    if target == Status.started and attempt.started_at is None:
        end = timing.end_when_started(attempt, at)
        changes |= {"started_at": at, "deadline_at": end, "allowed_time_limit_mins": timing.whole_minutes(end - at)}
    elif target == Status.submitted and attempt.completed_at is None:
        # A timeout is told by others' clocks too: nobody finishes before they start.
        changes["completed_at"] = max(at, attempt.started_at or at)
    elif target == Status.declined:
        changes |= {"taking_as_proctored": False, "external_id": None}
    elif target == Status.error and attempt.status in IN_PROGRESS:
        changes["time_remaining_seconds"] = int(timing.time_remaining_seconds(attempt, at))
    changes |= _resumability(attempt, target)
    for name, value in changes.items():
        setattr(attempt, name, value)
    return list(changes)


def _resumability(attempt: ProctoredExamStudentAttempt, target: Status) -> dict[str, bool]:
    if target == Status.submitted or attempt.ready_to_resume or attempt.resumed:
        return {"is_resumable": False}
    # Only an attempt that was never handed in can go on later (docs/differences.rst).
    if target == Status.error and attempt.completed_at is None:
        return {"is_resumable": True}
    return {}
