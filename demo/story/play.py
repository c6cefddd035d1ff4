"""The story, step by step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from demo.story import deciding, effects, stuttering, taking
from demo.story.report import StepFailed
from demo.story.stage import Learner, Stage


@dataclass(frozen=True)
class Step:
    """One step; ``play`` raises ``StepFailed``."""

    sentence: str
    play: Callable[[], object]


def steps(stage: Stage) -> Iterator[Step]:
    """All steps in order."""
    yield Step(
        "The vendor is told how to review: one learner passes, the other looks suspicious.", lambda: _plan(stage)
    )
    yield from _passing(stage)
    yield from _failing(stage)
    yield from _stuttering(stage)


def _plan(stage: Stage) -> None:
    stage.vendor.begin()
    stage.vendor.plan(stage.passing.username, status="passed")
    stage.vendor.plan(stage.failing.username, status="suspicious", comments=deciding.COMMENTS)


def _passing(stage: Stage) -> Iterator[Step]:
    learner, vendor = stage.passing, stage.vendor
    name = learner.username
    yield Step(f"{name} signs in.", lambda: taking.sign_in(learner.browser, name))
    yield Step("They open the course and in it the proctored exam.", lambda: taking.open_exam(learner))
    yield Step("They begin: the attempt is registered with the vendor.", lambda: taking.begin(learner, vendor))
    yield Step(
        "The vendor reports that the computer is ready.", lambda: taking.wait_for_status(learner, "ready_to_start")
    )
    yield Step("They start, and the clock runs.", lambda: taking.act(learner, "start", "started"))
    yield from _vendor_dies_or_hears(stage)
    yield Step("They answer the questions.", lambda: taking.answer(learner))
    yield Step(
        "They stop, and are asked whether they are done.", lambda: taking.act(learner, "stop", "ready_to_submit")
    )
    yield Step("They submit.", lambda: taking.submit(learner))
    yield from _vendor_comes_back(stage)
    yield Step(
        "The vendor reviews, with time-coded comments: the attempt is verified.",
        lambda: taking.wait_for_status(learner, "verified"),
    )
    yield Step(
        "Credit is satisfied and mails are sent, each once.",
        lambda: effects.expect_effects(learner, "verified", effects.PASSED),
    )
    yield Step(
        "Their progress page says the same.", lambda: effects.expect_progress(learner, credit="satisfied", mails=2)
    )


def _vendor_dies_or_hears(stage: Stage) -> Iterator[Step]:
    if stage.interruption:
        yield Step("The vendor's process is killed.", stage.interruption.kill)
    else:
        yield Step(
            "The vendor hears of the start.", lambda: taking.vendor_hears(stage.passing, stage.vendor, "started")
        )


def _vendor_comes_back(stage: Stage) -> Iterator[Step]:
    if stage.interruption:
        yield Step("The vendor's process is started again.", stage.interruption.restart)


def _failing(stage: Stage) -> Iterator[Step]:
    learner = stage.failing
    yield Step(f"{learner.username} takes the same exam.", lambda: taking.take(learner, stage))
    yield Step(
        "The review says suspicious: the attempt waits for a second look.",
        lambda: taking.wait_for_status(learner, "second_review_required"),
    )
    yield Step("grace, of the staff, signs in to the admin.", lambda: deciding.sign_in_to_admin(stage))
    yield Step("She looks at the review and confirms it.", lambda: deciding.confirm_suspicion(stage.staff, learner))
    yield Step("The attempt is rejected.", lambda: taking.wait_for_status(learner, "rejected"))
    yield Step(
        "Credit has failed, the grade is replaced and mails are sent, each once.",
        lambda: effects.expect_effects(learner, "rejected", effects.REJECTED),
    )
    yield Step("Their progress page says the same.", lambda: effects.expect_progress(learner, credit="failed", mails=2))


def _stuttering(stage: Stage) -> Iterator[Step]:
    yield from (_repeating(stage, learner) for learner in (stage.passing, stage.failing))
    learner = stage.passing
    yield Step("The vendor sends a review that cannot be read: 400.", lambda: stuttering.send_malformed(stage, learner))
    yield Step("grace finds it in the admin, kept and refused.", lambda: stuttering.find_malformed(stage, learner))
    yield Step("Every call reached the vendor once, and no effect came twice.", lambda: _nothing_twice(stage))


def _repeating(stage: Stage, learner: Learner) -> Step:
    return Step(
        f"The vendor sends the review of {learner.username} ten times more: nothing changes.",
        lambda: stuttering.repeat_review(stage, learner),
    )


def _nothing_twice(stage: Stage) -> None:
    effects.expect_once_at_vendor(stage)
    effects.expect_effects(stage.passing, "verified", effects.PASSED)
    effects.expect_effects(stage.failing, "rejected", effects.REJECTED)


def play(stage: Stage) -> bool:
    """Play all steps; whether all went as expected."""
    report = stage.report
    for step in steps(stage):
        report.step(step.sentence)
        failure = _failure_of(step)
        report.vendor_calls(stage.vendor.news())
        if failure:
            report.failed(failure)
            return False
    report.end(f"The story ended well, in {report.number} steps.")
    return True


def _failure_of(step: Step) -> StepFailed | None:
    try:
        step.play()
    except StepFailed as failure:
        return failure
    except Exception as error:
        # An answer of a shape nobody foresaw is a failed step too, with its number and sentence.
        return StepFailed("answers of the agreed shape", repr(error))
    return None
