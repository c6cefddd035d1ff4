"""What staff do to attempts."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from proctoring.common.acting import ActionRefused, Verb
from proctoring.common.acting.log import log_line
from proctoring.exceptions import OwnAttempt, ProctoredExamIllegalResumeUpdate, ProctoredExamIllegalStatusTransition
from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import resuming, reviews, starting_over, transitions
from proctoring.services.foreseeing import sentences
from proctoring.services.wording import STATUSES
from proctoring.statuses import IN_PROGRESS, PRE_START, REVIEWED, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

Attempt = ProctoredExamStudentAttempt
Sentences = Iterator[str | Promise]

CHANGE = "proctoring.change_proctoredexamstudentattempt"
REVIEW = "proctoring.review_attempts"
READ = ("user", "proctored_exam")


class StatusAlready(ActionRefused):
    """Nothing is done twice."""

    code = "status_already"
    default_message = _("The attempt has this status already.")


class ReviewDecides(ActionRefused):
    """Past its review an attempt is moved in vain: what comes of the review next moves it back."""

    code = "review_decides"
    default_message = _("This attempt has a review: decide on the review, and the attempt follows.")


class MoveRefused(ActionRefused):
    """The table of moves does not have it."""

    code = "move_refused"

    def __init__(self, source: str, target: Status) -> None:
        text = _("An attempt with the status “%(source)s” cannot get the status “%(target)s” from staff.")
        super().__init__(text % {"source": _words(source), "target": _words(target)})


def _words(status: str) -> str | Promise:
    known = STATUSES.get(status)
    return known.label if known else status


def _foresee_move(target: Status, attempt: Attempt, user: Any) -> Sentences:
    if attempt.status == target:
        raise StatusAlready
    try:
        foreseen = transitions.foreseen(attempt, target, actor=Actor.STAFF, by=user)
    except ProctoredExamIllegalStatusTransition:
        raise MoveRefused(attempt.status, target) from None
    words = {"source": _words(attempt.status), "target": _words(target)}
    yield _("The status goes from “%(source)s” to “%(target)s”.") % words
    if target in REVIEWED and attempt.status in PRE_START | IN_PROGRESS:
        yield _("The learner has not handed in yet.")
    if foreseen.attempt.is_resumable and not attempt.is_resumable:
        yield _("The learner can be let go on afterwards, with the time that is left.")
    yield from sentences(foreseen.effects)


def _move(target: Status, attempt: Attempt, user: Any, reason: str) -> None:
    try:
        moved = transitions.change_status(attempt.pk, target, actor=Actor.STAFF, by=user)
    except ProctoredExamIllegalStatusTransition as refusal:
        raise MoveRefused(str(refusal.fields.get("from_status", attempt.status)), target) from None
    if not moved.changed:
        raise StatusAlready


def _require_somebody_elses(attempt: Attempt, user: Any) -> None:
    if attempt.user_id == user.pk:
        raise OwnAttempt


def _foresee_verdict(target: Status, attempt: Attempt, user: Any) -> Sentences:
    _require_somebody_elses(attempt, user)
    found = ProctoredExamSoftwareSecureReview.objects.filter(attempt_code=attempt.attempt_code)
    if attempt.attempt_code and found.exists():
        raise ReviewDecides
    yield from _foresee_move(target, attempt, user)


def _give_verdict(target: Status, attempt: Attempt, user: Any, reason: str) -> None:
    _require_somebody_elses(attempt, user)
    with transaction.atomic():
        # Held, so that no review comes in between.
        if attempt.attempt_code and reviews.held(attempt.attempt_code):
            raise ReviewDecides
        _move(target, attempt, user, reason)


def _foresee_resume(attempt: Attempt, user: Any) -> Sentences:
    if not attempt.is_resumable:
        raise ProctoredExamIllegalResumeUpdate
    yield _("The learner may go on with the time that is left.")


def _resume(attempt: Attempt, user: Any, reason: str) -> None:
    resuming.approve(attempt.pk, by=user)


def _foresee_reset(attempt: Attempt, user: Any) -> Sentences:
    going = starting_over.foreseen(attempt.proctored_exam_id, attempt.user_id, by=user)
    yield ngettext(
        "The learner's one attempt at the exam is removed.",
        "All %(number)s attempts of the learner at the exam are removed.",
        going.attempts,
    ) % {"number": going.attempts}
    if going.asked_for:
        yield _("The proctoring service is asked first. An attempt that it does not remove stays here too.")
    yield from sentences(going.effects)
    yield _("The learner can begin the exam again, as long as it is not past its due date.")
    yield _("It cannot be taken back.")


def _reset(attempt: Attempt, user: Any, reason: str) -> None:
    """Each attempt that goes has its line in the log, also where a later one stays."""
    gone: set[int] = set()
    try:
        starting_over.remove_all(
            attempt.proctored_exam_id, attempt.user_id, by=user, removed=lambda one: gone.add(one.pk)
        )
        # What was acted on and went well has its line from whoever called.
        gone.discard(attempt.pk)
    finally:
        for pk in sorted(gone):
            log_line(Attempt, pk, user, RESET.logged(reason))


def _verdict(name: str, target: Status, label: Promise, explanation: Promise) -> Verb:
    return Verb(
        name=name,
        model=Attempt,
        label=label,
        explanation=explanation,
        permission=REVIEW,
        foresee=lambda attempt, user: list(_foresee_verdict(target, attempt, user)),
        perform=partial(_give_verdict, target),
        related=READ,
    )


def _mover(name: str, target: Status, label: Promise, explanation: Promise) -> Verb:
    return Verb(
        name=name,
        model=Attempt,
        label=label,
        explanation=explanation,
        permission=CHANGE,
        foresee=lambda attempt, user: list(_foresee_move(target, attempt, user)),
        perform=partial(_move, target),
        related=READ,
    )


RESET = Verb(
    name="reset-attempt",
    model=Attempt,
    label=_("Reset"),
    explanation=_("The attempts of the learner at the exam are removed, so that it can be begun again."),
    permission=CHANGE,
    foresee=lambda attempt, user: list(_foresee_reset(attempt, user)),
    perform=_reset,
    related=READ,
)
VERBS = (
    _verdict("approve-attempt", Status.verified, _("Approve"), _("The attempt passes the review.")),
    _verdict("deny-attempt", Status.rejected, _("Deny"), _("The attempt does not pass the review.")),
    _verdict(
        "second-review-attempt",
        Status.second_review_required,
        _("Send to second review"),
        _("A person is to look at the attempt before anything is decided."),
    ),
    RESET,
    Verb(
        name="resume-attempt",
        model=Attempt,
        label=_("Let the learner go on"),
        explanation=_("An attempt that broke off is approved for going on."),
        permission=CHANGE,
        foresee=lambda attempt, user: list(_foresee_resume(attempt, user)),
        perform=_resume,
        related=READ,
    ),
    _mover("force-error", Status.error, _("Put into error"), _("The attempt counts as one that went wrong.")),
    _mover("hand-in", Status.submitted, _("Hand in for the learner"), _("The attempt is handed in now.")),
)
