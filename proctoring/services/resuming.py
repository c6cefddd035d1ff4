"""
Going on with an exam that broke off: an attempt in error, approved by course staff, followed by a new one that inherits
the time left (contract python.md §2.9, §2.10).
"""

import logging

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from proctoring.exceptions import ProctoredExamIllegalResumeUpdate
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import audit
from proctoring.services.transitions import locked

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt


def is_in_resume_process(attempt: Attempt) -> bool:
    """Whether the attempt was approved for going on, or has been gone on from."""
    return attempt.ready_to_resume or attempt.resumed


def approve(attempt_id: int, *, by: AbstractBaseUser | None) -> Attempt:
    """
    Course staff, or the LMS, let the learner go on. Learners have no verb for this.

    Raises ``ProctoredExamIllegalResumeUpdate`` and ``StudentExamAttemptDoesNotExistsException``.
    """
    with transaction.atomic():
        attempt = locked(attempt_id)
        if not attempt.is_resumable:
            raise ProctoredExamIllegalResumeUpdate
        attempt.ready_to_resume, attempt.is_resumable = True, False
        _save(attempt, by, "ready to resume")
        audit.record("attempt.resume_approved", attempt, actor=by)
    logger.info("Attempt may be resumed: attempt=%s", attempt.pk)
    return attempt


def mark_resumed(attempt: Attempt) -> Attempt:
    """A new attempt goes on from this one. Raises as :func:`approve`."""
    with transaction.atomic():
        current = locked(attempt.pk)
        if not is_in_resume_process(current):
            raise ProctoredExamIllegalResumeUpdate
        current.resumed, current.is_resumable = True, False
        _save(current, None, "resumed")
    return current


def take_back(attempt_id: int) -> None:
    """The attempt that was to go on from this one could not be registered: it may be tried again."""
    with transaction.atomic():
        attempt = locked(attempt_id)
        attempt.resumed, attempt.ready_to_resume = False, True
        _save(attempt, None, "not resumed after all")


def _save(attempt: Attempt, by: AbstractBaseUser | None, why: str) -> None:
    attempt._history_user = by
    attempt._change_reason = why
    attempt.save(update_fields=["is_resumable", "ready_to_resume", "resumed"])
