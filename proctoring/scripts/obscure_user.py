"""
``obscure_user.py INPUT OUTPUT``: the id by which a vendor knows each learner, and the one by which it is going to.

For a site whose ids were made with Django's secret key and are to be made with a key of their own (contract
vendors_admin_screens.md §5). The environment has both: ``DJANGO_SECRET_KEY`` and ``PROCTORING_USER_OBFUSCATION_KEY``.
"""

import argparse
import csv
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

if not __package__:
    # Run by its path, from a checkout that is not installed.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from proctoring.common.obscuring import obscured
from proctoring.common.tables import Record, records

KEYS = ("DJANGO_SECRET_KEY", "PROCTORING_USER_OBFUSCATION_KEY")
READ = ("email", "user_id")
WRITTEN = ("email", "existing_user_id", "target_user_id")
# No database has ids with more.
MAX_DIGITS = 19


class NothingMade(Exception):
    """Why there is no output, in words."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 where the file was made, though rows may have been skipped; 1 where it was not."""
    options = _parser().parse_args(arguments)
    try:
        _make(options.input, options.output, options.backend)
    except NothingMade as error:
        _say(f"Nothing was made. {error}")
    except OSError as error:
        _say(f"Nothing was made. {error.filename}: {error.strerror}.")
    except sqlite3.Error as error:
        _say(f"Nothing was made. No room for what was read: {error}.")
    else:
        return 0
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="obscure_user.py", description="By which ids a vendor knows learners, and is going to know them."
    )
    parser.add_argument("input", type=Path, help=f"comma-separated, with the columns {' and '.join(READ)}")
    parser.add_argument("output", type=Path, help=f"what to write: the columns {', '.join(WRITTEN)}")
    parser.add_argument("--backend", default="proctortrack", metavar="NAME", help="the vendor's name (%(default)s)")
    return parser


def _make(source: Path, target: Path, backend: str) -> None:
    keys = [_key(name) for name in KEYS]
    with closing(_People()) as people:
        with source.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
            skipped = _gather(lines, people)
        if not len(people):
            raise NothingMade("No row has an address and an id.")
        with _replacing(target) as output:
            writer = csv.writer(output)
            writer.writerow(WRITTEN)
            writer.writerows([email, *(obscured(key, user_id, backend) for key in keys)] for email, user_id in people)
        _say(f"{len(people)} written, {skipped} rows skipped.")


def _key(name: str) -> str:
    key = os.environ.get(name)
    if not key or not key.isascii():
        raise NothingMade(f"The environment variable {name} has to hold the key, in ASCII.")
    return key


def _gather(lines: Iterable[str], people: "_People") -> int:
    """How many rows were skipped, each of which is told by its number."""
    rows, skipped = records(lines), 0
    header = next(rows, None)
    columns = [cell.strip() for cell in header.cells or []] if header else []
    if not set(READ) <= set(columns):
        raise NothingMade(f"The first row has to name the columns {' and '.join(READ)}.")
    for row in rows:
        try:
            people.add(*_person(row, columns))
        except ValueError as error:
            skipped += 1
            _say(f"Row {row.line} is skipped: {error}.")
    return skipped


def _person(row: Record, columns: Sequence[str]) -> tuple[str, str]:
    if row.cells is None:
        raise ValueError("it cannot be read")
    said = dict(zip(columns, row.cells, strict=False))
    email, user_id = (said.get(name, "").strip() for name in READ)
    if not email or not user_id:
        raise ValueError("email or user_id is missing")
    if not user_id.isascii() or not user_id.isdecimal() or len(user_id) > MAX_DIGITS:
        raise ValueError("user_id is not a number")
    if any("\ud800" <= character <= "\udfff" for character in email):
        raise ValueError("email is not UTF-8")
    return email, str(int(user_id))


@contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    """What to write to: the file is in its place once all of it is there. Only its owner may read it."""
    if path.exists() and not path.is_file():
        # A pipe or a terminal is written to, and a folder is an error.
        with path.open("w", encoding="utf-8", newline="") as output:
            yield output
        return
    path = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as output:
            yield output
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _People:
    """Ids by address, of each the last, in the order in which the addresses came; on disk, they may be millions."""

    def __init__(self) -> None:
        # No name: a file of its own that goes with the connection.
        self._db = sqlite3.connect("")
        self._db.execute("CREATE TABLE person (number INTEGER PRIMARY KEY, email TEXT UNIQUE, user_id TEXT)")

    def add(self, email: str, user_id: str) -> None:
        sql = "INSERT INTO person (email, user_id) VALUES (?, ?) ON CONFLICT (email) DO UPDATE SET user_id = ?"
        self._db.execute(sql, (email, user_id, user_id))

    def __len__(self) -> int:
        [(number,)] = self._db.execute("SELECT count(*) FROM person")
        return int(number)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._db.execute("SELECT email, user_id FROM person ORDER BY number"))

    def close(self) -> None:
        self._db.close()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
