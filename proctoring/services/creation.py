"""
The beginning of an attempt: the row first, then the vendor, then the vendor's id.

Where rows are held, the rule is: attempts first, in the order of their ids, then their learner.
"""

import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from proctoring.common.prepared import Prepared
from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    ProctoredExamNotActiveException,
    ProctoredExamPermissionDenied,
    StudentExamAttemptAlreadyExistsException,
    StudentExamAttemptOnPastDueProctoredExam,
)
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamReviewPolicy, ProctoredExamStudentAttempt
from proctoring.services import clock, outbox, registration, removal, resuming, timing, transitions
from proctoring.services.registration import Terms
from proctoring.statuses import IN_PROGRESS, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

Attempt = ProctoredExamStudentAttempt


# A learner's attempts at an exam.
HELD_OF_PAIR: Prepared[Attempt] = Prepared(
    lambda user_id, exam_id: (
        Attempt.objects.filter(user_id=user_id, proctored_exam_id=exam_id).order_by("pk").select_for_update()
    ),
    int,
    int,
)
OF_PAIR: Prepared[Attempt] = Prepared(
    lambda user_id, exam_id: Attempt.objects.filter(user_id=user_id, proctored_exam_id=exam_id).order_by(
        "-created", "-pk"
    ),
    int,
    int,
)

HELD_LEARNER: Prepared[int] = Prepared(
    lambda user_id: (
        get_user_model()._default_manager.filter(pk=user_id).select_for_update().values_list("pk", flat=True)
    ),
    int,
)


def create(exam: ProctoredExam, user: AbstractBaseUser, *, proctored: bool) -> Attempt:
    """
    A new attempt of ``user`` at ``exam``, registered with the vendor when ``proctored``.

    It goes on from the latest one where course staff have approved that, with the time that was left. Raises
    ``StudentExamAttemptAlreadyExistsException``, ``StudentExamAttemptOnPastDueProctoredExam``,
    ``ProctoredExamNotActiveException``, ``ProctoredExamPermissionDenied`` for proctoring a timed exam or somebody whose
    account is suspended, ``BackendProviderCannotRegisterAttempt``.
    """
    terms = _terms(exam, user, proctored=proctored)
    with transaction.atomic():
        begun = _begun(exam, user, terms, proctored=proctored)
    if begun is None:
        # Only now, so that an attempt whose time was over stays handed in.
        raise StudentExamAttemptAlreadyExistsException
    return _registered(*begun, terms)


def create_started(exam: ProctoredExam, user: AbstractBaseUser) -> Attempt:
    """
    :func:`create` without proctoring, and the clock starts with it; handed in at once where there is no time at all.
    """
    terms = _terms(exam, user, proctored=False)
    with transaction.atomic():
        begun = _begun(exam, user, terms, proctored=False)
        if begun is not None:
            attempt = _registered(*begun, terms)
            moved = transitions.change_held(attempt, Status.started, actor=Actor.LEARNER, by=user)
            return clock.close_if_no_time(moved.attempt)
    raise StudentExamAttemptAlreadyExistsException


def replace(old: Attempt, *, by: AbstractBaseUser | None) -> Attempt:
    """
    A new attempt in place of ``old``, the latest one. Nothing changes where it cannot be made.

    What becomes of the old one: see ``removal.retire``. Raises as :func:`create`, and
    ``ProctoredExamIllegalStatusTransition`` where ``old`` is not the latest any more or has moved meanwhile.
    """
    exam, user, proctored = old.proctored_exam, old.user, old.taking_as_proctored
    terms = _terms(exam, user, proctored=proctored)
    with transaction.atomic():
        _hold(exam, user)
        held = _hold_learner(exam, user)
        if not held or (held[0].pk, held[0].status) != (old.pk, old.status):
            raise ProctoredExamIllegalStatusTransition
        attempt = new_row(exam, user, terms.policy, proctored=proctored, carried=None)
        net = _net(registration.safety_net(attempt, replaces=old, by=by) if proctored else None)
        if net is None:
            removal.retire(old.pk, by=by)
    return _registered(attempt, net, terms)


def _terms(exam: ProctoredExam, user: AbstractBaseUser, *, proctored: bool) -> Terms:
    """On what terms the learner begins. Raises where they may not."""
    if not exam.is_active:
        raise ProctoredExamNotActiveException
    if proctored and not (exam.is_proctored and user.is_active):
        raise ProctoredExamPermissionDenied
    due = timing.due_date(exam, user.pk)
    if timing.is_over(exam, due):
        raise StudentExamAttemptOnPastDueProctoredExam(http_status=400 if exam.is_practice_exam else 403)
    return Terms(due, ProctoredExamReviewPolicy.get_review_policy_for_exam(exam.pk))


def _begun(
    exam: ProctoredExam, user: AbstractBaseUser, terms: Terms, *, proctored: bool
) -> tuple[Attempt, OutboxMessage | None] | None:
    """A new attempt and what registers it should we die before that; None where the learner has one already."""
    for attempt in _hold(exam, user):
        if attempt.status in IN_PROGRESS:
            clock.close_if_overdue(attempt)
    held = _hold_learner(exam, user)
    latest = held[0] if held else None
    resumed = latest if latest is not None and resuming.is_in_resume_process(latest) else None
    running = any(attempt.status in IN_PROGRESS for attempt in held)
    if running or (latest is not None and resumed is None and not latest.is_sample_attempt):
        return None
    carried = resumed.time_remaining_seconds if resumed else None
    attempt = new_row(exam, user, terms.policy, proctored=proctored, carried=carried)
    if resumed is not None:
        resuming.mark_resumed(resumed)
    return attempt, _net(registration.safety_net(attempt, resumes=resumed) if proctored else None)


def _hold(exam: ProctoredExam, user: AbstractBaseUser) -> list[Attempt]:
    """The learner's attempts at the exam, held so that nobody moves them."""
    return HELD_OF_PAIR(user.pk, exam.pk)


def _hold_learner(exam: ProctoredExam, user: AbstractBaseUser) -> list[Attempt]:
    """The learner's attempts at the exam, newest first, and nobody adds another; for who holds those that there are."""
    # Two requests of one learner take turns here, so that the second one sees the first one's attempt. That one is
    # only read: whoever holds it may be waiting for the learner.
    if not HELD_LEARNER(user.pk):
        raise get_user_model().DoesNotExist
    return OF_PAIR(user.pk, exam.pk)


def new_row(
    exam: ProctoredExam,
    user: AbstractBaseUser,
    policy: ProctoredExamReviewPolicy | None,
    *,
    proctored: bool,
    carried: int | None,
) -> Attempt:
    """A new attempt row with a fresh code. Nobody is told of it yet."""
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


def _registered(attempt: Attempt, net: OutboxMessage | None, terms: Terms) -> Attempt:
    if net is not None:
        registration.register_now(attempt, net, terms)
        return attempt
    transitions.announce_status(attempt, full_name="", profile_name="")
    return attempt
