"""Reports' titles and tables, written and read again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"
HEAD = ".. list-table::"
CELL = re.compile(r"   ([* ]) -(?: (.*))?")


def title(text: str, sign: str) -> list[str]:
    return [text, sign * len(text), ""]


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield from [HEAD, "   :header-rows: 1", ""]
    for cells in [heads, *rows]:
        for number, cell in enumerate(cells):
            yield f"   {' ' if number else '*'} - {cell}".rstrip()


def save(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines).rstrip() + "\n")


def read(text: str) -> list[list[list[str]]]:
    """The tables of a report: rows of cells, the heads first. A cell is one line."""
    found: list[list[list[str]]] = []
    for line in text.splitlines():
        cell = CELL.fullmatch(line)
        if line == HEAD:
            found.append([])
        elif cell and found:
            if cell[1] == "*":
                found[-1].append([])
            found[-1][-1].append(cell[2] or "")
    return found
