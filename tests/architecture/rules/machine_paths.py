"""What is committed works on every machine: no text names a folder of the one it was written on."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.source import Violation

TESTS = "tests/"
LEFT_OUT = frozenset({"build", "dist", "htmlcov", "staticfiles", "node_modules", "__pycache__"})
RULE = "a committed text names no folder of one machine"


def _absolute(*folders: str) -> re.Pattern[str]:
    # Not the middle of a longer path or address, such as /courses/<id>/home/page; but the path of an address without
    # a host.
    return re.compile(rf"(?:(?<![\w.\-/>)}}\]])|(?<=//))/(?:{'|'.join(folders)})/(?=[\w.$\-{{<])")


PERSONAL = _absolute("home", "root", "work", "Users")
PERSONAL_OR_TEMPORARY = _absolute("home", "root", "work", "Users", "tmp", "var/folders")


def violations(tree_root: Path) -> list[Violation]:
    """Absolute paths of a developer's machine in committed texts; tests may name the folder for temporary files."""
    return [violation for path in _committed(tree_root) for violation in _in_file(tree_root, path)]


def _committed(tree_root: Path) -> list[str]:
    """What git knows or is about to know; without git, every file that is not hidden and not generated."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=tree_root,
            capture_output=True,
            check=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return sorted(_visible(tree_root))
    return sorted(path for path in listed.stdout.split("\0") if path)


def _visible(tree_root: Path) -> Iterator[str]:
    for path in tree_root.rglob("*"):
        parts = path.relative_to(tree_root).parts
        if not any(part.startswith(".") or part in LEFT_OUT or part.endswith(".egg-info") for part in parts):
            yield path.relative_to(tree_root).as_posix()


def _in_file(tree_root: Path, path: str) -> Iterator[Violation]:
    pattern = PERSONAL if path.startswith(TESTS) else PERSONAL_OR_TEMPORARY
    for number, line in enumerate(_lines(tree_root / path), start=1):
        if match := pattern.search(line):
            yield Violation(path, number, f"{RULE}, this one names {match.group()}")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return []
