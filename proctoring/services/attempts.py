"""
A learner's attempt, one verb a move. Each verb says who makes it, and which statuses it starts from.

Reinterpretations ("a timeout counts as a submission") live here, before the transition. Attempts begin in
``services.creation``, are gone on from in ``services.resuming``, and go in ``services.removal``.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proctoring import lms
from proctoring.common.prepared import Prepared
from proctoring.conf import PING_FAILURE_PASSTHROUGH_TEMPLATE, config
from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    ProctoredExamPermissionDenied,
    ProctoredExamSuspiciousLookup,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptedAlreadyStarted,
)
from proctoring.models import ProctoredExam, ProctoredExamReviewPolicy, ProctoredExamStudentAttempt
from proctoring.services import clock, consequences, outbox, timing, transitions
from proctoring.services.clock import close_if_overdue, close_overdue
from proctoring.services.creation import create, create_started, new_row, replace
from proctoring.services.transitions import change_held, change_status
from proctoring.statuses import IN_PROGRESS, PRE_START, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

__all__ = [
    "active_of",
    "by_code",
    "by_external_id",
    "by_id",
    "click_download",
    "close_if_overdue",
    "close_overdue",
    "create",
    "create_started",
    "current",
    "decline",
    "decline_others",
    "edit",
    "mark_ready",
    "own",
    "replace",
    "report_error",
    "set_status",
    "start",
    "start_clock",
    "stop",
    "submit",
]

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
EDITABLE = frozenset({"is_status_acknowledged", "time_remaining_seconds"})
SETTING_UP = frozenset({Status.created, Status.download_software_clicked})
UNFINISHED = PRE_START | IN_PROGRESS
WITH_LEARNER_AND_EXAM: Prepared[Attempt] = Prepared(
    lambda attempt_id: Attempt.objects.select_related("user", "proctored_exam").filter(pk=attempt_id), int
)
NEWEST_ACTIVE: Prepared[Attempt] = Prepared(
    lambda user_id: Attempt.objects.get_active_student_attempts(user_id).without_learner()[:1], int
)
# Polled by every learner who sits an exam, as are those of a learner.
WITH_EXAM: Prepared[Attempt] = Prepared(
    lambda attempt_id: Attempt.objects.select_related("proctored_exam").filter(pk=attempt_id), int
)


def by_id(attempt_id: int) -> Attempt:
    """The attempt, closed first if its time is over. Raises ``StudentExamAttemptDoesNotExistsException``."""
    return _present(next(iter(WITH_LEARNER_AND_EXAM(attempt_id)), None))


def own(attempt_id: int, learner: Any) -> Attempt:
    """
    As :func:`by_id`, for the learner whose attempt it is, and who is loaded already.

    Raises ``ProctoredExamPermissionDenied`` where it is somebody else's.
    """
    for attempt in WITH_EXAM(attempt_id):
        if attempt.user_id != learner.pk:
            raise ProctoredExamPermissionDenied
        attempt.user = learner
        return _present(attempt)
    raise StudentExamAttemptDoesNotExistsException


def by_code(attempt_code: str | None) -> Attempt:
    """As :func:`by_id`. Raises ``ProctoredExamSuspiciousLookup`` where several attempts have the code."""
    try:
        return _present(Attempt.objects.get_exam_attempt_by_code(attempt_code))
    except Attempt.MultipleObjectsReturned:
        raise ProctoredExamSuspiciousLookup(_("Several attempts have this code.")) from None


def by_external_id(external_id: str | None) -> Attempt:
    """As :func:`by_id`. Raises ``ProctoredExamSuspiciousLookup`` where vendors know several attempts by this id."""
    try:
        return _present(Attempt.objects.get_exam_attempt_by_external_id(external_id))
    except Attempt.MultipleObjectsReturned:
        raise ProctoredExamSuspiciousLookup(_("Several attempts have this id.")) from None


def current(exam_id: int, user_id: int) -> Attempt:
    """The learner's latest attempt at the exam, as :func:`by_id`."""
    return _present(Attempt.objects.get_current_exam_attempt(exam_id, user_id))


