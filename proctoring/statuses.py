"""
Attempt and review statuses, their groups, and THE table of moves: from, to, who may make the move.

This file is the state diagram; the README's table is generated from it. A pair that is not listed cannot happen.
Values, groups: contract python.md §2.1. Who may move: this project's rule, see docs/differences.rst.
"""

from collections.abc import Iterator
from enum import StrEnum, nonmember

from proctoring.common.state_machine import Move, StateMachine, moves


class ProctoredExamStudentAttemptStatus(StrEnum):
    """Every status an attempt can have; the value is what the database and the wire carry."""

    eligible = "eligible"
    created = "created"
    download_software_clicked = "download_software_clicked"
    ready_to_start = "ready_to_start"
    started = "started"
    ready_to_submit = "ready_to_submit"
    declined = "declined"
    timed_out = "timed_out"
    submitted = "submitted"
    second_review_required = "second_review_required"
    verified = "verified"
    rejected = "rejected"
    error = "error"
    expired = "expired"
    onboarding_reset = "onboarding_reset"
    onboarding_missing = "onboarding_missing"
    onboarding_pending = "onboarding_pending"
    onboarding_failed = "onboarding_failed"
    onboarding_expired = "onboarding_expired"

    # Public names of the contract; inside the house, the groups below say the same.
    onboarding_errors = nonmember((onboarding_missing, onboarding_pending, onboarding_failed, onboarding_expired))

    @classmethod
    def is_valid_status(cls, status: str) -> bool:
        """Whether operators may set ``status``: an incomplete or a completed one (contract python.md §2.1)."""
        return status in INCOMPLETE | COMPLETED


S = ProctoredExamStudentAttemptStatus

PRE_START = frozenset({S.created, S.download_software_clicked, S.ready_to_start})
IN_PROGRESS = frozenset({S.started, S.ready_to_submit})
INCOMPLETE = frozenset({S.eligible}) | PRE_START | IN_PROGRESS
ONBOARDING_ERRORS = frozenset({S.onboarding_missing, S.onboarding_pending, S.onboarding_failed, S.onboarding_expired})
REVIEWED = frozenset({S.second_review_required, S.verified, S.rejected})
COMPLETED = frozenset({S.declined, S.timed_out, S.submitted, S.error}) | REVIEWED | ONBOARDING_ERRORS
OUTSIDE = frozenset({S.expired, S.onboarding_reset})
CREDIT_RELEVANT = frozenset({S.verified, S.rejected, S.declined, S.submitted, S.error})


class Actor(StrEnum):
    """Who makes a move. ``SYSTEM`` is the clock, the LMS's own code and operators' commands."""

    LEARNER = "learner"
    VENDOR = "vendor"
    STAFF = "course staff"
    SYSTEM = "system"


def _attempt_moves() -> Iterator[Move[ProctoredExamStudentAttemptStatus, Actor]]:
    learner, vendor, staff, system = Actor.LEARNER, Actor.VENDOR, Actor.STAFF, Actor.SYSTEM

    # Setting up and sitting the exam.
    yield from moves({S.created, S.ready_to_start}, {S.download_software_clicked}, learner)
    yield from moves({S.created, S.download_software_clicked}, {S.ready_to_start}, vendor)
    yield from moves(PRE_START, {S.started}, learner)
    yield from moves({S.started}, {S.ready_to_submit}, learner)
    yield from moves({S.ready_to_submit}, {S.started}, learner)
    yield from moves(IN_PROGRESS, {S.submitted}, learner, vendor)
    yield from moves(PRE_START, {S.declined}, learner)
    yield from moves(PRE_START | IN_PROGRESS, {S.error}, learner)

    # The review. A vendor may correct itself; a learner never leaves a reviewed status.
    awaiting = {S.submitted, S.timed_out, S.error}
    yield from moves(awaiting | REVIEWED, REVIEWED | {S.error}, vendor, staff)
    # A review may arrive for an attempt that was never handed in: it cannot pass, only end in error or be looked at.
    yield from moves(PRE_START | IN_PROGRESS, {S.error, S.second_review_required, S.rejected}, vendor)

    # Course staff put right what went wrong.
    yield from moves(PRE_START | IN_PROGRESS, COMPLETED - ONBOARDING_ERRORS, staff)
    yield from moves(COMPLETED, COMPLETED - ONBOARDING_ERRORS, staff)
    yield from moves({S.onboarding_reset}, {S.error}, staff)

    # The LMS's own door keeps the published rule: only completed -> incomplete is illegal (contract python.md §2.3).
    yield from moves(INCOMPLETE | OUTSIDE, set(S), system)
    yield from moves(COMPLETED, COMPLETED | OUTSIDE, system)


ATTEMPT_MACHINE: StateMachine[ProctoredExamStudentAttemptStatus, Actor] = StateMachine(S, _attempt_moves())


