"""One size of the course after the other: seed, look, and measure each case in turn with the control."""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks.web import cases, looking, report
from benchmarks.web.cases import Ask, Case
from benchmarks.web.course import Course, seed, seed_pools
from benchmarks.web.figures import Bulk, Figure, Look, Results
from benchmarks.web.loader import Load, load
from benchmarks.web.server import Server, serving

WARM_UP = 8
MOST_A_SECOND = 400


@dataclass
class Size:
    """A course of one size, and what is asked about it."""

    course: Course
    cases: list[Case]
    is_largest: bool
    has_bulk: bool


def run(options: argparse.Namespace, folder: Path) -> int:
    """Everything; what was measured is written after each size, so that whoever breaks it off has that."""
    results = Results(options.rounds, options.seconds)
    for size in _sizes(options):
        began = time.monotonic()
        call_command("flush", interactive=False, verbosity=0)
        seed(size.course)
        print(f"{size.course.attempts:,} attempts: seeded in {time.monotonic() - began:.1f} s", flush=True)
        _each_case(size, options, folder, results)
        report.write(results, options.results, only_looked=options.profile)
    print(f"{report.told(results)}\nThe reports are in {options.results}.")
    return int(results.refused or (options.strict and results.has_misses))


def _sizes(options: argparse.Namespace) -> Iterator[Size]:
    """The pages at the smallest and at the largest size, everything else at all that are asked for."""
    largest = max(options.sizes)
    for attempts in sorted({options.smallest_page, *options.sizes} if not options.profile else {largest}):
        chosen = cases.requests() if attempts in options.sizes else []
        if attempts in (options.smallest_page, largest):
            chosen += cases.pages()
        course = Course(attempts, spare=_spare(options))
        is_largest = attempts == largest
        has_bulk = is_largest and not options.profile and _is_wanted("bulk allowance", options.only)
        yield Size(course, [one for one in chosen if _is_wanted(one.name, options.only)], is_largest, has_bulk)


def _is_wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(part in name for part in only)


def _spare(options: argparse.Namespace) -> int:
    """Learners for what can be done once: those that are asked for in the time, and those who are looked at."""
    once = int(options.rounds * options.seconds * MOST_A_SECOND) + 100
    return max(once, cases.LEARNERS_AT_ONCE * (options.rounds + 1) // cases.POOLS)


def _each_case(size: Size, options: argparse.Namespace, folder: Path, results: Results) -> None:
    asks = {case.name: case.asks(size.course) for case in size.cases if not case.needs_pools}
    with serving(folder) as server:
        for case in sorted(size.cases, key=lambda one: one.needs_pools):
            if case.name not in asks:
                seed_pools(size.course)
                asks |= {one.name: one.asks(size.course) for one in size.cases if one.needs_pools}
            _look(case, asks[case.name], size, results)
            if not options.profile:
                _measure(case, asks[case.name], size, _Site(server, options), results)
        if size.has_bulk:
            _measure_bulk(size, any(one.needs_pools for one in size.cases), _Site(server, options), results)


@dataclass(frozen=True)
class _Site:
    server: Server
    options: argparse.Namespace

    def load(self, asks: Iterator[Ask], connections: int, seconds: float | None = None) -> Load:
        return load(self.server, asks, connections, self.options.seconds if seconds is None else seconds)


def _look(case: Case, asks: Iterator[Ask], size: Size, results: Results) -> None:
    # What a process only does once is not what a request takes.
    looking.answer(next(asks))
    seen = looking.statements(next(asks))
    slowest = max(seen, key=lambda statement: statement.seconds)
    look = Look(case.name, size.course.attempts, len(seen), slowest)
    if size.is_largest:
        look.plan = looking.plan(slowest)
        look.profile = looking.profile(asks)
    results.looks.append(look)
    connection.close()


def _measure(case: Case, asks: Iterator[Ask], size: Size, site: _Site, results: Results) -> None:
    controls = cases.control(size.course)
    figure = Figure(case, size.course.attempts)
    for each in (controls, asks):
        site.load(islice(each, WARM_UP), case.connections)
    for _ in range(site.options.rounds):
        control, done = site.load(controls, case.connections), site.load(asks, case.connections)
        figure.rounds.append((control, done))
    results.figures.append(figure)
    print(figure, flush=True)


def _measure_bulk(size: Size, has_pools: bool, site: _Site, results: Results) -> None:
    if not has_pools:
        seed_pools(size.course)
    asks = cases.bulk(size.course)
    seen = len(looking.statements(next(asks)))
    pairs = cases.LEARNERS_AT_ONCE * len(cases.EXAMS_OF_OTHER)
    rounds = [site.load(islice(asks, 1), 1) for _ in range(site.options.rounds)]
    results.bulk = Bulk(seen, pairs, rounds)
    print(results.bulk, flush=True)
