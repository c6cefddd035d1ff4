"""Course staff let a learner begin an exam again, as if nothing had been (contract rest.md §5.7)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proctoring.exceptions import BackendProviderCannotRemoveAttempt, StudentExamAttemptDoesNotExistsException
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import consequences, removal

HALF_DONE = _(
    "%(removed)s of %(number)s attempts were removed; the proctoring service could not remove the next one. "
    "Please try again later."
)


def _nobody_listens(attempt: ProctoredExamStudentAttempt) -> None:
    """Most callers need not know which attempts went."""


@dataclass(frozen=True)
class Removal:
    """How many attempts would go, how many of them a vendor is asked for first, and what would follow."""

    attempts: int
    asked_for: int
    effects: list[OutboxMessage]


def remove_all(
    exam_id: int,
    user_id: int,
    *,
    by: AbstractBaseUser | None,
    removed: Callable[[ProctoredExamStudentAttempt], object] = _nobody_listens,
) -> bool:
    """
    Remove every attempt of the learner at the exam, whatever its status; whether there was any.

    The oldest goes first, each by itself: where a vendor refuses, that attempt and the later ones stay, and doing it
    again removes them. Raises as ``removal.remove``, with a sentence that says how many went before, and as that never
    within a transaction. ``removed`` is called with each attempt that went, right afterwards.
    """
    going = list(_attempts(exam_id, user_id))
    for number, attempt in enumerate(going):
        try:
            removal.remove(attempt.pk, by=by)
        except StudentExamAttemptDoesNotExistsException:
            # Somebody else may be removing the same ones.
            continue
        except BackendProviderCannotRemoveAttempt as refusal:
            if number:
                refusal.message = HALF_DONE % {"removed": number, "number": len(going)}
            raise
        removed(attempt)
    return bool(going)


def foreseen(exam_id: int, user_id: int, *, by: AbstractBaseUser | None) -> Removal:
    """What :func:`remove_all` would come to, with nobody asked and nothing changed."""
    going = list(_attempts(exam_id, user_id).select_related("proctored_exam"))
    asked_for = sum(bool(removal.known_to_vendor_as(attempt)) for attempt in going)
    effects = [effect for attempt in going for effect in consequences.of_removal(attempt, by)]
    return Removal(len(going), asked_for, effects)


def _attempts(exam_id: int, user_id: int) -> "QuerySet[ProctoredExamStudentAttempt]":
    rows = ProctoredExamStudentAttempt.objects.filter(user_id=user_id, proctored_exam_id=exam_id)
    return rows.order_by("created", "pk")
