"""What a vendor said, for people who may see that it said it."""

from typing import Any

HIDDEN = "[hidden]"
MAX_DEPTH = 8
# What of a vendor's message says something about the review and nothing about a person; anything else is hidden.
SHOWN = frozenset(
    """
    status reviewStatus eventStatus start stop duration eventStart eventFinish examDate examName examProcessingStatus
    examSponsor keySetVersion organization reviewedExam simulatedExam ssiProduct
    """.split()
)


def redacted(value: Any, key: str = "", depth: int = 0) -> Any:
    """A vendor's message with its shape, but without names, addresses, links, pictures and free text."""
    if depth > MAX_DEPTH:
        return HIDDEN
    if isinstance(value, dict):
        return {name: redacted(item, name, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [redacted(item, key, depth + 1) for item in value]
    return value if key in SHOWN else HIDDEN
