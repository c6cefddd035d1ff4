"""What came of many inputs: counted, and judged."""

import json
import os
import random
import resource
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Where the full run wants its figures, and how many inputs it wants of a family.
REPORT, INPUTS = "FUZZ_REPORT", "FUZZ_FAMILY_INPUTS"
# What one process of a site may well have.
MOST_MEGABYTES = 1024
MOST_SHOWN = 15


@dataclass
class Tally:
    """
    The inputs of a family. ``refused``: how many by status, or by what else says no. ``faults``: what went wrong, with
    how often and a first example.
    """

    family: str
    inputs: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    crashes: int = 0
    stored: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    before_megabytes: int = 0
    peak_megabytes: int = 0

    def answered(self, status: int, about: str, changed: tuple[str, ...] = (), cause: str = "") -> None:
        """An answer over HTTP; ``changed`` are tables and files that should not have been, were it a refusal."""
        self.inputs += 1
        if status >= 500:
            self.errors += 1
            self.fault(f"{status} {cause}", about)
        elif status >= 400:
            self.refused[str(status)] += 1
        else:
            self.accepted += 1
        if status >= 400 and changed:
            self.stored += 1
            self.fault(f"{status} and stored {', '.join(changed)}", about)

    def took(self) -> None:
        """An input that is none over HTTP was taken."""
        self.inputs += 1
        self.accepted += 1

    def refusal(self, words: str) -> None:
        """It was refused, as refusals are meant to be."""
        self.inputs += 1
        self.refused[words] += 1

    def crash(self, error: BaseException, about: str) -> None:
        """It ended in what nobody had thought of."""
        self.inputs += 1
        self.crashes += 1
        self.fault(cause_of(error), about)

    def fault(self, what: str, about: str) -> None:
        what, about = (text.encode("ascii", "backslashreplace").decode() for text in (what, about[:600]))
        self.faults.setdefault(what, about)

    def settle(self) -> None:
        """The memory that it took is judged, the figures are handed over, and faults fail the test."""
        self.peak_megabytes = peak_megabytes()
        if self.peak_megabytes > MOST_MEGABYTES:
            self.fault(f"{self.peak_megabytes} MB of memory", "the largest of all")
        if REPORT in os.environ:
            Path(os.environ[REPORT]).write_text(json.dumps(vars(self)), encoding="utf-8")
        shown = [f"{what}\n    {about}" for what, about in list(self.faults.items())[:MOST_SHOWN]]
        assert not self.faults, f"{len(self.faults)} faults:\n" + "\n".join(shown)


def family(name: str, usual: int) -> tuple[Tally, Iterator[random.Random]]:
    """A family's tally, and a source of chance for each of its inputs; the same ones each time."""
    count = int(os.environ.get(INPUTS, usual))
    tally = Tally(name, before_megabytes=peak_megabytes())
    return tally, (random.Random(f"{name} {number}") for number in range(count))


def cause_of(error: BaseException) -> str:
    """The kind of an error, and the innermost line of ours that it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/site-packages/" not in frame.filename and "/tests/" not in frame.filename]
    place = (ours or frames or [None])[-1]
    where = f"{'/'.join(Path(place.filename).parts[-3:])}:{place.lineno}" if place else "nowhere"
    return f"{type(error).__name__} at {where}"


def peak_megabytes() -> int:
    """The most memory that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)