class ReviewStatus(StrEnum):
    """What a review says, in the vocabulary of the vendor interface (contract python.md §3.1)."""

    passed = "passed"
    violation = "violation"
    suspicious = "suspicious"
    not_reviewed = "not_reviewed"


class SoftwareSecureReviewStatus(StrEnum):
    """What a review says, as stored in the review table."""

    clean = "Clean"
    violation = "Rules Violation"
    suspicious = "Suspicious"
    not_reviewed = "Not Reviewed"


STORED_REVIEW_STATUS: dict[ReviewStatus, SoftwareSecureReviewStatus] = {
    ReviewStatus.passed: SoftwareSecureReviewStatus.clean,
    ReviewStatus.violation: SoftwareSecureReviewStatus.violation,
    ReviewStatus.suspicious: SoftwareSecureReviewStatus.suspicious,
    ReviewStatus.not_reviewed: SoftwareSecureReviewStatus.not_reviewed,
}
DEFAULT_PASSING = frozenset({SoftwareSecureReviewStatus.clean, SoftwareSecureReviewStatus.violation})


class InstructorDashboardOnboardingAttemptStatus(StrEnum):
    """Where a learner's onboarding stands, as course staff see it (contract python.md §4.9)."""

    not_started = "not_started"
    setup_started = "setup_started"
    onboarding_started = "onboarding_started"
    submitted = "submitted"
    rejected = "rejected"
    verified = "verified"
    error = "error"
    expired = "expired"
    other_course_approved = "other_course_approved"
    onboarding_reset_past_due = "onboarding_reset_past_due"

    @classmethod
    def get_onboarding_status_from_attempt_status(
        cls, status: str | None
    ) -> "InstructorDashboardOnboardingAttemptStatus | None":
        """What an attempt's status means here; without an attempt not started, None for what staff are not shown."""
        return cls.not_started if not status else ONBOARDING_OF_ATTEMPT.get(status)


ONBOARDING_OF_ATTEMPT: dict[str, InstructorDashboardOnboardingAttemptStatus] = {
    **dict.fromkeys(PRE_START, InstructorDashboardOnboardingAttemptStatus.setup_started),
    **dict.fromkeys(IN_PROGRESS, InstructorDashboardOnboardingAttemptStatus.onboarding_started),
    S.submitted: InstructorDashboardOnboardingAttemptStatus.submitted,
    S.rejected: InstructorDashboardOnboardingAttemptStatus.rejected,
    S.verified: InstructorDashboardOnboardingAttemptStatus.verified,
    S.error: InstructorDashboardOnboardingAttemptStatus.error,
    S.expired: InstructorDashboardOnboardingAttemptStatus.expired,
}


class VerificientOnboardingProfileStatus(StrEnum):
    """What a vendor says of a learner's onboarding profile (contract vendors_admin_screens.md §3.9)."""

    no_profile = "no-profile"
    approved = "approved-in-course"
    other_course_approved = "approved-in-different-course"
    rejected = "rejected"
    expired = "expired"
    pending = "pending"

    @classmethod
    def get_edx_status_from_profile_status(cls, status: str | None) -> str | None:
        """What the learner is told; None for no profile, and for a word that no vendor should say."""
        shown = cls.get_instructor_status_from_profile_status(status)
        return None if shown == InstructorDashboardOnboardingAttemptStatus.not_started else shown

    @classmethod
    def get_instructor_status_from_profile_status(cls, status: str | None) -> str | None:
        """What course staff are shown; None for a word that no vendor should say."""
        return PROFILE_SHOWN_AS.get(status) if status else None

    @classmethod
    def get_profile_status_from_filter(cls, shown: str) -> "VerificientOnboardingProfileStatus | None":
        """What to ask the vendor for when staff ask for ``shown``; None for what vendors do not tell apart."""
        return next((profile for profile in cls if PROFILE_SHOWN_AS[profile] == shown), None)


PROFILE_SHOWN_AS: dict[str, InstructorDashboardOnboardingAttemptStatus] = {
    VerificientOnboardingProfileStatus.no_profile: InstructorDashboardOnboardingAttemptStatus.not_started,
    VerificientOnboardingProfileStatus.approved: InstructorDashboardOnboardingAttemptStatus.verified,
    VerificientOnboardingProfileStatus.other_course_approved: (
        InstructorDashboardOnboardingAttemptStatus.other_course_approved
    ),
    VerificientOnboardingProfileStatus.rejected: InstructorDashboardOnboardingAttemptStatus.rejected,
    VerificientOnboardingProfileStatus.expired: InstructorDashboardOnboardingAttemptStatus.expired,
    VerificientOnboardingProfileStatus.pending: InstructorDashboardOnboardingAttemptStatus.submitted,
}
