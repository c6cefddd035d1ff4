"""Plans: how the vendor treats an attempt. Plain values, checked where they come in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from demo.simulator.faults import ANSWER_FAULTS, CALLBACK_FAULTS

REVIEW_STATUSES = frozenset({"passed", "violation", "suspicious", "not_reviewed"})
REFUSALS = frozenset({"onboarding_missing", "onboarding_pending", "onboarding_failed", "onboarding_expired"})
ONBOARDING = frozenset(
    {"no-profile", "approved-in-course", "approved-in-different-course", "rejected", "expired", "pending"}
)
FALLIBLE = frozenset({"register", "started", "submitted", "error"})
CHOICES = {
    "status": REVIEW_STATUSES,
    "refusal": REFUSALS | {""},
    "onboarding_status": ONBOARDING | {""},
    "answer_fault": ANSWER_FAULTS | {""},
    "callback_fault": CALLBACK_FAULTS | {""},
}
MAXIMA = {"ready_delay": 3600, "review_delay": 3600, "duplicate_callbacks": 100, "slow_seconds": 600}
FLAGS = ("malformed_first", "recording")

Comment = dict[str, Any]

COMMENTS: dict[str, tuple[Comment, ...]] = {
    "passed": (
        {"comment": "Showed the room and the desk", "status": "passed", "start": 12, "stop": 40, "duration": 28},
        {"comment": "Looked at the screen throughout", "status": "passed", "start": 41, "stop": 600, "duration": 559},
    ),
    "violation": (
        {"comment": "Left the seat", "status": "violation", "start": 95, "stop": 140, "duration": 45},
        {
            "comment": "Came back with a sheet of paper",
            "status": "violation",
            "start": 140,
            "stop": 152,
            "duration": 12,
        },
    ),
    "suspicious": (
        {"comment": "Phone visible", "status": "suspicious", "start": 61, "stop": 75, "duration": 14},
        {"comment": "A second voice in the room", "status": "suspicious", "start": 203, "stop": 230, "duration": 27},
    ),
    "not_reviewed": (
        {"comment": "The recording is empty", "status": "not_reviewed", "start": 0, "stop": 0, "duration": 0},
    ),
}


class PlanError(ValueError):
    """A plan that cannot be followed; the text says why."""


@dataclass(frozen=True)
class Plan:
    """
    ``refusal``: onboarding status that registration answers instead of an id. ``onboarding_status``: what §3.9 says of
    the learner, whatever they did. Delays in seconds. ``reviewed_by``: e-mail. ``recording``: whether a review of the
    Software Secure protocol names a recording.

    Lasting faults, see :mod:`demo.simulator.faults`: ``answer_fault`` and ``callback_fault``; ``slow_seconds`` is
    theirs. Faults that strike once: ``duplicate_callbacks`` more deliveries of the same review, ``malformed_first`` a
    broken review before the right one, ``error_first`` and ``lose_answer_first`` name calls of the LMS whose first try
    fails with a 500, or is carried out but never answered.
    """

    status: str = "passed"
    comments: tuple[Comment, ...] | None = None
    reviewed_by: str = ""
    refusal: str = ""
    ready_delay: float = 0.4
    review_delay: float = 0.6
    duplicate_callbacks: int = 0
    malformed_first: bool = False
    error_first: frozenset[str] = frozenset()
    lose_answer_first: frozenset[str] = frozenset()
    answer_fault: str = ""
    callback_fault: str = ""
    slow_seconds: float = 5.0
    onboarding_status: str = ""
    recording: bool = True

    @property
    def notes(self) -> tuple[Comment, ...]:
        """The reviewer's comments."""
        return COMMENTS[self.status] if self.comments is None else self.comments

    @property
    def review(self) -> dict[str, Any]:
        """Body of the review callback (contract vendors_admin_screens.md §3.11)."""
        body: dict[str, Any] = {"status": self.status, "comments": [dict(comment) for comment in self.notes]}
        return body | {"reviewed_by": self.reviewed_by} if self.reviewed_by else body

    def as_json(self) -> dict[str, Any]:
        """The plan as :func:`parse` reads it."""
        values = asdict(self)
        return {key: sorted(value) if isinstance(value, frozenset) else value for key, value in values.items()}


FIELDS = frozenset(field.name for field in fields(Plan))


def parse(given: Mapping[str, Any]) -> Plan:
    """The plan of its JSON form; members left out have their defaults. Raises :class:`PlanError`."""
    if unknown := set(given) - FIELDS:
        raise PlanError(f"unknown: {', '.join(sorted(unknown))}")
    values = dict(given)
    for name in ("error_first", "lose_answer_first"):
        if name in values:
            values[name] = _names(name, values[name], FALLIBLE)
    if values.get("comments") is not None:
        values["comments"] = _comments(values["comments"])
    plan = Plan(**values)
    check(plan)
    return plan


def _names(name: str, given: object, known: frozenset[str]) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given) or not set(given) <= known:
        raise PlanError(f"{name}: a list of {', '.join(sorted(known))}")
    return frozenset(given)


def _comments(given: object) -> tuple[Comment, ...]:
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise PlanError("comments: a list of objects")
    return tuple(given)


def check(plan: Plan) -> None:
    """Raise :class:`PlanError` for a plan that cannot be followed."""
    for name, known in CHOICES.items():
        value = getattr(plan, name)
        if not isinstance(value, str) or value not in known:
            raise PlanError(f"{name}: one of {', '.join(sorted(known))}")
    for name, maximum in MAXIMA.items():
        if not _is_number(getattr(plan, name), maximum):
            raise PlanError(f"{name}: a number, at most {maximum:.0f}")
    if not isinstance(plan.duplicate_callbacks, int):
        raise PlanError("duplicate_callbacks: a whole number")
    for name in FLAGS:
        if not isinstance(getattr(plan, name), bool):
            raise PlanError(f"{name}: true or false")
    if not isinstance(plan.reviewed_by, str):
        raise PlanError("reviewed_by: an e-mail address")


def _is_number(given: object, maximum: float) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given <= maximum


SUSPECTS = {"bruno": Plan(status="suspicious"), "dana": Plan(status="violation")}


def default_for(email: str) -> Plan:
    """The plan of a learner nobody planned for: a few names of the demo are trouble, everybody else passes."""
    name = email.partition("@")[0].partition("-")[0].lower()
    return SUSPECTS.get(name, Plan())
