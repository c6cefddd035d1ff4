"""Attempts, ids in and dicts out (contract python.md §4.5, §4.6)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from proctoring.exceptions import StudentExamAttemptDoesNotExistsException, UserNotFoundException
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.serializers import attempt_dict
from proctoring.services import attempts, consequences, exams, removal, resetting, resuming
from proctoring.statuses import COMPLETED, INCOMPLETE, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status


def create_exam_attempt(exam_id: int, user_id: int, taking_as_proctored: bool = False) -> int:
    """
    Create an attempt, registered with the vendor when ``taking_as_proctored``; its id.

    Raises ``ProctoredExamNotFoundException``, ``UserNotFoundException`` and what ``services.attempts.create`` raises.
    """
    user = get_user_model().objects.filter(pk=user_id).first()
    if user is None:
        raise UserNotFoundException
    return attempts.create(exams.by_id(exam_id), user, proctored=taking_as_proctored).pk


def get_exam_attempt_by_id(attempt_id: int) -> dict[str, Any] | None:
    """AttemptDict or None; an attempt whose time is over is closed first."""
    return _found(attempts.by_id, attempt_id)


def get_exam_attempt_by_external_id(external_id: str | None) -> dict[str, Any] | None:
    """As :func:`get_exam_attempt_by_id`. Raises ``ProctoredExamSuspiciousLookup`` where the id is not unique."""
    return _found(attempts.by_external_id, external_id)


def get_exam_attempt_by_code(attempt_code: str | None) -> dict[str, Any] | None:
    """As :func:`get_exam_attempt_by_id`. Raises ``ProctoredExamSuspiciousLookup`` where the code is not unique."""
    return _found(attempts.by_code, attempt_code)


def get_current_exam_attempt(exam_id: int, user_id: int) -> dict[str, Any] | None:
    """AttemptDict of the learner's latest attempt at the exam, or None; one whose time is over is closed first."""
    return _found(attempts.current, exam_id, user_id)


def start_exam_attempt(exam_id: int, user_id: int) -> int:
    """
    Start the learner's latest attempt, set up or not; its id.

    Raises ``StudentExamAttemptDoesNotExistsException``, ``StudentExamAttemptedAlreadyStarted`` and
    ``ProctoredExamIllegalStatusTransition``.
    """
    return attempts.start_clock(attempts.current(exam_id, user_id)).pk


def start_exam_attempt_by_code(attempt_code: str) -> int:
    """Start the attempt with this code; its id. Raises as :func:`start_exam_attempt`."""
    return attempts.start_clock(attempts.by_code(attempt_code)).pk


def stop_exam_attempt(attempt_id: int) -> int:
    """The learner asks to finish; the attempt's id. Raises as :func:`update_attempt_status`."""
    return attempts.set_status(attempts.by_id(attempt_id).pk, Status.ready_to_submit).pk


def mark_exam_attempt_timeout(attempt_id: int) -> int:
    """The time ran out now; the attempt's id. Raises as :func:`update_attempt_status`."""
    return attempts.set_status(attempts.by_id(attempt_id).pk, Status.timed_out).pk


def mark_exam_attempt_as_ready(attempt_id: int) -> int:
    """The vendor's software is up; the attempt's id. Once the exam is under way this changes nothing."""
    return attempts.mark_ready(attempts.by_id(attempt_id)).pk


def mark_exam_attempt_as_ready_to_resume(attempt_id: int) -> int:
    """The LMS lets the learner go on; the attempt's id. Raises ``ProctoredExamIllegalResumeUpdate``."""
    return resuming.approve(attempt_id, by=None).pk


def mark_exam_attempt_as_resumed(attempt_id: int) -> int:
    """The learner goes on in another attempt; this one's id. Raises ``ProctoredExamIllegalResumeUpdate``."""
    return resuming.mark_resumed(attempts.by_id(attempt_id)).pk


