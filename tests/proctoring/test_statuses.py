import itertools
import re

import pytest

from proctoring.common.state_machine import IllegalMove
from proctoring.statuses import (
    ATTEMPT_MACHINE,
    COMPLETED,
    CREDIT_RELEVANT,
    DEFAULT_PASSING,
    IN_PROGRESS,
    INCOMPLETE,
    ONBOARDING_ERRORS,
    OUTSIDE,
    PRE_START,
    REVIEWED,
    STORED_REVIEW_STATUS,
    Actor,
    ReviewStatus,
    SoftwareSecureReviewStatus,
)
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

# Columns I, C, P, G, O of contract python.md §2.1.
PUBLISHED = {
    "eligible": "I",
    "created": "IP",
    "download_software_clicked": "IP",
    "ready_to_start": "IP",
    "started": "IG",
    "ready_to_submit": "IG",
    "declined": "C",
    "timed_out": "C",
    "submitted": "C",
    "second_review_required": "C",
    "verified": "C",
    "rejected": "C",
    "error": "C",
    "expired": "",
    "onboarding_reset": "",
    "onboarding_missing": "CO",
    "onboarding_pending": "CO",
    "onboarding_failed": "CO",
    "onboarding_expired": "CO",
}
PAIRS = [(source, target) for source in Status for target in Status if source != target]
LEARNER, VENDOR, STAFF, SYSTEM = Actor.LEARNER, Actor.VENDOR, Actor.STAFF, Actor.SYSTEM


def test_every_published_status_is_there_under_its_name() -> None:
    assert {status.name: status.value for status in Status} == {name: name for name in PUBLISHED}


@pytest.mark.parametrize(
    ("letter", "group"),
    [("I", INCOMPLETE), ("C", COMPLETED), ("P", PRE_START), ("G", IN_PROGRESS), ("O", ONBOARDING_ERRORS)],
)
def test_groups_are_the_published_ones(letter: str, group: frozenset[Status]) -> None:
    assert group == {status for status, letters in PUBLISHED.items() if letter in letters}


def test_every_status_is_incomplete_completed_or_outside() -> None:
    assert set(Status) == INCOMPLETE | COMPLETED | OUTSIDE
    assert len(Status) == len(INCOMPLETE) + len(COMPLETED) + len(OUTSIDE)


def test_what_touches_credit() -> None:
    assert {"verified", "rejected", "declined", "submitted", "error"} == CREDIT_RELEVANT


# The table


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_system_keeps_the_published_rule(source: Status, target: Status) -> None:
    assert ATTEMPT_MACHINE.allows(source, target, SYSTEM) is not (source in COMPLETED and target in INCOMPLETE)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("actor", Actor)
def test_staying_is_no_move(status: Status, actor: Actor) -> None:
    assert not ATTEMPT_MACHINE.allows(status, status, actor)


@pytest.mark.parametrize("source", sorted(COMPLETED | OUTSIDE))
def test_a_learner_leaves_nothing_that_is_over(source: Status) -> None:
    assert ATTEMPT_MACHINE.targets(source, LEARNER) == set()


@pytest.mark.parametrize("target", sorted(REVIEWED | OUTSIDE | ONBOARDING_ERRORS))
def test_a_learner_never_decides(target: Status) -> None:
    assert not any(ATTEMPT_MACHINE.allows(source, target, LEARNER) for source in Status)


@pytest.mark.parametrize("target", sorted(IN_PROGRESS | {Status.declined, Status.timed_out} | ONBOARDING_ERRORS))
def test_a_vendor_neither_starts_nor_declines(target: Status) -> None:
    assert not any(ATTEMPT_MACHINE.allows(source, target, VENDOR) for source in Status)


def test_a_vendor_makes_nothing_pass_that_was_not_handed_in() -> None:
    handed_in = {Status.submitted, Status.timed_out, Status.error} | REVIEWED

    assert {source for source in Status if ATTEMPT_MACHINE.allows(source, Status.verified, VENDOR)} == (
        handed_in - {Status.verified}
    )


def test_only_the_vendor_says_that_it_is_ready() -> None:
    for source in (Status.created, Status.download_software_clicked):
        assert ATTEMPT_MACHINE.actors(source, Status.ready_to_start) == {VENDOR, SYSTEM}


@pytest.mark.parametrize("target", sorted(INCOMPLETE))
def test_staff_do_not_bring_back_what_is_over(target: Status) -> None:
    assert not any(ATTEMPT_MACHINE.allows(source, target, STAFF) for source in COMPLETED | OUTSIDE)


@pytest.mark.parametrize(
    ("actor", "path"),
    [
        (LEARNER, "created download_software_clicked started ready_to_submit started ready_to_submit submitted"),
        (LEARNER, "created started submitted"),
        (LEARNER, "ready_to_start declined"),
        (LEARNER, "started error"),
        (VENDOR, "created ready_to_start"),
        (VENDOR, "started submitted second_review_required rejected verified error verified"),
        (VENDOR, "timed_out verified"),
        (STAFF, "second_review_required rejected verified submitted"),
        (STAFF, "created submitted error"),
        (STAFF, "onboarding_reset error"),
        (STAFF, "onboarding_missing error"),
        (SYSTEM, "ready_to_submit submitted onboarding_reset created onboarding_expired"),
    ],
)
def test_ways_that_are_open(actor: Actor, path: str) -> None:
    steps = [Status(name) for name in path.split()]

    for source, target in itertools.pairwise(steps):
        ATTEMPT_MACHINE.check(source, target, actor)


@pytest.mark.parametrize(
    ("actor", "source", "target"),
    [
        (LEARNER, "created", "submitted"),
        (LEARNER, "created", "ready_to_start"),
        (LEARNER, "started", "declined"),
        (LEARNER, "started", "created"),
        (LEARNER, "error", "submitted"),
        (VENDOR, "started", "verified"),
        (VENDOR, "declined", "verified"),
        (VENDOR, "onboarding_reset", "verified"),
        (STAFF, "verified", "started"),
        (STAFF, "started", "onboarding_failed"),
        (SYSTEM, "verified", "started"),
    ],
)
def test_ways_that_are_closed(actor: Actor, source: str, target: str) -> None:
    with pytest.raises(IllegalMove):
        ATTEMPT_MACHINE.check(Status(source), Status(target), actor)


def test_the_printed_table_names_every_status() -> None:
    cells = set(re.findall(r"``(\w+)``", ATTEMPT_MACHINE.as_rst()))

    assert set(PUBLISHED) <= cells


# Reviews


def test_reviews_have_two_vocabularies() -> None:
    assert {str(said): str(stored) for said, stored in STORED_REVIEW_STATUS.items()} == {
        "passed": "Clean",
        "violation": "Rules Violation",
        "suspicious": "Suspicious",
        "not_reviewed": "Not Reviewed",
    }
    assert set(STORED_REVIEW_STATUS) == set(ReviewStatus)
    assert set(STORED_REVIEW_STATUS.values()) == set(SoftwareSecureReviewStatus)


def test_what_passes_where_a_vendor_says_nothing() -> None:
    assert {"Clean", "Rules Violation"} == DEFAULT_PASSING


def test_the_published_names_say_what_the_groups_say() -> None:
    assert frozenset(Status.onboarding_errors) == ONBOARDING_ERRORS
    assert {status for status in Status if Status.is_valid_status(status)} == INCOMPLETE | COMPLETED
    assert not Status.is_valid_status("nonsense")
