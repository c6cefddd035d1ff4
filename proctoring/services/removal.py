"""
Attempts that go: here, at their vendor, and in what the LMS keeps because of them (contract since_6_1.md 4-8).

Deleting an exam or a learner deletes attempts too; nobody is told of that.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from proctoring.common.audit import AbstractAuditEntry
from proctoring.common.batches import FAILED
from proctoring.exceptions import BackendProviderRemovalNotConfirmed, StudentExamAttemptDoesNotExistsException
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import audit, consequences, events, outbox, transitions, vendors
from proctoring.services.vendors import backend_name
from proctoring.statuses import COMPLETED, ONBOARDING_ERRORS, OUTSIDE, PRE_START, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
# What the LMS keeps nothing of, and learners have done nothing in, as long as the clock has not started.
UNTOUCHED = PRE_START | ONBOARDING_ERRORS | OUTSIDE | {Status.eligible}
REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the attempts that an operator has listed may go: those at ``exams`` (None: at any), begun or not."""

    exams: Collection[int] | None = None
    begun_too: bool = False

    def refusal(self, attempt: Attempt | None) -> str:
        """Why the attempt may not go; empty where it may."""
        if attempt is None:
            return "there is no such attempt"
        if self.exams is not None and attempt.proctored_exam_id not in self.exams:
            return "the attempt is at an exam of another course"
        if not self.begun_too and _is_begun(attempt):
            return "the attempt has been begun, or something has come of it"
        return ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of listed attempts: ``counts`` by outcome and by exam; ``refused`` says of which not, and why."""

    counts: Mapping[str, int]
    refused: Mapping[int, str]


def remove(attempt_id: int, *, by: AbstractBaseUser | None) -> None:
    """
    Delete an attempt, at its vendor first: while the vendor has it, we have it.

    Talks to the vendor, so never within a transaction. Raises ``BackendProviderCannotRemoveAttempt``, its subclass
    ``BackendProviderRemovalNotConfirmed``, and ``StudentExamAttemptDoesNotExistsException``.
    """
    attempt = Attempt.objects.get_exam_attempt_by_id(attempt_id)
    if attempt is None:
        raise StudentExamAttemptDoesNotExistsException
    exam, known_as = attempt.proctored_exam, known_to_vendor_as(attempt)
    if known_as and not vendors.remove_attempt(backend_name(exam), exam.external_id, known_as):
        logger.error("A vendor did not confirm a removal: attempt=%s", attempt.pk)
        raise BackendProviderRemovalNotConfirmed
    _delete(attempt.pk, by, forgotten=known_as)


def discard(attempt_id: int, *, by: AbstractBaseUser | None) -> None:
    """
    Delete an attempt now and have its vendor told whenever that can be reached.

    Raises ``StudentExamAttemptDoesNotExistsException``.
    """
    _delete(attempt_id, by, forgotten="")


def retire(attempt_id: int, *, by: AbstractBaseUser | None) -> None:
    """
    Another attempt has taken this one's place: one that waits for its review goes, any other is marked as reset.

    What is gone, or was verified meanwhile, is left alone.
    """
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update().filter(pk=attempt_id).first()
        if attempt is None:
            return
        events.emit(attempt.proctored_exam, "reset_practice_exam", attempt)
        if attempt.status == Status.submitted:
            discard(attempt_id, by=by)
        else:
            over = (COMPLETED | OUTSIDE) - {Status.verified}
            transitions.change_status(attempt_id, Status.onboarding_reset, actor=Actor.SYSTEM, by=by, only_from=over)


def clear_onboarding_errors(payload: Mapping[str, Any]) -> None:
    """Delete a learner's attempts that one vendor refused for want of onboarding, which now is done; an effect."""
    before = datetime.fromisoformat(payload["before"])
    refused = Attempt.objects.filter(user_id=payload["user_id"], status__in=ONBOARDING_ERRORS, created__lt=before)
    held = [
        attempt
        for attempt in refused.order_by("pk").select_for_update()
        if backend_name(attempt.proctored_exam) == payload["backend"]
    ]
    # Written together, so that the vendor is told in one pass, which ends where it cannot be reached.
    outbox.write(_for_vendor(held, forgotten=""))
    audit.write(_removal_of(attempt, None) for attempt in held)
    for attempt in held:
        _delete_row(attempt, None)


