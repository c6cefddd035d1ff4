"""
The legacy vendor's browser opens the exam (contract rest.md §5.21).

The first time that means: set up. Opening it again while the exam runs hands it in.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from proctoring.backends import launch
from proctoring.common.signing import SignatureError
from proctoring.exceptions import StudentExamAttemptDoesNotExistsException
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import attempts, legacy, links, timing
from proctoring.services.transitions import change_status
from proctoring.services.vendors import backend_name
from proctoring.statuses import IN_PROGRESS, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

# Between coming in and starting the clock.
SETTING_UP_TIME = timedelta(hours=12)


@dataclass(frozen=True)
class Pass:
    """What lets a browser see the exam: the cookie's value before it is signed, and for how many seconds it counts."""

    value: str
    seconds: int


def attempt_at(attempt_code: str, signature: str) -> ProctoredExamStudentAttempt:
    """
    The attempt at an address that the legacy vendor got from us; ``signature`` is empty where the address has none.

    Raises ``StudentExamAttemptDoesNotExistsException`` and ``SignatureError``.
    """
    attempt, is_live = legacy.attempt_by_code(attempt_code)
    if not is_live:
        raise StudentExamAttemptDoesNotExistsException
    backend = backend_name(attempt.proctored_exam)
    if not legacy.allows_unsigned(backend) and not launch.is_signed(attempt_code, signature):
        reason = "mismatch" if signature else "missing"
        logger.warning("A launch was refused for its signature: backend=%s reason=%s", backend, reason)
        raise SignatureError(reason)
    return attempts.close_if_overdue(attempt)


def enter(attempt: ProctoredExamStudentAttempt) -> None:
    """
    Move the attempt as a launch does. What follows is decided by where ``attempt`` was when it was looked up, so that
    of two launches at once none sees what the other did as a second one.
    """
    if attempt.status in IN_PROGRESS:
        change_status(attempt.pk, Status.submitted, actor=Actor.VENDOR, only_from=IN_PROGRESS)
    else:
        attempts.mark_ready(attempt)


def pass_for(attempt: ProctoredExamStudentAttempt) -> Pass:
    """The pass of the attempt's learner: for setting up, and for the whole of their time."""
    minutes = timing.allowed_minutes(attempt.proctored_exam, attempt.user_id, None, attempt.time_remaining_seconds)
    lifetime = SETTING_UP_TIME + timedelta(minutes=minutes)
    value = launch.pass_for(attempt.pk, attempt.user_id, timezone.now() + lifetime)
    return Pass(value, int(lifetime.total_seconds()))


def destination(attempt: ProctoredExamStudentAttempt) -> str:
    """Path of the exam in the host; empty, and said in the log, where the host has no such page."""
    exam = attempt.proctored_exam
    path = links.jump_to(exam.course_id, exam.content_id)
    if not path:
        logger.error("The host has no page jump_to to send the vendor's browser to: attempt=%s", attempt.pk)
    return path
