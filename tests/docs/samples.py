"""The samples of code in the documentation: where they are, and what they say."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

PROJECT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*(PROJECT / "docs").glob("*.rst"), PROJECT / "README.rst"])
BLOCK = re.compile(r"^( *)\.\. code-block:: (\w+)\n\n((?:\1 +.*\n|[ ]*\n)+)", re.MULTILINE)
# ``manage.py name --option`` in the middle of a sentence.
MENTION = re.compile(r"``(?:python )?manage\.py ([^`]+)``")


@dataclass(frozen=True, slots=True)
class Sample:
    """``text`` begins in line ``line`` of ``page``."""

    page: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(language: str) -> list[Sample]:
    """The samples in that language."""
    return [
        Sample(page.name, _line(text, found.start(3)), dedent(found[3]).rstrip() + "\n")
        for page, text in _pages()
        for found in BLOCK.finditer(text)
        if found[2] == language
    ]


def command_lines() -> list[Sample]:
    """What is typed at a prompt, comments left out."""
    return [
        Sample(block.page, block.line + number, line.removeprefix("$ "))
        for block in blocks("console")
        for number, line in enumerate(block.text.replace("\\\n", "").splitlines())
        if line.startswith("$ ")
    ]


def managed() -> list[tuple[Sample, list[str]]]:
    """Calls of ``manage.py`` at a prompt, with their words from the command's name on."""
    return [
        (line, words[2:])
        for line in command_lines()
        for words in [shlex.split(line.text, comments=True)]
        if words[:2] == ["python", "manage.py"]
    ]


def mentions() -> list[tuple[Sample, list[str]]]:
    """Commands that a sentence names, with the words that follow; those may be placeholders."""
    return [
        (Sample(page.name, _line(text, found.start()), found[1]), found[1].split())
        for page, text in _pages()
        for found in MENTION.finditer(text)
    ]


def _pages() -> Iterator[tuple[Path, str]]:
    return ((page, page.read_text(encoding="utf-8")) for page in PAGES)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