def is_attempt_ready_to_resume(attempt: Mapping[str, Any]) -> bool:
    """Whether the learner may go on from this AttemptDict and has not yet."""
    return bool(attempt["ready_to_resume"] and not attempt["resumed"])


def is_attempt_in_resume_process(attempt_obj: ProctoredExamStudentAttempt) -> bool:
    """Whether the learner may go on from this attempt, or has."""
    return resuming.is_in_resume_process(attempt_obj)


def is_state_transition_legal(from_status: str, to_status: str) -> bool:
    """The published rule: only a way back from completed to incomplete is illegal (contract python.md §2.3)."""
    return not (from_status in COMPLETED and to_status in INCOMPLETE)


def can_update_credit_grades_and_email(
    attempts: Iterable[Mapping[str, Any]], to_status: str, exam: Mapping[str, Any]
) -> bool:
    """
    Whether a move to ``to_status`` may touch credit, grades and mail (contract python.md §2.5).

    ``attempts`` are the AttemptDicts of all the learner's attempts at ``exam``, the moved one with its new status.
    """
    statuses = [str(attempt["status"]) for attempt in attempts]
    return consequences.gate_is_open(statuses, to_status, is_practice=exam["is_practice_exam"])


def update_attempt_status(
    attempt_id: int,
    to_status: str,
    raise_if_not_found: bool = True,
    cascade_effects: bool = True,
    timeout_timestamp: datetime | None = None,
    update_attributable_to: AbstractBaseUser | None = None,
) -> int | None:
    """
    Move an attempt as the LMS; its id, or None when it is not there and ``raise_if_not_found`` is false.

    ``timeout_timestamp`` is when the time ran out, ``update_attributable_to`` who decided. Raises
    ``StudentExamAttemptDoesNotExistsException`` and ``ProctoredExamIllegalStatusTransition``.
    """
    try:
        moved = attempts.set_status(
            attempt_id,
            to_status,
            actor=Actor.SYSTEM,
            by=update_attributable_to,
            timeout_at=timeout_timestamp,
            cascade=cascade_effects,
        )
    except StudentExamAttemptDoesNotExistsException:
        if raise_if_not_found:
            raise
        return None
    return moved.pk


def update_exam_attempt(attempt_id: int, **kwargs: Any) -> None:
    """
    Change ``is_status_acknowledged`` or ``time_remaining_seconds``.

    Raises ``ProctoredExamPermissionDenied`` for any other field, with nothing changed, and
    ``StudentExamAttemptDoesNotExistsException``.
    """
    attempts.edit(attempt_id, **kwargs)


def reset_practice_exam(exam_id: int, user_id: int, requesting_user: AbstractBaseUser) -> int:
    """
    Start a practice exam over; the id of the new attempt. Where none can be made, nothing changes.

    Raises ``ProctoredExamNotFoundException``, ``StudentExamAttemptDoesNotExistsException``,
    ``ProctoredExamIllegalStatusTransition`` and what :func:`create_exam_attempt` raises.
    """
    return resetting.reset(exams.by_id(exam_id), user_id, by=requesting_user).pk


def remove_exam_attempt(
    attempt_id: int, requesting_user: AbstractBaseUser, require_backend_removal: bool = True
) -> None:
    """
    Delete an attempt, at its vendor first; without ``require_backend_removal`` the vendor is told when it can be.

    Raises ``StudentExamAttemptDoesNotExistsException``, ``BackendProviderCannotRemoveAttempt`` and its subclass
    ``BackendProviderRemovalNotConfirmed``; nothing was changed then.
    """
    if require_backend_removal:
        removal.remove(attempt_id, by=requesting_user)
    else:
        removal.discard(attempt_id, by=requesting_user)


def _found(find: Callable[..., ProctoredExamStudentAttempt], *key: Any) -> dict[str, Any] | None:
    try:
        return attempt_dict(find(*key))
    except StudentExamAttemptDoesNotExistsException:
        return None
