"""What was measured, and whether it is what it has to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.web.cases import Case
from benchmarks.web.loader import Load
from benchmarks.web.looking import Line, Statement

BULK_STATEMENTS, BULK_RATE = 40, 2_500


@dataclass
class Figure:
    """Rounds of the control and of a case, one after the other."""

    case: Case
    attempts: int
    rounds: list[tuple[Load, Load]] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The case's rate as a share of the control's: the median of the rounds."""
        return median(done.rate / control.rate for control, done in self.rounds)

    @property
    def rate(self) -> float:
        return median(done.rate for _, done in self.rounds)

    @property
    def control(self) -> float:
        return median(control.rate for control, _ in self.rounds)

    @property
    def milliseconds(self) -> float:
        return median(done.milliseconds for _, done in self.rounds)

    @property
    def work(self) -> float:
        """Milliseconds of processors for an answer, the site's and the database's together; 0 where nobody knows."""
        return median(done.work_each for _, done in self.rounds)

    @property
    def database_work(self) -> float:
        """The database's part of it."""
        return median(done.work.database * 1000 / max(len(done.waits), 1) for _, done in self.rounds)

    @property
    def work_ratio(self) -> float:
        """The control's work as a share of the case's."""
        return median(control.work_each / done.work_each if done.work_each else 0.0 for control, done in self.rounds)

    @property
    def steady(self) -> float:
        """What sizes are compared by: what else the machine does changes work less than rates."""
        return self.work_ratio or self.ratio

    @property
    def refused(self) -> int:
        return sum(one.refused.total() for both in self.rounds for one in both)

    def __str__(self) -> str:
        refused = f", {self.refused} refused" if self.refused else ""
        return (
            f"{self.attempts:>7,}  {self.case.name}: {self.ratio:.2f} of the control "
            f"({self.rate:.0f} of {self.control:.0f} a second, {self.milliseconds:.1f} ms), "
            f"{self.work_ratio:.2f} by work ({self.work:.1f} ms, {self.database_work:.1f} of it the database){refused}"
        )


@dataclass
class Look:
    """What a request does; the plan and the profile at the largest size only."""

    name: str
    attempts: int
    statements: int
    slowest: Statement
    plan: Sequence[str] = ()
    profile: Sequence[Line] = ()


@dataclass
class Bulk:
    """One request that grants very many allowances."""

    statements: int
    pairs: int
    rounds: Sequence[Load]

    @property
    def rate(self) -> float:
        """Allowances a second."""
        return median(self.pairs / one.seconds for one in self.rounds)

    @property
    def refused(self) -> int:
        return sum(one.refused.total() for one in self.rounds)

    @property
    def is_enough(self) -> bool:
        return self.statements <= BULK_STATEMENTS and self.rate >= BULK_RATE

    def __str__(self) -> str:
        return f"bulk allowance: {self.pairs:,} in {self.statements} statements, {self.rate:,.0f} a second"


@dataclass
class Results:
    """Everything of a run."""

    rounds: int
    seconds: float
    figures: list[Figure] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    bulk: Bulk | None = None

    @property
    def sizes(self) -> list[int]:
        return sorted({figure.attempts for figure in self.figures})

    @property
    def cases(self) -> list[Case]:
        """Those that were measured, in their order."""
        return list({figure.case.name: figure.case for figure in self.figures}.values())

    @property
    def refused(self) -> bool:
        return any(figure.refused for figure in self.figures) or bool(self.bulk and self.bulk.refused)

    @property
    def has_misses(self) -> bool:
        return any(self.misses(case) for case in self.cases) or bool(self.bulk and not self.bulk.is_enough)

    def of(self, name: str) -> dict[int, Figure]:
        """The figures of a case, by the size of the course."""
        return {figure.attempts: figure for figure in self.figures if figure.case.name == name}

    def statements(self, name: str) -> list[int]:
        """How many statements the case needs, at each size."""
        return [look.statements for look in self.looks if look.name == name]

    def misses(self, case: Case) -> list[str]:
        """What is not as it has to be, in words."""
        return [*self._too_slow(case), *self._grows(case), *self._behind(case)]

    def _too_slow(self, case: Case) -> Iterator[str]:
        for attempts, figure in self.of(case.name).items():
            if case.target is not None and figure.ratio < case.target:
                yield f"{figure.ratio:.2f} at {attempts:,}"

    def _grows(self, case: Case) -> Iterator[str]:
        found = self.of(case.name)
        if case.loss is None or len(found) < 2:
            return
        kept = found[max(found)].steady / found[min(found)].steady
        if kept < 1 - case.loss:
            yield f"{kept:.0%} of its speed left at {max(found):,}"

    def _behind(self, case: Case) -> Iterator[str]:
        others = self.of(case.beside)
        for attempts, figure in self.of(case.name).items():
            if attempts in others and figure.steady < 0.8 * others[attempts].steady:
                yield f"{figure.steady / others[attempts].steady:.0%} of the first page at {attempts:,}"
