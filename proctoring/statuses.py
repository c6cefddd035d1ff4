"""
Attempt and review statuses, their groups, and THE table of moves: from, to, who may make the move.

This file is the state diagram; the README's table is generated from it. A pair that is not listed cannot happen.
Values, groups: contract python.md §2.1. Who may move: this project's rule, see docs/differences.rst.
"""

from collections.abc import Iterator
from enum import StrEnum

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
