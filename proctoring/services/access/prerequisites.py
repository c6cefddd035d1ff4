"""The course's credit requirements that come before an exam (contract python.md §4.7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from proctoring.screens import Prerequisites, Requirement


def earlier_requirements(given: Sequence[Mapping[str, Any]] | None, content_id: str) -> list[Mapping[str, Any]]:
    """The course's credit requirements before this exam, in order; all of them where the exam is not one itself."""
    ordered = sorted((r for r in given or () if r.get("namespace") != "grade"), key=lambda r: r.get("order") or 0)
    names = [r.get("name") for r in ordered]
    return ordered[: names.index(content_id)] if content_id in names else ordered


def _prerequisite(requirement: Mapping[str, Any]) -> Prerequisites:
    try:
        return Prerequisites(str(requirement.get("status")))
    except ValueError:
        return Prerequisites.PENDING


def summed_up(requirements: Sequence[Mapping[str, Any]]) -> Prerequisites:
    """The worst that is among them."""
    found = {_prerequisite(r) for r in requirements}
    by_weight = (Prerequisites.DECLINED, Prerequisites.FAILED, Prerequisites.PENDING)
    return next((outcome for outcome in by_weight if outcome in found), Prerequisites.SATISFIED)


def unmet(requirements: Sequence[Mapping[str, Any]]) -> tuple[Requirement, ...]:
    """Those that are to blame for :func:`summed_up`."""
    outcome = summed_up(requirements)
    if outcome is Prerequisites.SATISFIED:
        return ()
    return tuple(_requirement(r) for r in requirements if _prerequisite(r) is outcome)


def _requirement(given: Mapping[str, Any]) -> Requirement:
    name = str(given.get("name") or "")
    content_id = name if given.get("namespace") == "proctored_exam" else ""
    return Requirement(name=str(given.get("display_name") or name), content_id=content_id)
