"""Small invented source trees, on which a rule shows what it refuses and what it allows."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

Tree = Callable[[dict[str, str]], Path]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """``tree({"package/module.py": "source"})`` writes the files and returns the folder they are in."""

    def written(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return tmp_path

    return written
