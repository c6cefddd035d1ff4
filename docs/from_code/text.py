"""reStructuredText from values and comments."""

import re
from collections.abc import Iterable, Sequence

# Readers of these pages do not have the contract.
CONTRACT = re.compile(r"\s*\((?:since_6_1\.md|contract|[A-Z]\d+|§)[^()]*\)")
LITERAL = re.compile(r"(``[^`]+``)")
# What can only be a name of the code.
NAME = re.compile(r"(?<![\w.])[\w.]*\w_\w[\w.]*(?<!\.)")


def table(widths: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A list table. No rows is a fault: something is not found any more."""
    told = [_row(row) for row in rows]
    if not told:
        raise LookupError(f"There is no row of {heads[0]!r}.")
    return "\n".join([".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", "", _row(heads), *told, ""])


def definition(term: str, body: str) -> str:
    """``term``, and below it ``body``."""
    return f"{term}\n{indented(body or '–')}\n"


def indented(body: str) -> str:
    return "\n".join(f"   {line}" if line else "" for line in body.splitlines())


def literal(value: object) -> str:
    """A value as Python writes it; a text as it is."""
    text = value if isinstance(value, str) else repr(value)
    return f"``{text}``" if text else '``""``'


def prose(text: str | None) -> str:
    """A docstring or a comment: no references to the contract, and nothing that would be markup by accident."""
    said = CONTRACT.sub("", " ".join((text or "").split()))
    said = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", said)
    return "".join(part if part.startswith("``") else _escaped(part) for part in LITERAL.split(said))


def _escaped(text: str) -> str:
    plain = re.sub(r"([|*\\]|_(?!\w))", r"\\\1", text)
    return NAME.sub(r"``\g<0>``", plain)


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return "\n".join([f"   * - {first}", *(f"     - {cell}" for cell in others)])
