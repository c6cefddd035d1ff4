"""
Which screen a learner sees: one pure function from a situation to a screen.

The tables are contract python.md §5.2-5.5 in reading order. Where those fall through to "show the content" for a status
nobody listed, this module shows a screen instead: content appears only where a row says so.
"""

from collections.abc import Callable, Mapping

from proctoring.screens.situations import ExamKind, Prerequisites, Screen, Situation
from proctoring.statuses import ONBOARDING_ERRORS, PRE_START, REVIEWED
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

Table = Mapping[str | None, Screen | None]

HANDED_IN = REVIEWED | {Status.submitted, Status.timed_out}

SITTING: Table = {
    Status.created: Screen.INSTRUCTIONS,
    Status.download_software_clicked: Screen.INSTRUCTIONS,
    Status.ready_to_start: Screen.READY_TO_START,
    Status.started: None,
    Status.ready_to_submit: Screen.READY_TO_SUBMIT,
    Status.declined: None,
}

TIMED: Table = {
    None: Screen.TIMED_ENTRANCE,
    **dict.fromkeys(PRE_START, Screen.TIMED_ENTRANCE),
    Status.started: None,
    Status.ready_to_submit: Screen.TIMED_READY_TO_SUBMIT,
    **dict.fromkeys(HANDED_IN, Screen.TIMED_SUBMITTED),
}

PRACTICE: Table = {
    **SITTING,
    None: Screen.PRACTICE_ENTRANCE,
    **dict.fromkeys(HANDED_IN, Screen.PRACTICE_SUBMITTED),
    Status.error: Screen.PRACTICE_ERROR,
    # A reset whose fresh attempt could not be made: the entrance makes one, so nobody is stuck.
    Status.onboarding_reset: Screen.PRACTICE_ENTRANCE,
}

ONBOARDING: Table = {
    **SITTING,
    None: Screen.ONBOARDING_ENTRANCE,
    Status.ready_to_submit: Screen.ONBOARDING_READY_TO_SUBMIT,
    Status.submitted: Screen.ONBOARDING_SUBMITTED,
    Status.timed_out: Screen.ONBOARDING_SUBMITTED,
    Status.second_review_required: Screen.ONBOARDING_SUBMITTED,
    Status.verified: Screen.ONBOARDING_VERIFIED,
    Status.rejected: Screen.ONBOARDING_REJECTED,
    Status.error: Screen.ONBOARDING_EXAM_ERROR,
    Status.onboarding_reset: Screen.ONBOARDING_ENTRANCE,
}

PROCTORED: Table = {
    **SITTING,
    None: Screen.PROCTORED_ENTRANCE,
    Status.submitted: Screen.SUBMITTED,
    Status.timed_out: Screen.SUBMITTED,
    Status.second_review_required: Screen.SUBMITTED,
    Status.verified: Screen.VERIFIED,
    Status.rejected: Screen.REJECTED,
    Status.error: Screen.ERROR,
    **dict.fromkeys(ONBOARDING_ERRORS, Screen.ONBOARDING_ERROR),
}

UNMET: Mapping[Prerequisites, Screen | None] = {
    Prerequisites.DECLINED: None,
    Prerequisites.FAILED: Screen.FAILED_PREREQUISITES,
    Prerequisites.PENDING: Screen.PENDING_PREREQUISITES,
}


def choose(situation: Situation) -> Screen | None:
    """The learner's screen, or None: "show the content itself". Never raises, whatever the situation."""
    if situation.kind is None:
        return None
    if situation.kind is ExamKind.TIMED:
        return _timed(situation)
    # No permission means the host shows the content; hosts count on it (contract python.md §5.3-5.5, row 0).
    if situation.course_ended or not situation.may_take:
        return None
    if situation.kind is ExamKind.PROCTORED and situation.status == Status.declined:
        return None
    if not situation.account_active:
        return Screen.INACTIVE_ACCOUNT
    return WATCHED[situation.kind](situation)


def declines_silently(situation: Situation) -> bool:
    """Whether an earlier opt-out carries over to this exam, which is then declined too (contract python.md §5.5)."""
    undecided = situation.kind is ExamKind.PROCTORED and situation.status is None and not situation.past_due
    hindered = situation.course_ended or not situation.may_take or not situation.account_active
    return undecided and not hindered and situation.prerequisites is Prerequisites.DECLINED


def _timed(situation: Situation) -> Screen | None:
    if situation.closed_to_learner:
        return Screen.TIMED_EXPIRED
    if situation.ready_to_resume:
        return Screen.READY_TO_RESUME
    reviewable = situation.past_due and not situation.hide_after_due and not situation.results_pending
    if situation.status in HANDED_IN and reviewable:
        return None
    return TIMED.get(situation.status, Screen.UNAVAILABLE)


def _practice(situation: Situation) -> Screen | None:
    if situation.ready_to_resume:
        return Screen.READY_TO_RESUME
    if situation.status == Status.started and situation.vendor_blocks:
        return Screen.WRONG_BROWSER
    return PRACTICE.get(situation.status, Screen.UNAVAILABLE)


def _onboarding(situation: Situation) -> Screen | None:
    screen = ONBOARDING.get(situation.status, Screen.UNAVAILABLE)
    if situation.ready_to_resume:
        return Screen.READY_TO_RESUME
    if screen is Screen.ONBOARDING_ENTRANCE and situation.past_due:
        return Screen.EXPIRED
    return screen


def _proctored(situation: Situation) -> Screen | None:
    if situation.closed_to_learner:
        return Screen.EXPIRED
    if situation.status is None:
        return UNMET.get(situation.prerequisites, Screen.PROCTORED_ENTRANCE)
    if situation.ready_to_resume:
        return Screen.READY_TO_RESUME
    if situation.status == Status.started and situation.vendor_blocks:
        return Screen.WRONG_BROWSER
    return _proctored_outcome(situation)


def _proctored_outcome(situation: Situation) -> Screen | None:
    screen = PROCTORED.get(situation.status, Screen.UNAVAILABLE)
    if screen is Screen.VERIFIED and situation.results_pending:
        return screen
    if screen in {Screen.SUBMITTED, Screen.VERIFIED, Screen.REJECTED} and situation.released:
        return None
    return screen


WATCHED: Mapping[ExamKind, Callable[[Situation], Screen | None]] = {
    ExamKind.PRACTICE: _practice,
    ExamKind.ONBOARDING: _onboarding,
    ExamKind.PROCTORED: _proctored,
}
