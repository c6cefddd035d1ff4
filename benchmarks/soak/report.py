"""``soak.rst`` and ``soak.svg``."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure as Picture

from benchmarks.soak.judging import (
    MAX_MIB_AN_HOUR,
    MAX_SLOWDOWN,
    MIB_OF_NO_ACCOUNT,
    PERCENTILES,
    SECONDS_OF_NO_ACCOUNT,
    SECONDS_TO_JUDGE_MEMORY,
    Seen,
    growth,
    percentile,
    slowdown,
)
from benchmarks.tables import save, table, title

# The same figures make the same file.
FIXED = {"svg.hashsalt": "soak", "svg.fonttype": "none"}


def write(seen: Seen, verdicts: Sequence[str], folder: Path) -> None:
    """Both files into ``folder``."""
    save(folder / "soak.rst", _report(seen, verdicts))
    _draw(seen, folder / "soak.svg")


def _report(seen: Seen, verdicts: Sequence[str]) -> Iterator[str]:
    yield from title("Endurance", "=")
    first, last = slowdown(seen)
    yield (
        f"Made by ``make soak``: {seen.learners:,} learners sit for {seen.seconds / 60:g} minutes; "
        f"{len(seen.answers):,} requests, {seen.failures.total()} of them failed."
    )
    yield ""
    yield from (f"* {verdict}" for verdict in verdicts or ["Everything held."])
    yield ""
    yield (
        "Wanted: no answer but 2xx; no process that grows by more than "
        f"{MAX_MIB_AN_HOUR:.0f} MiB an hour and {MIB_OF_NO_ACCOUNT:.0f} MiB in all, after the first third;"
    )
    yield (
        f"95 in 100 answers of the last third within {MAX_SLOWDOWN:g} times what they took in the first, or "
        f"{SECONDS_OF_NO_ACCOUNT * 1000:.0f} ms more ({first * 1000:.0f} and {last * 1000:.0f} ms here); in the end"
    )
    yield "nothing in outbox or inbox, and each attempt that was handed in decided."
    if seen.seconds < SECONDS_TO_JUDGE_MEMORY:
        yield f"Memory was not judged: that takes {SECONDS_TO_JUDGE_MEMORY // 60} minutes."
    yield ""
    yield from title("Each minute", "-")
    yield "Milliseconds from when a request was due, which counts waiting for a free process; what waits in between."
    yield ""
    heads = ["Minute", "Requests", "Failed", *(f"p{percent}" for percent in PERCENTILES), "Outbox", "Inbox", "Broker"]
    yield from table(heads, (_minute(seen, minute) for minute in range(seen.minutes)))
    yield ""
    yield from title("Each kind", "-")
    kinds = sorted({answer.kind for answer in seen.answers})
    yield from table(["Request", "Number", "Failed", *(f"p{percent}" for percent in PERCENTILES)], _kinds(seen, kinds))
    yield ""
    yield from title("Memory, MiB", "-")
    processes = seen.processes
    yield from table(["Minute", *processes], _memory(seen, processes))
    yield ""
    grown = ", ".join(f"{process} {growth(seen, process):+.1f}" for process in processes)
    yield f"MiB an hour after the first third: {grown}."
    yield from ["", ".. image:: soak.svg", "   :alt: Waits and memory over the minutes.", ""]


def _minute(seen: Seen, minute: int) -> list[str]:
    answers, look = seen.answers_of(minute), seen.look_of(minute)
    return [
        str(minute + 1),
        f"{len(answers):,}",
        str(sum(answer.is_failure for answer in answers)),
        *_waits([answer.wait for answer in answers]),
        *(str(look.depths.get(name, 0)) if look else "" for name in ("outbox", "inbox", "broker")),
    ]


def _kinds(seen: Seen, kinds: Sequence[str]) -> Iterator[list[str]]:
    for kind in kinds:
        answers = [answer for answer in seen.answers if answer.kind == kind]
        failed = sum(answer.is_failure for answer in answers)
        yield [kind, f"{len(answers):,}", str(failed), *_waits([answer.wait for answer in answers])]


def _waits(waits: Sequence[float]) -> list[str]:
    return [f"{percentile(waits, percent) * 1000:.0f}" for percent in PERCENTILES]


def _memory(seen: Seen, processes: Sequence[str]) -> Iterator[list[str]]:
    for minute in range(seen.minutes):
        look = seen.look_of(minute)
        held = look.memory if look else {}
        yield [str(minute + 1), *(f"{held[process]:.0f}" if process in held else "" for process in processes)]


def _draw(seen: Seen, path: Path) -> None:
    minutes = range(seen.minutes)
    with mpl.rc_context(FIXED):
        picture = Picture(figsize=(9, 6), layout="constrained")
        waits, memory = picture.subplots(2, 1, sharex=True)
        for percent in PERCENTILES:
            values = [percentile([answer.wait for answer in seen.answers_of(one)], percent) * 1000 for one in minutes]
            waits.plot([one + 1 for one in minutes], values, label=f"p{percent}", marker=".")
        waits.set_ylabel("milliseconds")
        waits.set_ylim(bottom=0)
        waits.legend()
        for process in seen.processes:
            looks = [(look.at / 60, look.memory[process]) for look in seen.looks if process in look.memory]
            memory.plot([at for at, _ in looks], [held for _, held in looks], label=process)
        memory.set_ylabel("MiB")
        memory.set_ylim(bottom=0)
        memory.set_xlabel("minutes")
        memory.legend(loc="lower right", ncols=3)
        picture.savefig(path, metadata={"Date": None})
