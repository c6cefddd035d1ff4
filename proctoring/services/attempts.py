"""
A learner's attempt, one verb a move. Each verb says who makes it, and which statuses it starts from.

Reinterpretations ("a timeout counts as a submission") live here, before the transition.
"""

import logging
import uuid
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from proctoring.conf import config
from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    ProctoredExamNotActiveException,
    ProctoredExamPermissionDenied,
    StudentExamAttemptAlreadyExistsException,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptedAlreadyStarted,
    StudentExamAttemptOnPastDueProctoredExam,
)
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamReviewPolicy, ProctoredExamStudentAttempt
from proctoring.services import outbox, registration, timing, transitions
from proctoring.services.transitions import change_status
from proctoring.statuses import IN_PROGRESS, PRE_START, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt


def by_id(attempt_id: int) -> Attempt:
    """The attempt, closed first if its time is over. Raises ``StudentExamAttemptDoesNotExistsException``."""
    attempt = Attempt.objects.get_exam_attempt_by_id(attempt_id)
    if attempt is None:
        raise StudentExamAttemptDoesNotExistsException
    return close_if_overdue(attempt)


def active_of(user_id: int) -> Attempt | None:
    """The learner's newest attempt in progress, in any course; one whose time was over is closed and still returned."""
    attempt = Attempt.objects.get_active_student_attempts(user_id).first()
    return close_if_overdue(attempt) if attempt else None


def create(exam: ProctoredExam, user: AbstractBaseUser, *, proctored: bool) -> Attempt:
    """
    A new attempt of ``user`` at ``exam``, registered with the vendor when ``proctored``.

    Raises ``StudentExamAttemptAlreadyExistsException``, ``StudentExamAttemptOnPastDueProctoredExam``,
    ``ProctoredExamNotActiveException``, ``ProctoredExamPermissionDenied`` for proctoring a timed exam,
    ``BackendProviderCannotRegisterAttempt``.
    """
    if not exam.is_active:
        raise ProctoredExamNotActiveException
    if proctored and not exam.is_proctored:
        raise ProctoredExamPermissionDenied
    if timing.is_past_due(exam, user.pk):
        raise StudentExamAttemptOnPastDueProctoredExam(http_status=400 if exam.is_practice_exam else 403)
    attempt, net = _claim_row(exam, user, proctored=proctored)
    if net is not None:
        registration.register_now(attempt, net)
        return by_id(attempt.pk)
    transitions.announce_status(attempt, full_name="", profile_name="")
    return attempt


def _claim_row(exam: ProctoredExam, user: AbstractBaseUser, *, proctored: bool) -> tuple[Attempt, OutboxMessage | None]:
    """The attempt's row and, where a vendor is to be asked, what will ask it should we die before."""
    policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(exam.pk)
    with transaction.atomic():
        # Two requests of one learner take turns here, so that the second one sees the first one's attempt.
        user = get_user_model()._default_manager.select_for_update().get(pk=user.pk)
        current = Attempt.objects.get_current_exam_attempt(exam.pk, user.pk)
        if current is not None and not current.is_sample_attempt:
            raise StudentExamAttemptAlreadyExistsException
        attempt = transitions.create(
            user=user,
            proctored_exam=exam,
            attempt_code=_new_code(),
            taking_as_proctored=proctored,
            is_sample_attempt=exam.is_practice_exam,
            review_policy_id=policy.pk if policy else None,
        )
        net = registration.safety_net(attempt) if proctored else None
        outbox.write([net] if net else [])
    return attempt, net


def start(attempt: Attempt) -> Attempt:
    """The learner starts the clock. Raises ``StudentExamAttemptedAlreadyStarted``."""
    if attempt.status == Status.started:
        raise StudentExamAttemptedAlreadyStarted
    return close_if_overdue(_by_learner(attempt, Status.started))


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
    """The learner opens the vendor's software."""
    return _by_learner(attempt, Status.download_software_clicked)


def report_error(attempt: Attempt) -> Attempt | None:
    """
    The learner's browser lost the vendor's application. None, and no change, once the attempt is handed in.

    What is left of the time is kept with the same move (contract rest.md §5.4).
    """
    unfinished = PRE_START | IN_PROGRESS
    moved = change_status(attempt.pk, Status.error, actor=Actor.LEARNER, by=attempt.user, only_from=unfinished)
    return moved.attempt if moved.changed else None


def mark_ready(attempt: Attempt) -> Attempt:
    """The vendor's software is up; a message that comes late changes nothing (contract rest.md §5.18)."""
    early = {Status.created, Status.download_software_clicked}
    return change_status(attempt.pk, Status.ready_to_start, actor=Actor.VENDOR, only_from=early).attempt


def close_if_overdue(attempt: Attempt, now: datetime | None = None) -> Attempt:
    """The attempt, handed in at the instant its time ran out if that has passed (contract python.md §2.7)."""
    if not timing.is_overdue(attempt, now):
        return attempt
    end = timing.deadline(attempt)
    target = Status.timed_out if config.allow_timed_out_state else Status.submitted
    change_status(attempt.pk, target, actor=Actor.SYSTEM, at=end, only_from=IN_PROGRESS)
    attempt.refresh_from_db()
    return attempt


def close_overdue(now: datetime | None = None, batch: int = 500) -> int:
    """
    Close every attempt whose time is over, whether or not anybody looks at it. The number closed.

    One row that cannot be closed never stops the others.
    """
    closed, last = 0, 0
    while True:
        running = Attempt.objects.filter(status__in=IN_PROGRESS, started_at__isnull=False, pk__gt=last)
        rows = list(running.order_by("pk")[:batch])
        if not rows:
            return closed
        closed += sum(_close(row, now) for row in rows)
        last = rows[-1].pk


def _close(attempt: Attempt, now: datetime | None) -> bool:
    try:
        with transaction.atomic():
            return close_if_overdue(attempt, now).status not in IN_PROGRESS
    except Exception as error:
        logger.error("An overdue attempt could not be closed: attempt=%s error=%s", attempt.pk, type(error).__name__)
        return False


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

    ``cascade`` says whether declining this exam declines the course's others too.

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
    return change_status(attempt_id, target, actor=actor, by=by, at=timeout_at).attempt


def _decline(attempt_id: int, *, actor: Actor, by: AbstractBaseUser | None = None) -> Attempt:
    with transaction.atomic():
        moved = change_status(attempt_id, Status.declined, actor=actor, by=by)
        exam = moved.attempt.proctored_exam
        # Only declining a graded proctored exam says anything about the others (docs/differences.rst).
        if moved.changed and exam.is_proctored and not exam.is_practice_exam:
            others = ProctoredExam.get_all_exams_for_course(exam.course_id, active_only=True, proctored_exams_only=True)
            for other in others.exclude(pk=exam.pk):
                _decline_too(other, moved.attempt.user)
    return moved.attempt


def _decline_too(exam: ProctoredExam, user: AbstractBaseUser) -> None:
    attempt = Attempt.objects.get_current_exam_attempt(exam.pk, user.pk)
    if attempt is None:
        attempt = transitions.create(
            user=user, proctored_exam=exam, attempt_code=_new_code(), taking_as_proctored=False, is_sample_attempt=False
        )
    change_status(attempt.pk, Status.declined, actor=Actor.SYSTEM, only_from=PRE_START | IN_PROGRESS)


def _new_code() -> str:
    return str(uuid.uuid4()).upper()


def _by_learner(attempt: Attempt, target: Status) -> Attempt:
    return change_status(attempt.pk, target, actor=Actor.LEARNER, by=attempt.user).attempt
