"""Which plan holds for whom, and which of its faults have been played."""

from dataclasses import dataclass, replace
from typing import Any

from demo.simulator import plans
from demo.simulator.models import PlannedBehaviour
from demo.simulator.plans import Plan

SCOPES = ("attempt", "learner", "exam")


@dataclass(frozen=True)
class Subject:
    """Whom a call is about. A learner is known by the LMS's id of them, their e-mail address, or the name in it."""

    attempt: str = ""
    learner: str = ""
    email: str = ""
    exam: str = ""

    @property
    def targets(self) -> list[tuple[str, str]]:
        """What a plan may name, the narrowest first."""
        learner = [self.learner, self.email, self.email.partition("@")[0]]
        named = [("attempt", self.attempt), *(("learner", name) for name in learner), ("exam", self.exam)]
        return [(scope, target) for scope, target in named if target]


def plan_for(subject: Subject) -> Plan:
    """What to do with the subject: the narrowest plan that was set, otherwise the learner's default."""
    row = _row(subject)
    return plans.parse(row.plan) if row else plans.default_for(subject.email)


def set_plan(scope: str, target: str, plan: Plan) -> None:
    """From now on the plan holds for the target, with its faults still to come."""
    values = {"plan": plan.as_json(), "spent": []}
    PlannedBehaviour.objects.update_or_create(scope=scope, target=target, defaults=values)


def set_faults(subject: Subject, *, answer: str, callback: str, slow_seconds: float) -> None:
    """
    Let the subject's attempt meet these lasting faults from now on; all else of its plan stays as it is.

    Raises :class:`plans.PlanError`.
    """
    row = _row(subject)
    plan = replace(plan_for(subject), answer_fault=answer, callback_fault=callback, slow_seconds=slow_seconds)
    plans.check(plan)
    values = {"plan": plan.as_json(), "spent": row.spent if row else []}
    PlannedBehaviour.objects.update_or_create(scope="attempt", target=subject.attempt, defaults=values)


def play_fault(subject: Subject, fault: str, operation: str) -> bool:
    """Whether the plan's fault (``error_first`` or ``lose_answer_first``) strikes this call. It does so once."""
    row = _row(subject)
    mark = f"{fault}:{operation}"
    if row is None or mark in row.spent or operation not in _planned(row.plan, fault):
        return False
    row.spent = [*row.spent, mark]
    row.save(update_fields=["spent"])
    return True


def _planned(plan: dict[str, Any], fault: str) -> frozenset[str]:
    planned: frozenset[str] = getattr(plans.parse(plan), fault)
    return planned


def _row(subject: Subject) -> PlannedBehaviour | None:
    for scope, target in subject.targets:
        if row := PlannedBehaviour.objects.filter(scope=scope, target=target).first():
            return row
    return None
