"""
``version_check.py [NPM] [PYTHON]``: whether the npm package has the version of the Python package.

Each is a version, or a file that has one: ``package.json``, and a module with ``__version__``.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
VERSION = re.compile(r"[0-9]+(\.[0-9]+)+[-+.0-9A-Za-z]*")
ASSIGNMENT = re.compile(r"""^__version__ = ["']([^"']+)["']""", re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 where both are the same, 1 where they are not or cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        npm, python = _version(options.npm), _version(options.python)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"There is no version to compare: {error}\n")
        return 1
    if npm != python:
        sys.stderr.write(f"The npm package has version {npm}, the Python package {python}.\n")
        return 1
    sys.stdout.write(f"Both packages have version {npm}.\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="version_check.py", description="Compare the versions of two packages.")
    parser.add_argument(
        "npm", nargs="?", default=str(PACKAGE.parent / "package.json"), help="package.json or a version (%(default)s)"
    )
    parser.add_argument(
        "python", nargs="?", default=str(PACKAGE / "__init__.py"), help="a module or a version (%(default)s)"
    )
    return parser


def _version(given: str) -> str:
    if VERSION.fullmatch(given):
        return given
    text = Path(given).read_text(encoding="utf-8")
    found = _of_npm(text) if given.endswith(".json") else _of_python(text)
    if not found:
        raise ValueError(f"{given} names none")
    return found


def _of_npm(text: str) -> str | None:
    document = json.loads(text)
    version = document.get("version") if isinstance(document, dict) else None
    return version if isinstance(version, str) else None


def _of_python(text: str) -> str | None:
    found = ASSIGNMENT.search(text)
    return found[1] if found else None


if __name__ == "__main__":
    sys.exit(main())
