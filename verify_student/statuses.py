"""
Statuses of verifications, their groups, and THE table of moves of a photo verification (contract §1.7).

There is no status for what has expired: whether an approval still counts is computed from its date.
"""

from collections.abc import Iterator
from enum import StrEnum

from proctoring.common.state_machine import Move, StateMachine, moves


class IDVerificationStatus(StrEnum):
    """Where a photo, manual or single-sign-on verification stands; the value is what the database carries."""

    created = "created"
    ready = "ready"
    submitted = "submitted"
    must_retry = "must_retry"
    approved = "approved"
    denied = "denied"


class VerificationAttemptStatus(StrEnum):
    """Where a vendor-neutral attempt stands (contract §1.8)."""

    CREATED = "created"
    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"


S = IDVerificationStatus

DECIDED = frozenset({S.approved, S.denied})
# The provider has the photos, or will have them: the learner waits.
WAITING = frozenset({S.submitted, S.must_retry})
VALID_OR_PENDING = WAITING | {S.approved}
# Photos can be looked at (contract §1.7, last row).
HAS_PHOTOS = WAITING | DECIDED


class Actor(StrEnum):
    """Who makes a move. ``SYSTEM`` is delivery, operators' commands and the LMS's own code."""

    LEARNER = "learner"
    PROVIDER = "provider"
    STAFF = "identity reviewer"
    SYSTEM = "system"


def _photo_moves() -> Iterator[Move[IDVerificationStatus, Actor]]:
    provider, staff, system = Actor.PROVIDER, Actor.STAFF, Actor.SYSTEM

    # Handing in: photos, then the request to the provider.
    yield from moves({S.created}, {S.ready}, Actor.LEARNER, system)
    yield from moves({S.ready, S.must_retry}, {S.submitted}, system)
    yield from moves({S.ready, S.submitted}, {S.must_retry}, system)

    # The decision, which may be corrected later. It may overtake the record that the request was accepted (W11).
    yield from moves({S.ready} | WAITING | DECIDED, DECIDED, provider)
    yield from moves(WAITING | DECIDED, DECIDED, staff, system)
    yield from moves({S.ready, S.submitted}, {S.must_retry}, provider)


PHOTO_MACHINE: StateMachine[IDVerificationStatus, Actor] = StateMachine(S, _photo_moves())
