"""
Commands for operators: work in batches with progress, a dry run, a closing summary, and exit codes that tell the truth.

Exit code 0: everything was done. 1: something failed; the rest was done all the same. 2: the command was called in a
way that makes no sense, and nothing was done.
"""

import argparse
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO, TypeVar, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from tqdm import tqdm

from proctoring.common.batches import FAILED, Batch
from proctoring.common.tables import bounded

logger = logging.getLogger(__name__)

LINE_SECONDS = 30.0
BAD_USAGE = 2
MAX_NUMBER = 2**31 - 1
# No database has ids with more digits.
MAX_DIGITS = 19

Value = TypeVar("Value")


class BatchCommand(BaseCommand):
    """
    Works through many rows. Subclasses say what their options are (:meth:`add_options`), and do the work, batch by
    batch (:meth:`batches`); services do what a batch needs, in a transaction of its own.

    Every such command has ``--dry-run``, ``--batch-size`` and ``--sleep-time``, each also with an underscore. Broken
    off with Ctrl-C, it says where it was.
    """

    default_batch_size = 500
    default_sleep_time = 0.0
    # False where callers of ``call_command`` are used to no exception for a failed row: the exit code alone says so.
    raises_on_failure = True

    def add_arguments(self, parser: CommandParser) -> None:
        """The options that every such command has, and the subclass's."""
        parser.add_argument(
            "--dry-run", "--dry_run", action="store_true", help="say what would be done, change nothing"
        )
        parser.add_argument(
            "--batch-size",
            "--batch_size",
            type=positive,
            default=self.default_batch_size,
            help="rows that are read, and committed, at a time (%(default)s)",
        )
        parser.add_argument(
            "--sleep-time",
            "--sleep_time",
            type=seconds,
            default=self.default_sleep_time,
            help="seconds of rest after a full batch (%(default)s)",
        )
        self.add_options(parser)

    def add_options(self, parser: CommandParser) -> None:
        """Options of this command alone."""

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        """Do the work, or only look where ``options["dry_run"]``, and say what each batch came to."""
        raise NotImplementedError

    def total(self, options: Mapping[str, Any]) -> int | None:
        """How many rows there are to look at, for the progress bar; None where nobody knows."""
        return None

    def handle(self, *args: Any, **options: Any) -> None:
        options = self._typed(options)
        self._refused = 0
        counts: Counter[str] = Counter()
        last: int | None = None
        try:
            for batch in self._watched(options):
                counts.update(batch.counts)
                last = batch.last if batch.last is not None else last
        except KeyboardInterrupt:
            self.stdout.write(f"Broken off. {self.summary(counts, options)}")
            if last is not None:
                self.stdout.write(f"The last row was {last}.")
            raise CommandError("Broken off; what is said above has been done.") from None
        if self._refused:
            counts["lines refused"] = self._refused
        self.stdout.write(self.summary(counts, options))
        self.failures = counts[FAILED] + self._refused
        if self.failures:
            self._tell_failures(self.failures)

    def refuse(self, text: str) -> None:
        """Tell the operator of input that makes no sense; the rest is done, and the exit code says that not all was."""
        self._refused += 1
        self.stderr.write(self.style.ERROR(text))

    def summary(self, counts: Mapping[str, int], options: Mapping[str, Any]) -> str:
        """The closing line."""
        told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items()) or "nothing to do"
        return f"Dry run, nothing was changed: {told}." if options["dry_run"] else f"{told[0].upper()}{told[1:]}."

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv)
        if getattr(self, "failures", 0):
            sys.exit(1)

    def _typed(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What ``call_command`` hands over unread, as the command line would have read it."""
        actions = {action.dest: action for action in self.create_parser("manage.py", "command")._actions}
        return {name: _read(actions[name], value) if name in actions else value for name, value in options.items()}

    def _watched(self, options: Mapping[str, Any]) -> Iterator[Batch]:
        stream = cast(TextIO, self.stderr._out)
        total = self.total(options) if _is_terminal(stream) else None
        with progress(stream, total) as advance:
            for batch in self.batches(options):
                yield batch
                advance(batch.rows)
                if batch.rows >= options["batch_size"] and not batch.is_final:
                    time.sleep(options["sleep_time"])

    def _tell_failures(self, number: int) -> None:
        text = f"{number} could not be done; the lines above or the log say which."
        if self.raises_on_failure:
            raise CommandError(text)
        self.stderr.write(self.style.ERROR(text))


@contextmanager
def progress(stream: TextIO, total: int | None = None, seconds: float = LINE_SECONDS) -> Iterator[Callable[[int], Any]]:
    """What to call with the number of rows that have been done: a bar on a terminal, elsewhere a line now and then."""
    if _is_terminal(stream):
        with tqdm(total=total, unit=" rows", file=stream, dynamic_ncols=True) as bar:
            yield bar.update
    else:
        yield _Lines(stream, seconds).advance


class _Lines:
    def __init__(self, stream: TextIO, seconds: float) -> None:
        self._stream, self._seconds = stream, seconds
        self._done, self._next = 0, time.monotonic() + seconds

    def advance(self, rows: int) -> None:
        self._done += rows
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._seconds
            self._stream.write(f"{self._done} rows so far\n")


def _is_terminal(stream: TextIO) -> bool:
    return bool(getattr(stream, "isatty", lambda: False)())


# What operators type in -----------------------------------------------------------------------------------------------


def positive(text: str) -> int:
    """A whole number of 1 or more, and not more than a database reads at a time, as the type of an option."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    if number > MAX_NUMBER:
        raise argparse.ArgumentTypeError(f"must be at most {MAX_NUMBER}")
    return number


def seconds(text: str) -> float:
    """A number of seconds, 0 or more, as the type of an option."""
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError("must be 0 or more seconds")
    return number


def _read(action: argparse.Action, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_read(action, item) for item in value]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    try:
        read = action.type(str(value)) if callable(action.type) else value
        if action.choices is not None and read not in action.choices:
            raise ValueError(f"choose from {', '.join(map(str, action.choices))}")
    except (argparse.ArgumentTypeError, ValueError) as error:
        raise bad_usage(f"{action.option_strings[0] if action.option_strings else action.dest}: {error}") from None
    return read


def moment(text: str | datetime | None, option: str) -> datetime | None:
    """
    The instant that was typed in for ``option``: ``2026-11-21 17:30:00`` (UTC), or ISO 8601 with an offset of its own.

    None where nothing was. Raises ``CommandError`` for what is neither.
    """
    if text is None or isinstance(text, datetime):
        read = text
    else:
        try:
            read = parse_datetime(text.strip())
        except ValueError:
            read = None
        if read is None:
            raise bad_usage(f"{option}: {text!r} is no date and time like 2026-11-21 17:30:00.")
    return read.replace(tzinfo=UTC) if read is not None and read.tzinfo is None else read


def bad_usage(text: str) -> CommandError:
    """The error of a call that makes no sense."""
    return CommandError(text, returncode=BAD_USAGE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file of an operator's, without white space around it; ``number`` counts from 1."""

    number: int
    text: str


def lines_of(path: str | Path) -> Iterator[Line]:
    """
    The lines of a file that are not blank, read as they are needed. Raises ``CommandError`` where there is none.

    The file is opened at once, so that nothing has been done when that fails.
    """
    try:
        opened = Path(path).open(encoding="utf-8-sig", errors="replace")  # noqa: SIM115 - closed by the generator
    except (OSError, ValueError) as error:
        raise bad_usage(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'not a path'}.") from None
    return _lines(opened)


def _lines(opened: TextIO) -> Iterator[Line]:
    with opened:
        for number, text in enumerate(bounded(opened), start=1):
            if stripped := text.strip():
                yield Line(number, stripped)


def values_of(
    lines: Iterable[Line], parse: Callable[[str], Value], refused: Callable[[str], Any]
) -> Iterator[tuple[Line, Value]]:
    """
    Each line with what ``parse`` makes of it. A line of which it raises ``ValueError`` is left out, and ``refused`` is
    told its number, with the error's own words; never what stood there, which may be personal.
    """
    for line in lines:
        try:
            yield line, parse(line.text)
        except ValueError as error:
            refused(f"Line {line.number}: {error}")


def row_id(text: str) -> int:
    """A row's number; raises ``ValueError`` for anything that cannot be one in the database."""
    digits = text.lstrip("0")
    if not text.isascii() or not text.isdigit() or len(digits) > MAX_DIGITS or not 0 < int(digits or "0") < 2**63:
        raise ValueError("not a number of a row")
    return int(digits)
