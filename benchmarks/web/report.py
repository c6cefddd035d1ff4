"""The figures as tables and as a plot, and beside them what the requests do."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.tables import save, table, title
from benchmarks.web import plot
from benchmarks.web.cases import Case
from benchmarks.web.figures import BULK_RATE, BULK_STATEMENTS, Figure, Results
from benchmarks.web.server import WORKERS

SQL_SHOWN = 1500


def write(results: Results, folder: Path, *, only_looked: bool) -> None:
    """``web.rst`` with ``web.svg``, and ``web_requests.rst``: statements, plans and profiles."""
    save(folder / "web_requests.rst", _requests(results))
    if not only_looked and results.figures:
        save(folder / "web.rst", _figures(results))
        plot.write(results, folder / "web.svg")


def told(results: Results) -> str:
    """What is not as it has to be, a case a line."""
    missed = {case.name: results.misses(case) for case in results.cases}
    lines = [f"below: {name}: {', '.join(reasons)}" for name, reasons in missed.items() if reasons]
    if results.bulk and not results.bulk.is_enough:
        lines.append(f"below: {results.bulk}")
    return "\n".join(lines) or "Everything is as fast as it has to be."


def _figures(results: Results) -> Iterator[str]:
    yield from title("Requests", "=")
    yield (
        f"Made by ``make bench``: PostgreSQL, gunicorn with {WORKERS} workers, a browser's session, "
        f"medians of {results.rounds} rounds of {results.seconds:g} seconds."
    )
    yield "Each figure is a share of the control's rate just before: a view that knows who asks, and reads one row."
    yield ""
    sizes = results.sizes
    heads = ["Request", "Wanted", *(f"{size:,} attempts" for size in sizes), "Statements", ""]
    yield from table(heads, (_row(results, case, sizes) for case in results.cases))
    if results.bulk:
        bulk = results.bulk
        wanted = f"(wanted: at most {BULK_STATEMENTS}), {bulk.rate:,.0f} allowances a second (wanted: {BULK_RATE:,})"
        verdict = "ok" if bulk.is_enough else "below"
        yield ""
        yield f"Bulk allowance: {bulk.pairs:,} in one request, {bulk.statements} statements {wanted}: {verdict}."
    yield from ["", ".. image:: web.svg", "   :alt: The shares of the table, as bars.", ""]
    yield from title("Answers a second, and milliseconds for one", "-")
    yield "In brackets: milliseconds of processors that an answer takes, and how many of them are the database's."
    yield ""
    heads = ["Request", *(f"{size:,} attempts" for size in sizes)]
    yield from table(heads, (_rates(results, case, sizes) for case in results.cases))


def _row(results: Results, case: Case, sizes: Sequence[int]) -> list[str]:
    found, misses = results.of(case.name), results.misses(case)
    statements = sorted(set(results.statements(case.name)))
    return [
        case.name,
        _wanted(case),
        *(f"{found[size].ratio:.2f}" if size in found else "" for size in sizes),
        " to ".join(map(str, dict.fromkeys([statements[0], statements[-1]]))) if statements else "",
        f"below: {', '.join(misses)}" if misses else "ok",
    ]


def _wanted(case: Case) -> str:
    size = f"at most {case.loss:.0%} lost from the smallest to the largest" if case.loss else ""
    return ", ".join(filter(None, [f"{case.target:.2f}" if case.target else "", size]))


def _rates(results: Results, case: Case, sizes: Sequence[int]) -> list[str]:
    found = results.of(case.name)
    shown = (found.get(size) for size in sizes)
    return [case.name, *(_rate(one) if one else "" for one in shown)]


def _rate(figure: Figure) -> str:
    work = f"{figure.work:.1f}, {figure.database_work:.1f}"
    return f"{figure.rate:.0f}/s, {figure.milliseconds:.1f} ms ({work})"


def _requests(results: Results) -> Iterator[str]:
    yield from title("What the requests do", "=")
    yield "Made by ``make bench``. The slowest statement of each request with its plan, and the functions of ours that"
    yield "take most of its time, with all that they call, under a profiler, which makes everything slower."
    for look in results.looks:
        if not look.profile:
            continue
        yield ""
        yield from title(f"{look.name}, {look.attempts:,} attempts", "-")
        yield f"{look.statements} statements."
        yield from ["", f"{look.slowest.seconds * 1000:.1f} ms::", "", f"   {look.slowest.sql[:SQL_SHOWN]}", ""]
        yield from (f"   {line}" for line in look.plan)
        yield ""
        rows = ([f"``{one.name}``", f"{one.calls:.1f}", f"{one.milliseconds:.2f}"] for one in look.profile)
        yield from table(["Function", "Calls", "Milliseconds"], rows)
