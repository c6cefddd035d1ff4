"""A vendor that repeats itself and one that talks nonsense."""

from typing import Any

from demo.story.deciding import refused_deliveries
from demo.story.effects import expect_unchanged
from demo.story.report import StepFailed
from demo.story.stage import Learner, Stage
from demo.story.vendor import callbacks_of
from demo.story.waiting import wait_for

TIMES = 10
BAD_REQUEST = 400


def repeat_review(stage: Stage, learner: Learner) -> None:
    """The same review comes ten times more, is accepted each time, and changes nothing."""
    before = learner.effects()
    answers = _answers(stage, learner, times=TIMES)
    if answers != [200] * TIMES:
        raise StepFailed(f"{TIMES} times 200", answers)
    expect_unchanged(before, learner)


def send_malformed(stage: Stage, learner: Learner) -> None:
    """A broken review is answered 400 and changes nothing but the inbox, where it is kept as refused."""
    before = learner.effects()
    answers = _answers(stage, learner, malformed=True)
    if answers != [BAD_REQUEST]:
        raise StepFailed("400", answers)
    after = expect_unchanged(before, learner, "inbox")
    kept = after["inbox"].get("refused", 0) - before["inbox"].get("refused", 0)
    if kept != 1 or before["inbox"].get("applied") != after["inbox"].get("applied"):
        raise StepFailed("one more refused message in the inbox", {"before": before["inbox"], "after": after["inbox"]})


def find_malformed(stage: Stage, learner: Learner) -> None:
    """Staff see the refused message in the admin."""
    listed = refused_deliveries(stage.staff, learner)
    if len(listed) != 1:
        raise StepFailed("one refused message about the attempt in the admin", f"{len(listed)}")
    stage.staff.open(listed[0])
    stage.report.say(f"kept and refused: {listed[0]}")


def _answers(stage: Stage, learner: Learner, **options: Any) -> list[int | None]:
    ids = stage.vendor.send_review(learner.external_id, **options)
    callbacks = wait_for(
        lambda: callbacks_of(stage.vendor.attempts_of(learner.username), ids),
        lambda seen: len(seen) == len(ids) and all(callback["state"] != "pending" for callback in seen),
        "the exam app to answer every callback",
    )
    return [callback["status"] for callback in callbacks]
