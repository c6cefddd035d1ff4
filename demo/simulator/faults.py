"""The ways in which the vendor can misbehave, in words for people too."""

import uuid
from dataclasses import dataclass
from enum import StrEnum

HEADER = "X-Simulator-Fault"


class Fault(StrEnum):
    """A fault by its name in plans, in the header and in the journal."""

    SLOW = "slow"
    ERROR = "500"
    GARBAGE = "garbage"
    DUPLICATE = "duplicate"
    REORDERED = "reordered"
    FORGED = "forged"
    SILENT = "silent"
    WRONG_ID = "wrong-id"


@dataclass(frozen=True)
class Described:
    """A fault as a form offers it."""

    name: str
    title: str
    text: str


ANSWERS = (
    Described(Fault.SLOW, "Slow", "The call is carried out, and answered only after the seconds below."),
    Described(Fault.ERROR, "Error 500", "The call is refused with a 500, and nothing is done."),
    Described(Fault.GARBAGE, "Garbage", "The call is carried out, and answered with text that is no JSON."),
    Described(Fault.SILENT, "Silent", "The call is carried out, and no answer comes until the LMS gives up."),
    Described(Fault.WRONG_ID, "Wrong id", "The call is carried out; where the answer names an id, it is nobody's."),
)
CALLBACKS = (
    Described(Fault.SLOW, "Slow", "Every message comes later, by the seconds below."),
    Described(Fault.GARBAGE, "Garbage", "Every message is cut off in the middle of its JSON."),
    Described(Fault.DUPLICATE, "Duplicate", "Every message comes twice at once."),
    Described(
        Fault.REORDERED,
        "Out of order",
        "The review comes too early: before the ready message, or with the start of an exam whose computer is ready.",
    ),
    Described(Fault.FORGED, "Forged", "Every message carries credentials, or a signature, that are not the vendor's."),
    Described(Fault.WRONG_ID, "Wrong id", "Every message is about an id that the LMS never got."),
)
ANSWER_FAULTS = frozenset(fault.name for fault in ANSWERS)
CALLBACK_FAULTS = frozenset(fault.name for fault in CALLBACKS)


def other_id(external_id: str) -> str:
    """An id like the vendor's own which is nobody's; always the same for the same attempt."""
    return uuid.uuid5(uuid.NAMESPACE_URL, external_id).hex
