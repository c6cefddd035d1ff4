"""
Is what arrived what had to arrive? Pure.

Effects on the LMS are there exactly once. Mail and vendor calls go to other machines, which no transaction of ours
includes: who dies between the call and the mark that it was made makes it again. Those are there at least once, and
repetitions are counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.faults.counting import Attempt, Seen, Verification
from tests.faults.plans import final_status, final_verification

SUBMITTED_MAIL = "submitted"
EFFECTS: Mapping[str, Counter[str]] = {
    "verified": Counter({"completion": 1, "credit submitted": 1, "credit satisfied": 1}),
    "rejected": Counter({"completion": 1, "credit submitted": 1, "credit failed": 1, "grade": 1, "certificate": 1}),
    "error": Counter({"credit failed": 1}),
}
MAILS: Mapping[str, tuple[str, ...]] = {
    "verified": ("submitted", "verified"),
    "rejected": ("submitted", "rejected"),
    "error": (),
}
CALLS: Mapping[str, tuple[str, ...]] = {
    "verified": ("register", "started", "submitted"),
    "rejected": ("register", "started", "submitted"),
    "error": ("register", "error"),
}
IDENTITY_MAILS: Mapping[str, tuple[str, ...]] = {
    "approved": ("submitted", "approved"),
    "denied": ("submitted", "denied"),
}


@dataclass
class Verdict:
    """``problems`` by what is wrong, with examples; ``totals`` is what arrived; ``repeats`` came more than once."""

    problems: dict[str, list[str]] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)
    repeats: Counter[str] = field(default_factory=Counter)

    def add(self, problem: str, example: str) -> None:
        self.problems.setdefault(problem, []).append(example)

    @property
    def is_good(self) -> bool:
        return not self.problems


def judge(seen: Seen, attempts: int, verifications: int) -> Verdict:
    """What is right and wrong with ``seen``; so many learners wanted to do either."""
    verdict = Verdict()
    _everybody(verdict, "attempt", Counter(attempt.learner for attempt in seen.attempts), attempts)
    _everybody(verdict, "verification", Counter(each.learner for each in seen.verifications), verifications)
    for attempt in seen.attempts:
        _judge_attempt(verdict, attempt)
    for verification in seen.verifications:
        _judge_verification(verdict, verification)
    _judge_rest(verdict, seen)
    return verdict


def _everybody(verdict: Verdict, noun: str, learners: Counter[str], expected: int) -> None:
    if len(learners) != expected:
        verdict.add(f"learners without {noun}", f"{expected - len(learners)} of {expected}")
    for learner, count in learners.items():
        if count > 1:
            verdict.add(f"more than one {noun}", f"{learner}: {count}")


def _judge_attempt(verdict: Verdict, attempt: Attempt) -> None:
    wanted = final_status(attempt.number)
    verdict.totals[f"attempts {attempt.status}"] += 1
    if attempt.status != wanted:
        verdict.add("attempt in another state", f"{attempt.learner}: {attempt.status}, not {wanted}")
        return
    for problem in _differences(attempt.effects, EFFECTS[wanted]):
        verdict.add("effect on the LMS not exactly once", f"{attempt.learner} ({wanted}): {problem}")
    verdict.totals.update(f"effect: {name}" for name in attempt.effects.elements())
    _at_least_once(verdict, "mail", attempt.learner, attempt.mails, MAILS[wanted])
    for problem in _differences(attempt.calls, Counter(CALLS[wanted])):
        verdict.add("vendor call not taken exactly once", f"{attempt.learner} ({wanted}): {problem}")
    verdict.totals.update(f"vendor call: {name}" for name in attempt.calls.elements())
    verdict.repeats["vendor calls that the vendor knew by their key"] += attempt.repeated_calls
    verdict.totals["reviews taken"] += attempt.reviews_taken
    if attempt.reviews_applied < attempt.reviews_taken:
        lost = f"{attempt.learner}: {attempt.reviews_taken} answered 2xx, {attempt.reviews_applied} applied"
        verdict.add("lost callback", lost)


def _judge_verification(verdict: Verdict, verification: Verification) -> None:
    wanted, learner = final_verification(verification.number), verification.learner
    verdict.totals[f"verifications {verification.status}"] += 1
    if verification.status != wanted:
        verdict.add("verification in another state", f"{learner}: {verification.status}, not {wanted}")
        return
    _at_least_once(verdict, "mail", learner, verification.mails, IDENTITY_MAILS[wanted])
    if not verification.updates[wanted]:
        verdict.add("decision that the LMS was not told of", f"{learner}: {dict(verification.updates)}")
    elif verification.name_status != wanted:
        verdict.add("name in another state", f"{learner}: {verification.name_status}, not {wanted}")
    verdict.totals.update(f"update: {status}" for status in verification.updates)
    verdict.repeats["updates of verifications"] += verification.updates.total() - len(verification.updates)
    if not verification.requests:
        verdict.add("verification that the vendor does not know", learner)
    verdict.totals["verifications at the vendor"] += bool(verification.requests)
    verdict.repeats["requests of verifications, known by their receipt"] += max(0, verification.requests - 1)
    if verification.results_taken and not verification.results_applied:
        verdict.add("lost callback", f"{learner}: the result was answered 2xx and not applied")
    verdict.totals["results taken"] += verification.results_taken


def _judge_rest(verdict: Verdict, seen: Seen) -> None:
    for kind, count in seen.waiting.items():
        verdict.add("row that still waits", f"{kind}: {count}")
    for kind, count in seen.dead.items():
        verdict.add("dead letter", f"{kind}: {count}")
    for name in seen.files_without_row:
        verdict.add("photo without a row", name)
    for name in seen.rows_without_file:
        verdict.add("row without its photo", name)
    if seen.untold_callbacks:
        verdict.add("callback that was never taken", str(seen.untold_callbacks))
    verdict.repeats["registrations that only the vendor knows"] += seen.attempts_only_at_vendor


def _differences(seen: Mapping[str, int], wanted: Mapping[str, int]) -> Iterator[str]:
    for name in sorted(seen.keys() | wanted.keys()):
        if seen.get(name, 0) != wanted.get(name, 0):
            yield f"{name} {seen.get(name, 0)} times, not {wanted.get(name, 0)}"


def _at_least_once(verdict: Verdict, noun: str, learner: str, seen: Mapping[str, int], wanted: tuple[str, ...]) -> None:
    counts = _by_word(seen, wanted)
    for word in wanted:
        if not counts[word]:
            verdict.add(f"{noun} that never came", f"{learner}: {word}")
        verdict.totals[f"{noun}: {word}"] += min(counts[word], 1)
        verdict.repeats[f"{noun}s"] += max(0, counts[word] - 1)
    if stray := sum(seen.values()) - counts.total():
        verdict.add(f"{noun} that nobody should get", f"{learner}: {stray}")


def _by_word(seen: Mapping[str, int], wanted: tuple[str, ...]) -> Counter[str]:
    """By what they say: subjects hold the word, or what stands for it."""
    counts: Counter[str] = Counter()
    for subject, count in seen.items():
        for word in wanted:
            if word in subject.lower() or (word == SUBMITTED_MAIL and "submitting" in subject.lower()):
                counts[word] += count
    return counts
