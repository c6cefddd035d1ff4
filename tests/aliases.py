"""What tests of both apps' old names share."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def listed(file: Path) -> Iterator[tuple[str, str]]:
    """Pairs of a place and a name in it; the name is empty where the place alone counts."""
    for module in tomllib.loads(file.read_text(encoding="utf-8"))["module"]:
        for name in module["names"].split() or [""]:
            yield module["name"], name


def run(code: str, *paths: Path) -> str:
    """What a fresh interpreter writes that runs ``code``, with the project and ``paths`` to import from."""
    head = f"import sys\nsys.path[:0] = {[str(PROJECT), *map(str, paths)]!r}\n"
    ran = subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