def active_of(user_id: int) -> Attempt | None:
    """The learner's newest attempt in progress, in any course; one whose time was over is closed and still returned."""
    attempt = next(iter(NEWEST_ACTIVE(user_id)), None)
    return close_if_overdue(attempt) if attempt else None


def _present(attempt: Attempt | None) -> Attempt:
    if attempt is None:
        raise StudentExamAttemptDoesNotExistsException
    return close_if_overdue(attempt)


def start(attempt: Attempt) -> Attempt:
    """
    The learner starts the clock; with proctoring, once the vendor has said that the set-up is done.

    Raises ``StudentExamAttemptedAlreadyStarted`` and ``ProctoredExamIllegalStatusTransition``.
    """
    if attempt.taking_as_proctored and attempt.status in SETTING_UP:
        raise ProctoredExamIllegalStatusTransition(from_status=str(attempt.status), to_status=str(Status.started))
    return start_clock(attempt, actor=Actor.LEARNER, by=attempt.user)


def start_clock(attempt: Attempt, *, actor: Actor = Actor.SYSTEM, by: AbstractBaseUser | None = None) -> Attempt:
    """The clock starts, set up or not; an attempt without any time is handed in at once. Raises as :func:`start`."""
    if attempt.status == Status.started:
        raise StudentExamAttemptedAlreadyStarted
    attempt = close_if_overdue(attempt)
    try:
        return _start_clock(attempt, actor, by)
    except StudentExamAttemptedAlreadyStarted:
        # Another one may run whose time is over, and nobody has looked.
        if not clock.close_running(attempt.user_id, attempt.proctored_exam):
            raise
    return _start_clock(attempt, actor, by)


def _start_clock(attempt: Attempt, actor: Actor, by: AbstractBaseUser | None) -> Attempt:
    with transaction.atomic():
        moved = change_held(transitions.alone(attempt.pk), Status.started, actor=actor, by=by)
        if not moved.changed:
            raise StudentExamAttemptedAlreadyStarted
        return clock.close_if_no_time(moved.attempt)


def stop(attempt: Attempt) -> Attempt:
    """The learner asks to finish; the clock keeps running until the submission."""
    return _by_learner(attempt, Status.ready_to_submit)


def submit(attempt: Attempt) -> Attempt:
    """The learner hands in."""
    return _by_learner(attempt, Status.submitted)


def decline(attempt: Attempt) -> Attempt:
    """The learner takes the exam, and the course's other graded proctored exams, without proctoring."""
    return _decline(attempt.pk, actor=Actor.LEARNER, by=attempt.user)


def click_download(attempt: Attempt) -> Attempt:
    """The learner opens the vendor's software. Raises ``ProctoredExamIllegalStatusTransition``."""
    if not attempt.proctored_exam.is_proctored:
        raise ProctoredExamIllegalStatusTransition
    return _by_learner(attempt, Status.download_software_clicked)


def report_error(attempt: Attempt) -> Attempt | None:
    """
    The learner's browser lost the vendor's application. None, and no change, once the attempt is handed in.

    What is left of the time is kept with the same move (contract rest.md §5.4). The report changes nothing either where
    operators let the vendor's failures pass, or the learner has reported as many errors at the exam as the site takes.
    """
    exam = attempt.proctored_exam
    if exam.backend and lms.switches().is_active(PING_FAILURE_PASSTHROUGH_TEMPLATE.format(exam.backend)):
        return None
    with transaction.atomic():
        if _errors_so_far(attempt) >= config.max_error_reports:
            logger.warning("One error report too many: attempt=%s", attempt.pk)
            return None
        moved = change_status(attempt.pk, Status.error, actor=Actor.LEARNER, by=attempt.user, only_from=UNFINISHED)
    return moved.attempt if moved.changed else None


def _errors_so_far(attempt: Attempt) -> int:
    """How many of the learner's attempts at the exam, which are held now, broke off."""
    of_same = Attempt.objects.filter(user_id=attempt.user_id, proctored_exam_id=attempt.proctored_exam_id)
    held = of_same.order_by("pk").select_for_update().values_list("status", "resumed")
    return sum(status == Status.error or resumed for status, resumed in held)


