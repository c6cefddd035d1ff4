"""What becomes of which learner: pure, so that the counting knows it too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.identity_vendor import REFUSED_NAME

ATTEMPT_NAME, VERIFICATION_NAME = "exam-{:05}", "photo-{:05}"
CALLS = ["register", "started", "submitted"]


@dataclass(frozen=True)
class Trouble:
    """
    How the vendor treats a learner: from the ``beginning``, and from the ``start`` or the ``end`` of the exam until it
    comes to its senses. ``status`` is where the attempt ends that a pass would verify.
    """

    name: str
    beginning: Mapping[str, Any] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    end: Mapping[str, Any] = field(default_factory=dict)
    status: str = "verified"


NONE = Trouble("none")
# The simulator's eight faults, those of its answers and those of its callbacks, and those that strike once.
TROUBLES = (
    Trouble("first tries fail", {"error_first": CALLS}),
    Trouble("first answers are lost", {"lose_answer_first": CALLS}),
    Trouble("answers are slow", start={"answer_fault": "slow", "slow_seconds": 1.5}),
    Trouble("answers are errors", start={"answer_fault": "500"}),
    Trouble("answers are garbage", start={"answer_fault": "garbage"}),
    Trouble("no answers", start={"answer_fault": "silent"}),
    Trouble("answers of another id", start={"answer_fault": "wrong-id"}),
    Trouble("callbacks are slow", {"callback_fault": "slow", "slow_seconds": 2}),
    Trouble("callbacks come twice", {"callback_fault": "duplicate"}),
    Trouble("a broken review, then four", {"malformed_first": True, "duplicate_callbacks": 3}),
    # A pass of an exam that nobody has handed in lets nobody in.
    Trouble("the review comes first", {"callback_fault": "reordered"}, status="error"),
    Trouble("reviews are garbage", end={"callback_fault": "garbage"}),
    Trouble("reviews are forged", end={"callback_fault": "forged"}),
    Trouble("reviews of another id", end={"callback_fault": "wrong-id"}),
    NONE,
    NONE,
    NONE,
)


def trouble_of(number: int) -> Trouble:
    """The trouble of an attempt by its number."""
    return TROUBLES[number % len(TROUBLES)]


def verdict_of(number: int) -> str:
    """What the vendor says of an attempt."""
    suspect = number % 10 == 7 and trouble_of(number).status == "verified"
    return "suspicious" if suspect else "passed"


def final_status(number: int) -> str:
    """Where an attempt has to end."""
    return "rejected" if verdict_of(number) == "suspicious" else trouble_of(number).status


def final_verification(number: int) -> str:
    """Where a photo verification has to end."""
    return "denied" if number % 5 == 3 else "approved"


def full_name(username: str) -> str:
    """The learner's name, by which the vendor of photo verifications knows whom to refuse."""
    kind, _, number = username.partition("-")
    refused = kind == "photo" and final_verification(int(number)) == "denied"
    return f"{username.title()} {REFUSED_NAME if refused else 'Demo'}"


def number_of(username: str) -> int:
    """The number in a learner's name."""
    return int(username.partition("-")[2])
