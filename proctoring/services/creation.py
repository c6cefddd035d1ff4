"""
The beginning of an attempt: the row first, then the vendor, then the vendor's id.

Where rows are held, the rule is: attempts first, in the order of their ids, then their learner.
"""

import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    ProctoredExamNotActiveException,
    ProctoredExamPermissionDenied,
    StudentExamAttemptAlreadyExistsException,
    StudentExamAttemptOnPastDueProctoredExam,
)
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamReviewPolicy, ProctoredExamStudentAttempt
from proctoring.services import clock, outbox, registration, removal, resuming, timing, transitions
from proctoring.statuses import IN_PROGRESS

Attempt = ProctoredExamStudentAttempt


def create(exam: ProctoredExam, user: AbstractBaseUser, *, proctored: bool) -> Attempt:
    """
    A new attempt of ``user`` at ``exam``, registered with the vendor when ``proctored``.

    It goes on from the latest one where course staff have approved that, with the time that was left. Raises
    ``StudentExamAttemptAlreadyExistsException``, ``StudentExamAttemptOnPastDueProctoredExam``,
    ``ProctoredExamNotActiveException``, ``ProctoredExamPermissionDenied`` for proctoring a timed exam or somebody whose
    account is suspended, ``BackendProviderCannotRegisterAttempt``.
    """
    _check_may_begin(exam, user, proctored=proctored)
    clock.close_running(user.pk, exam)
    with transaction.atomic():
        held = _hold(exam, user)
        latest = held[0] if held else None
        resumed = latest if latest is not None and resuming.is_in_resume_process(latest) else None
        running = any(attempt.status in IN_PROGRESS for attempt in held)
        if running or (latest is not None and resumed is None and not latest.is_sample_attempt):
            raise StudentExamAttemptAlreadyExistsException
        attempt = new_row(exam, user, proctored=proctored, carried=resumed.time_remaining_seconds if resumed else None)
        if resumed is not None:
            resuming.mark_resumed(resumed)
        net = _net(registration.safety_net(attempt, resumes=resumed) if proctored else None)
    return _registered(attempt, net)


def replace(old: Attempt, *, by: AbstractBaseUser | None) -> Attempt:
    """
    A new attempt in place of ``old``, the latest one. Nothing changes where it cannot be made.

    What becomes of the old one: see ``removal.retire``. Raises as :func:`create`, and
    ``ProctoredExamIllegalStatusTransition`` where ``old`` is not the latest any more or has moved meanwhile.
    """
    exam, user, proctored = old.proctored_exam, old.user, old.taking_as_proctored
    _check_may_begin(exam, user, proctored=proctored)
    with transaction.atomic():
        held = _hold(exam, user)
        if not held or (held[0].pk, held[0].status) != (old.pk, old.status):
            raise ProctoredExamIllegalStatusTransition
        attempt = new_row(exam, user, proctored=proctored, carried=None)
        net = _net(registration.safety_net(attempt, replaces=old, by=by) if proctored else None)
        if net is None:
            removal.retire(old.pk, by=by)
    return _registered(attempt, net)


def _check_may_begin(exam: ProctoredExam, user: AbstractBaseUser, *, proctored: bool) -> None:
    if not exam.is_active:
        raise ProctoredExamNotActiveException
    if proctored and not (exam.is_proctored and user.is_active):
        raise ProctoredExamPermissionDenied
    if timing.is_past_due(exam, user.pk):
        raise StudentExamAttemptOnPastDueProctoredExam(http_status=400 if exam.is_practice_exam else 403)


def _hold(exam: ProctoredExam, user: AbstractBaseUser) -> list[Attempt]:
    """The learner's attempts at the exam, newest first, held so that nobody moves them or adds another."""
    rows = Attempt.objects.filter(user_id=user.pk, proctored_exam=exam)
    list(rows.order_by("pk").select_for_update())
    # Two requests of one learner take turns here, so that the second one sees the first one's attempt. That one is
    # only read: whoever holds it may be waiting for the learner.
    get_user_model()._default_manager.select_for_update().get(pk=user.pk)
    return list(rows.order_by("-created", "-pk"))


def new_row(exam: ProctoredExam, user: AbstractBaseUser, *, proctored: bool, carried: int | None) -> Attempt:
    """A new attempt row with a fresh code. Nobody is told of it yet."""
    policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(exam.pk)
    return transitions.create(
        user=user,
        proctored_exam=exam,
        attempt_code=str(uuid.uuid4()).upper(),
        taking_as_proctored=proctored,
        is_sample_attempt=exam.is_practice_exam,
        review_policy_id=policy.pk if policy else None,
        time_remaining_seconds=carried,
    )


def _net(net: OutboxMessage | None) -> OutboxMessage | None:
    outbox.write([net] if net else [])
    return net


def _registered(attempt: Attempt, net: OutboxMessage | None) -> Attempt:
    if net is not None:
        registration.register_now(attempt, net)
        attempt.refresh_from_db()
        return attempt
    transitions.announce_status(attempt, full_name="", profile_name="")
    return attempt