def mark_ready(attempt: Attempt) -> Attempt:
    """The vendor's software is up; a message that comes late changes nothing (contract rest.md §5.18)."""
    return change_status(attempt.pk, Status.ready_to_start, actor=Actor.VENDOR, only_from=SETTING_UP).attempt


def set_status(
    attempt_id: int,
    to_status: str,
    *,
    actor: Actor = Actor.SYSTEM,
    by: AbstractBaseUser | None = None,
    timeout_at: datetime | None = None,
    cascade: bool = True,
) -> Attempt:
    """
    Move an attempt on behalf of the LMS or its staff, with the published reinterpretations (contract python.md §2.2).

    ``timeout_at`` is in the current time zone where it says none. ``cascade`` says whether declining this exam declines
    the course's others too.

    Raises ``StudentExamAttemptDoesNotExistsException`` and ``ProctoredExamIllegalStatusTransition``.
    """
    try:
        target = Status(to_status)
    except ValueError:
        raise ProctoredExamIllegalStatusTransition(to_status=str(to_status)) from None
    current = Attempt.objects.filter(pk=attempt_id).values_list("status", flat=True).first()
    restarts = current in IN_PROGRESS and target in PRE_START
    if restarts or (target == Status.timed_out and not config.allow_timed_out_state):
        target = Status.submitted
    if target == Status.declined and cascade:
        return _decline(attempt_id, actor=actor, by=by)
    moved = change_status(attempt_id, target, actor=actor, by=by, at=timing.aware(timeout_at))
    return clock.close_if_no_time(moved.attempt) if target == Status.started else moved.attempt


def edit(attempt_id: int, **fields: Any) -> None:
    """
    Change what may be changed directly: ``is_status_acknowledged`` and ``time_remaining_seconds``.

    Raises ``ProctoredExamPermissionDenied`` for anything else, with nothing changed, and
    ``StudentExamAttemptDoesNotExistsException``.
    """
    if not fields.keys() <= EDITABLE:
        raise ProctoredExamPermissionDenied
    with transaction.atomic():
        attempt = transitions.locked(attempt_id)
        for name, value in fields.items():
            setattr(attempt, name, value)
        attempt.save(update_fields=list(fields))


def _decline(attempt_id: int, *, actor: Actor, by: AbstractBaseUser | None = None) -> Attempt:
    with transaction.atomic():
        moved = change_status(attempt_id, Status.declined, actor=actor, by=by)
        exam = moved.attempt.proctored_exam
        # Only declining a graded proctored exam says anything about the others (docs/differences.rst).
        if moved.changed and exam.is_proctored and not exam.is_practice_exam:
            outbox.write([consequences.decline_of_others(moved.attempt)])
    return moved.attempt


def decline_others(payload: Mapping[str, Any]) -> None:
    """Decline what the learner has not finished of the course's other graded proctored exams; an effect."""
    course = ProctoredExam.get_all_exams_for_course(payload["course_id"], active_only=True, proctored_exams_only=True)
    others = list(course.exclude(pk=payload["exam_id"]).order_by("pk"))
    untouched = [exam for exam in others if not _declined_too(exam, payload["user_id"])]
    if untouched:
        _decline_untouched(untouched, payload["user_id"])


def _decline_untouched(exams: list[ProctoredExam], user_id: int) -> None:
    # Held, so that the learner does not begin one of them at this moment.
    user = get_user_model()._default_manager.select_for_update().filter(pk=user_id).first()
    if user is None:
        return
    for exam in exams:
        if not _declined_too(exam, user_id):
            policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(exam.pk)
            attempt = new_row(exam, user, policy, proctored=False, carried=None)
            change_held(attempt, Status.declined, actor=Actor.SYSTEM)


def _declined_too(exam: ProctoredExam, user_id: int) -> bool:
    """Whether there is an attempt, which is now declined unless it was finished before."""
    attempt = Attempt.objects.get_current_exam_attempt(exam.pk, user_id)
    if attempt is None:
        return False
    change_status(close_if_overdue(attempt).pk, Status.declined, actor=Actor.SYSTEM, only_from=UNFINISHED)
    return True


def _by_learner(attempt: Attempt, target: Status) -> Attempt:
    return change_status(attempt.pk, target, actor=Actor.LEARNER, by=attempt.user).attempt
