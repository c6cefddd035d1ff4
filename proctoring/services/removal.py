"""
Attempts that go: here, at their vendor, and in what the LMS keeps because of them (contract since_6_1.md 4-8).

Deleting an exam or a learner deletes attempts too; nobody is told of that.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from proctoring.exceptions import BackendProviderRemovalNotConfirmed, StudentExamAttemptDoesNotExistsException
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import consequences, events, outbox, transitions, vendors
from proctoring.services.vendors import backend_name
from proctoring.statuses import COMPLETED, ONBOARDING_ERRORS, OUTSIDE, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt


def remove(attempt_id: int, *, by: AbstractBaseUser | None) -> None:
    """
    Delete an attempt, at its vendor first: while the vendor has it, we have it.

    Talks to the vendor, so never within a transaction. Raises ``BackendProviderCannotRemoveAttempt``, its subclass
    ``BackendProviderRemovalNotConfirmed``, and ``StudentExamAttemptDoesNotExistsException``.
    """
    attempt = Attempt.objects.get_exam_attempt_by_id(attempt_id)
    if attempt is None:
        raise StudentExamAttemptDoesNotExistsException
    exam, known_as = attempt.proctored_exam, _known_to_vendor_as(attempt)
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
    for attempt in held:
        _delete_row(attempt, None)


def _delete(attempt_id: int, by: AbstractBaseUser | None, *, forgotten: str) -> None:
    with transaction.atomic():
        attempt = transitions.locked(attempt_id)
        outbox.write(consequences.of_removal(attempt, by))
        events.emit(attempt.proctored_exam, "deleted", attempt)
        outbox.write(_for_vendor([attempt], forgotten=forgotten))
        _delete_row(attempt, by)
    logger.info("Attempt removed: attempt=%s", attempt_id)


def _for_vendor(attempts: Iterable[Attempt], *, forgotten: str) -> list[OutboxMessage]:
    """What the vendor is told of held rows; ``forgotten`` is the vendor's id that the vendor has forgotten already."""
    known = [(attempt, _known_to_vendor_as(attempt)) for attempt in attempts]
    return [consequences.vendor_removal(attempt, name) for attempt, name in known if name and name != forgotten]


def _delete_row(attempt: Attempt, by: AbstractBaseUser | None) -> None:
    attempt._history_user = by
    attempt._change_reason = "removed"
    attempt.delete()


def _known_to_vendor_as(attempt: Attempt) -> str:
    """The vendor's id of an attempt; empty where there is nothing at any vendor."""
    return (attempt.external_id or "") if attempt.proctored_exam.is_proctored else ""
