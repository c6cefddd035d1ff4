"""What has to follow from an attempt, each exactly once, and what must not follow again."""

from typing import Any

from demo.story.report import StepFailed
from demo.story.stage import CONTENT_ID, Learner, Stage
from demo.story.taking import PROGRESS
from demo.story.vendor import accepted
from demo.story.waiting import wait_for

# Two writes: submitted first, then the verdict. Two vendor calls: started and submitted.
PASSED: dict[str, Any] = {
    "credit": {"status": "satisfied", "writes": 2},
    "mails": {"submitted": 1, "verified": 1, "rejected": 0},
    "vendor_calls": 2,
    "grade_override": False,
}
REJECTED: dict[str, Any] = {
    "credit": {"status": "failed", "writes": 2},
    "mails": {"submitted": 1, "verified": 0, "rejected": 1},
    "vendor_calls": 2,
    "grade_override": True,
}
ONCE = ("register", "started", "submitted")


def expect_effects(learner: Learner, status: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Wait until what followed is ``wanted`` and the only attempt is in ``status``; all the effects."""
    wanted = wanted | {"attempts": [{"id": learner.attempt_id, "status": status}]}
    return wait_for(
        learner.effects,
        lambda seen: {key: seen[key] for key in wanted} == wanted,
        f"these effects of the attempt: {wanted}",
    )


def expect_unchanged(before: dict[str, Any], learner: Learner, *except_for: str) -> dict[str, Any]:
    """The effects now, which must be those of ``before`` except for the named ones."""
    after = learner.effects()
    changed = {key: (before[key], after[key]) for key in before if key not in except_for and before[key] != after[key]}
    if changed:
        raise StepFailed("no effect to change", changed)
    return after


def expect_progress(learner: Learner, credit: str, mails: int) -> None:
    """The learner's own progress page says the same."""
    page = learner.browser.open(PROGRESS)
    row = page.marks("data-credit-status", data_content_id=CONTENT_ID) or {}
    seen = (row.get("data-credit-status"), row.get("data-mails"))
    if seen != (credit, str(mails)):
        raise StepFailed(f"credit {credit} and {mails} mails on the progress page", seen)


def expect_once_at_vendor(stage: Stage) -> None:
    """The vendor took every call about both attempts as something new exactly once."""
    entries = stage.vendor.journal()
    for learner in (stage.passing, stage.failing):
        counts = {operation: accepted(entries, learner.external_id, operation) for operation in ONCE}
        if set(counts.values()) != {1}:
            raise StepFailed(f"each call about {learner.username}'s attempt to be taken once", counts)
        stage.report.say(f"{learner.username}: " + ", ".join(f"{name} {count} time" for name, count in counts.items()))
