"""When a callback is done: a pure decision."""

from dataclasses import dataclass
from enum import StrEnum

TRY_AGAIN = frozenset({408, 409, 425, 429})
NOT_FOUND = 404
MAX_NOT_FOUND = 8
MAX_TRIES = 500
FIRST_DELAY, LONGEST_DELAY = 0.25, 5.0


class State(StrEnum):
    """Where a callback stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Verdict:
    """What becomes of a callback after a try; ``delay`` in seconds until the next one."""

    state: State
    delay: float = 0.0


def judge(status: int | None, tries: int) -> Verdict:
    """
    The verdict on a callback whose try number ``tries`` (from 1) was answered ``status``, None without an answer.

    Only the LMS's word is final: 2xx, or a 4xx that no repetition changes. A 404 may be a ready that was quicker than
    the LMS's own commit.
    """
    if status is not None and 200 <= status < 300:
        return Verdict(State.DELIVERED)
    if _is_final(status, tries) or tries >= MAX_TRIES:
        return Verdict(State.GIVEN_UP)
    return Verdict(State.PENDING, min(FIRST_DELAY * 2 ** min(tries - 1, 10), LONGEST_DELAY))


def _is_final(status: int | None, tries: int) -> bool:
    if status == NOT_FOUND:
        return tries >= MAX_NOT_FOUND
    return status is not None and 400 <= status < 500 and status not in TRY_AGAIN
