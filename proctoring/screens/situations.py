"""
A learner's situation before an exam, and the words for it: what decides the screen, and what the screen says.

Plain frozen values: no database, no Django.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from proctoring.statuses import INCOMPLETE
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


@dataclass(frozen=True, slots=True)
class DesktopApplication:
    """
    The vendor's application on the learner's computer: the script that talks to it, seconds between two pings, and the
    vendor's id of the attempt.
    """

    script_url: str
    ping_interval: int
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock of an attempt in progress. Seconds; below ``low_seconds`` time is running low, and so on."""

    attempt_id: int
    status: str
    remaining_seconds: float
    low_seconds: int
    critical_seconds: int


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
    clock: Clock | None = None
    application: DesktopApplication | None = None
    approved_until: datetime | None = None
    approval_over: bool = False
    renewal_due: bool = False


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
        rehearsal = self.kind in {ExamKind.PRACTICE, ExamKind.ONBOARDING} and not self.past_due
        return rehearsal and self.status is not None and self.status not in INCOMPLETE | {Status.verified}

    @property
    def can_renew(self) -> bool:
        """Whether an approval that soon stops counting, or has, can be got anew: by another attempt beside it."""
        return self.facts.renewal_due and self.status == Status.verified and not self.past_due
