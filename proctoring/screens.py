"""
Which screen a learner sees: one pure function from a situation to a screen, no database, no Django.

The tables are contract python.md §5.2-5.5 in reading order. Where those fall through to "show the content" for a status
nobody listed, this module shows a screen instead: content appears only where a row says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from proctoring.statuses import INCOMPLETE, ONBOARDING_ERRORS, PRE_START, REVIEWED
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status


class Screen(StrEnum):
    """Every screen; the value is the path of its template below ``proctoring/``, without the suffix."""

    TIMED_ENTRANCE = "timed_exam/entrance"
    TIMED_READY_TO_SUBMIT = "timed_exam/ready_to_submit"
    TIMED_SUBMITTED = "timed_exam/submitted"
    TIMED_EXPIRED = "timed_exam/expired"
    PROCTORED_ENTRANCE = "proctored_exam/entrance"
    INSTRUCTIONS = "proctored_exam/instructions"
    READY_TO_START = "proctored_exam/ready_to_start"
    READY_TO_SUBMIT = "proctored_exam/ready_to_submit"
    READY_TO_RESUME = "proctored_exam/ready_to_resume"
    SUBMITTED = "proctored_exam/submitted"
    VERIFIED = "proctored_exam/verified"
    REJECTED = "proctored_exam/rejected"
    ERROR = "proctored_exam/error"
    WRONG_BROWSER = "proctored_exam/error_wrong_browser"
    EXPIRED = "proctored_exam/expired"
    FAILED_PREREQUISITES = "proctored_exam/failed-prerequisites"
    PENDING_PREREQUISITES = "proctored_exam/pending-prerequisites"
    ONBOARDING_ERROR = "proctored_exam/onboarding_error"
    INACTIVE_ACCOUNT = "proctored_exam/inactive_account"
    PRACTICE_ENTRANCE = "practice_exam/entrance"
    PRACTICE_SUBMITTED = "practice_exam/submitted"
    PRACTICE_ERROR = "practice_exam/error"
    ONBOARDING_ENTRANCE = "onboarding_exam/entrance"
    ONBOARDING_READY_TO_SUBMIT = "onboarding_exam/ready_to_submit"
    ONBOARDING_SUBMITTED = "onboarding_exam/submitted"
    ONBOARDING_VERIFIED = "onboarding_exam/verified"
    ONBOARDING_REJECTED = "onboarding_exam/rejected"
    ONBOARDING_EXAM_ERROR = "onboarding_exam/error"
    UNAVAILABLE = "unavailable"


class ExamKind(StrEnum):
    """What sort of exam it is; the value is the contract's ``type`` (python.md §4.12)."""

    TIMED = "timed"
    PRACTICE = "practice"
    ONBOARDING = "onboarding"
    PROCTORED = "proctored"


class Prerequisites(StrEnum):
    """The requirements before this exam, summed up (contract python.md §4.7)."""

    SATISFIED = "satisfied"
    DECLINED = "declined"
    FAILED = "failed"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement that is not met; ``content_id`` names another proctored exam of the course, else it is empty."""

    name: str
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a screen says. Nothing here decides which screen it is. Times are aware, durations say their unit."""

    exam_id: int = 0
    course_id: str = ""
    content_id: str = ""
    exam_name: str = ""
    due_date: datetime | None = None
    results_at: datetime | None = None
    attempt_id: int | None = None
    attempt_code: str = ""
    total_minutes: int = 0
    remaining_seconds: float = 0.0
    time_just_expired: bool = False
    extra_time_hint: bool = False
    may_opt_out: bool = False
    review_policy: str = ""
    unmet: tuple[Requirement, ...] = ()
    onboarding_content_id: str = ""
    provider_name: str = ""
    provider_support_email: str = ""
    provider_support_phone: str = ""
    provider_sender_email: str = ""
    onboarding_contact_email: str = ""
    escalation_email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """
    What decides the screen. ``kind`` None is a combination of flags that no exam has (contract python.md §5.1 step 7).

    ``status`` None means no attempt; it may be text that is no status at all.
    """

    kind: ExamKind | None
    status: str | None = None
    may_take: bool = True
    account_active: bool = True
    course_ended: bool = False
    past_due: bool = False
    ready_to_resume: bool = False
    vendor_blocks: bool = False
    acknowledged: bool = False
    viewable_past_due: bool = False
    hide_after_due: bool = False
    prerequisites: Prerequisites = Prerequisites.SATISFIED
    facts: Facts = field(default_factory=Facts)

    @property
    def closed_to_learner(self) -> bool:
        """The due date keeps the learner from beginning or going on."""
        return self.past_due and (self.status is None or self.status in INCOMPLETE)

    @property
    def results_pending(self) -> bool:
        """A grace period still keeps results back."""
        return self.facts.results_at is not None

    @property
    def released(self) -> bool:
        """The learner asked to see a finished exam, and may: the due date is the learner's own."""
        return self.acknowledged and self.past_due and self.viewable_past_due

    @property
    def can_retry(self) -> bool:
        """Whether the server lets the learner begin this rehearsal again (contract vendors_admin_screens.md §6.4)."""
        rehearsal = self.kind in {ExamKind.PRACTICE, ExamKind.ONBOARDING}
        return rehearsal and self.status is not None and self.status not in INCOMPLETE | {Status.verified}


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
