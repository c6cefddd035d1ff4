"""Signals, each with the comment above it, which tells its payload."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from docs.from_code.text import definition, literal, prose
from proctoring import signals as exam_signals
from verify_student import signals as identity_signals

MODULES = (exam_signals, identity_signals)


def of_exams() -> str:
    return _definitions(exam_signals)


def of_identity() -> str:
    return _definitions(identity_signals)


def found(module: ModuleType) -> Iterator[tuple[tuple[str, ...], str]]:
    """Signals that stand together, and the comment above them."""
    names: list[str] = []
    comment: list[str] = []
    for line in Path(str(module.__file__)).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        elif line.endswith("= Announcement()"):
            names.append(line.partition(" ")[0])
        elif not line:
            if names:
                yield tuple(names), " ".join(comment)
            names, comment = [], []
    if names:
        yield tuple(names), " ".join(comment)


def _definitions(module: ModuleType) -> str:
    return "\n".join(
        definition(", ".join(literal(f"{module.__name__}.{name}") for name in names), prose(comment))
        for names, comment in found(module)
    )
