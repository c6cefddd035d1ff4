"""The course's credit requirements that come before an exam (contract python.md §4.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proctoring import lms
from proctoring.screens import Prerequisites, Requirement
from proctoring.services import links

Requirements = tuple[Mapping[str, Any], ...]

JUMPTO_SUPPORTED_NAMESPACES = ["proctored_exam"]
"""Namespaces whose requirements are parts of the course, so that a learner can be sent there."""

IGNORED_NAMESPACE = "grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a learner stands with the requirements before an exam, each list in the course's order."""

    satisfied: Requirements = ()
    failed: Requirements = ()
    pending: Requirements = ()
    declined: Requirements = ()

    @property
    def outcome(self) -> Prerequisites:
        """The worst that is among them."""
        if self.declined:
            return Prerequisites.DECLINED
        if self.failed:
            return Prerequisites.FAILED
        return Prerequisites.PENDING if self.pending else Prerequisites.SATISFIED

    @property
    def unmet(self) -> tuple[Requirement, ...]:
        """Those that are to blame for :attr:`outcome`."""
        return tuple(_requirement(given) for given in self.declined or self.failed or self.pending)

    def as_dict(self, course_id: str) -> dict[str, Any]:
        """
        ``prerequisite_status`` as it goes over the wire (contract rest.md §3.6), one misspelt key included.

        The requirements are copies of the host's. Unless one is declined, those that failed, or else those that are
        pending, say in ``jumpto_url`` where they can be met: a path, or None.
        """
        blamed = self.outcome
        failed = _linked(self.failed, course_id) if blamed is Prerequisites.FAILED else _copies(self.failed)
        pending = _linked(self.pending, course_id) if blamed is Prerequisites.PENDING else _copies(self.pending)
        return {
            "are_prerequisites_satisifed": blamed is Prerequisites.SATISFIED,
            "satisfied_prerequisites": _copies(self.satisfied),
            "failed_prerequisites": failed,
            "pending_prerequisites": pending,
            "declined_prerequisites": _copies(self.declined),
        }


def standing(given: Sequence[Mapping[str, Any]] | None, content_id: str) -> Standing:
    """``given`` is what the host's credit service says of all the course's requirements; it is left as it is."""
    sorted_out: dict[str, Requirements] = {}
    for requirement in _earlier(given or (), content_id):
        kind = _kind(requirement)
        sorted_out[kind] = (*sorted_out.get(kind, ()), requirement)
    return Standing(**sorted_out)


def of_learner(course_id: str, content_id: str, user_id: int) -> Standing | None:
    """Where the learner stands; None for whom the host keeps no credit."""
    state = lms.credit().get_credit_state(user_id, course_id)
    return standing(state.get("credit_requirement_status"), content_id) if state else None


def _earlier(given: Sequence[Mapping[str, Any]], content_id: str) -> Sequence[Mapping[str, Any]]:
    """Those before this exam, in order; all of them where the exam is not one itself."""
    ordered = sorted((r for r in given if r.get("namespace") != IGNORED_NAMESPACE), key=lambda r: r.get("order") or 0)
    names = [r.get("name") for r in ordered]
    return ordered[: names.index(content_id)] if content_id in names else ordered


def _kind(requirement: Mapping[str, Any]) -> str:
    try:
        return Prerequisites(str(requirement.get("status"))).value
    except ValueError:
        return Prerequisites.PENDING.value


def _target(requirement: Mapping[str, Any]) -> str:
    """The part of the course that the requirement is about; empty where it is about something else."""
    supported = requirement.get("namespace") in JUMPTO_SUPPORTED_NAMESPACES
    return str(requirement.get("name") or "") if supported else ""


def _requirement(given: Mapping[str, Any]) -> Requirement:
    name = str(given.get("display_name") or given.get("name") or "")
    return Requirement(name=name, content_id=_target(given))


def _copies(requirements: Requirements) -> list[dict[str, Any]]:
    return [dict(requirement) for requirement in requirements]


def _linked(requirements: Requirements, course_id: str) -> list[dict[str, Any]]:
    return [{**requirement, "jumpto_url": _jump_to(requirement, course_id)} for requirement in requirements]


def _jump_to(requirement: Mapping[str, Any], course_id: str) -> str | None:
    target = _target(requirement)
    return (links.jump_to(course_id, target) or None) if target else None
