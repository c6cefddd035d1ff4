"""What was seen, and whether it is as it has to be. Plain figures: nothing is asked of any system here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil
from statistics import median

# The first third: caches fill and memory finds its size.
WARM_UP = 1 / 3
MAX_MIB_AN_HOUR = 24.0
# Less than this in all is no trend.
MIB_OF_NO_ACCOUNT = 4.0
# In less time a process has not yet done everything once.
SECONDS_TO_JUDGE_MEMORY = 600
MAX_SLOWDOWN = 1.5
SECONDS_OF_NO_ACCOUNT = 0.02
PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Answer:
    """
    ``at`` is when the request was due, in seconds from the beginning; ``wait`` from then to the end of the answer.

    ``status`` 0: there was no answer.
    """

    at: float
    kind: str
    wait: float
    status: int

    @property
    def is_failure(self) -> bool:
        return not 200 <= self.status < 300


@dataclass(frozen=True)
class Look:
    """What stood where at a moment: MiB of each process, and how much waits in each queue."""

    at: float
    memory: Mapping[str, float]
    depths: Mapping[str, int]


@dataclass
class Seen:
    """Everything of a run of ``seconds``; ``left`` is what was still not done at its end, after some patience."""

    learners: int
    seconds: float
    answers: list[Answer] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    left: Mapping[str, int] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        return max(1, ceil(self.seconds / 60))

    def answers_of(self, minute: int) -> list[Answer]:
        return [answer for answer in self.answers if int(answer.at // 60) == minute]

    def look_of(self, minute: int) -> Look | None:
        """The last one of the minute."""
        found = [look for look in self.looks if int(look.at // 60) == minute]
        return found[-1] if found else None

    @property
    def processes(self) -> list[str]:
        """Those that lived at the last look."""
        return sorted(self.looks[-1].memory) if self.looks else []

    @property
    def failures(self) -> Counter[tuple[str, int]]:
        return Counter((answer.kind, answer.status) for answer in self.answers if answer.is_failure)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of all are not above; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Theil and Sen's: the median of the slopes of all pairs, which single jumps do not move."""
    return median([(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2) if x2 > x1] or [0.0])


def growth(seen: Seen, process: str) -> float:
    """MiB an hour, after the warm-up."""
    points = [(look.at, look.memory[process]) for look in _warm(seen) if process in look.memory]
    return slope(points) * 3600


def judge(seen: Seen) -> list[str]:
    """What did not hold, a sentence each; nothing where everything did."""
    return [*_failed(seen), *_grown(seen), *_slower(seen), *_left(seen)]


def slowdown(seen: Seen) -> tuple[float, float]:
    """Seconds that 95 in 100 answers take at most, in the first and in the last third."""
    third = seen.seconds / 3
    first = [answer.wait for answer in seen.answers if answer.at < third]
    last = [answer.wait for answer in seen.answers if answer.at >= 2 * third]
    return percentile(first, 95), percentile(last, 95)


def _warm(seen: Seen) -> list[Look]:
    return [look for look in seen.looks if look.at >= seen.seconds * WARM_UP]


def _failed(seen: Seen) -> Iterator[str]:
    if not seen.answers:
        yield "Nothing was asked."
    for (kind, status), number in sorted(seen.failures.items()):
        yield f"{kind}: {number} times {status or 'no answer'}."


def _grown(seen: Seen) -> Iterator[str]:
    known = {name for look in seen.looks for name in look.memory}
    for process in sorted(known - set(seen.processes)):
        yield f"{process} has ended meanwhile."
    if seen.seconds < SECONDS_TO_JUDGE_MEMORY:
        return
    hours = seen.seconds * (1 - WARM_UP) / 3600
    for process in seen.processes:
        each_hour = growth(seen, process)
        if each_hour > MAX_MIB_AN_HOUR and each_hour * hours > MIB_OF_NO_ACCOUNT:
            yield f"{process} grows by {each_hour:.0f} MiB an hour; at most {MAX_MIB_AN_HOUR:.0f} are borne."


def _slower(seen: Seen) -> Iterator[str]:
    first, last = slowdown(seen)
    if last > max(first * MAX_SLOWDOWN, first + SECONDS_OF_NO_ACCOUNT):
        yield f"p95 went from {first * 1000:.0f} ms in the first third to {last * 1000:.0f} ms in the last one."


def _left(seen: Seen) -> Iterator[str]:
    for what, number in sorted(seen.left.items()):
        if number:
            yield f"At the end there were {number} {what}."