def remove_listed(attempt_ids: Collection[int], scope: Scope) -> Listed:
    """
    Delete attempts that an operator has listed, together; vendors are told when they can be reached.

    Where something was begun, the LMS forgets what it keeps because of it, as in :func:`remove`. One row that fails
    never stops the others. Reading takes the same few statements however many rows there are; a row's deletion takes
    three: its own, its history's and its review's.
    """
    counts: Counter[str] = Counter()
    messages: list[OutboxMessage] = []
    entries: list[AbstractAuditEntry] = []
    with transaction.atomic():
        chosen, refused = _chosen(Attempt.objects.select_for_update(), attempt_ids, scope)
        for attempt in chosen:
            # Made before, since a deleted row has lost its key.
            said = [*_from_removal(attempt), *_for_vendor([attempt], forgotten="")]
            entry = _removal_of(attempt, None)
            outcome = _removed(attempt)
            counts.update(outcome)
            if REMOVED in outcome:
                messages += said
                entries.append(entry)
        # Written together, so that the vendor is told in one pass, which ends where it cannot be reached.
        outbox.write(messages)
        audit.write(entries)
    logger.info("Attempts removed: attempts=%d refused=%d", counts[REMOVED], len(refused))
    return Listed(counts, refused)


def rehearse_removing(attempt_ids: Collection[int], scope: Scope) -> Listed:
    """What :func:`remove_listed` would come to, with nothing changed."""
    chosen, refused = _chosen(Attempt.objects.all(), attempt_ids, scope)
    counts: Counter[str] = Counter()
    for attempt in chosen:
        counts.update(_tally(attempt))
    return Listed(counts, refused)


def _chosen(
    rows: "QuerySet[Attempt]", attempt_ids: Collection[int], scope: Scope
) -> tuple[list[Attempt], dict[int, str]]:
    found = {row.pk: row for row in rows.filter(pk__in=attempt_ids).order_by("pk").prefetch_related("proctored_exam")}
    refusals = {attempt_id: scope.refusal(found.get(attempt_id)) for attempt_id in attempt_ids}
    refused = {attempt_id: why for attempt_id, why in refusals.items() if why}
    return [attempt for attempt in found.values() if attempt.pk not in refused], refused


def _is_begun(attempt: Attempt) -> bool:
    return attempt.started_at is not None or attempt.status not in UNTOUCHED


def _from_removal(attempt: Attempt) -> list[OutboxMessage]:
    return consequences.of_removal(attempt, None) if _is_begun(attempt) else []


def _removed(attempt: Attempt) -> Mapping[str, int]:
    attempt_id, tally = attempt.pk, _tally(attempt)
    try:
        with transaction.atomic():
            events.emit(attempt.proctored_exam, "deleted", attempt)
            _delete_row(attempt, None)
    except Exception as error:
        # Whatever is wrong with one row, the others go.
        logger.error("An attempt could not be removed: attempt=%s error=%s", attempt_id, type(error).__name__)
        return {FAILED: 1}
    return tally


def _tally(attempt: Attempt) -> Mapping[str, int]:
    return {REMOVED: 1, f"at exam {attempt.proctored_exam_id}": 1}


def _delete(attempt_id: int, by: AbstractBaseUser | None, *, forgotten: str) -> None:
    with transaction.atomic():
        attempt = transitions.locked(attempt_id)
        outbox.write(consequences.of_removal(attempt, by))
        events.emit(attempt.proctored_exam, "deleted", attempt)
        outbox.write(_for_vendor([attempt], forgotten=forgotten))
        if by is None or by.pk != attempt.user_id:
            # Learners who start over decide about nobody.
            audit.write([_removal_of(attempt, by)])
        _delete_row(attempt, by)
    logger.info("Attempt removed: attempt=%s", attempt_id)


def _for_vendor(attempts: Iterable[Attempt], *, forgotten: str) -> list[OutboxMessage]:
    """What the vendor is told of held rows; ``forgotten`` is the vendor's id that the vendor has forgotten already."""
    known = [(attempt, known_to_vendor_as(attempt)) for attempt in attempts]
    return [consequences.vendor_removal(attempt, name) for attempt, name in known if name and name != forgotten]


def _removal_of(attempt: Attempt, by: AbstractBaseUser | None) -> AbstractAuditEntry:
    """The entry of an attempt that goes; made before, since a deleted row has lost its key."""
    facts = {"exam": attempt.proctored_exam_id, "learner": attempt.user_id, "status": audit.code(attempt.status)}
    return audit.entry("attempt.removed", attempt, actor=by, **facts)


def _delete_row(attempt: Attempt, by: AbstractBaseUser | None) -> None:
    attempt._history_user = by
    attempt._change_reason = "removed"
    attempt.delete()


def known_to_vendor_as(attempt: Attempt) -> str:
    """The vendor's id of an attempt; empty where there is nothing at any vendor."""
    return (attempt.external_id or "") if attempt.proctored_exam.is_proctored else ""
