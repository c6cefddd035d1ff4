"""What all rules need: violations, and the modules of a source tree."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from tests.architecture.rules.scopes import FunctionNode, origins

PROJECT = Path(__file__).resolve().parents[3]
PACKAGES = ("proctoring", "verify_student", "demo")


@dataclass(frozen=True, order=True)
class Violation:
    """A place that breaks a rule. ``path`` is relative to the tree, ``rule`` says in words what is asked."""

    path: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}"


def report(violations: Iterable[Violation]) -> str:
    """All violations, one on each line, in order of file and line."""
    return "\n".join(str(violation) for violation in sorted(violations))


@dataclass(frozen=True)
class Module:
    """A Python file. ``path`` is relative to the tree, with forward slashes."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        return parse(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        return Path(self.path).with_suffix("").parts

    @cached_property
    def _origins(self) -> dict[ast.Name, str]:
        return origins(self.tree)

    def origin(self, node: ast.expr) -> str | None:
        """The dotted name that ``node`` stands for, where it is an attribute chain on an imported name."""
        match node:
            case ast.Name():
                return self._origins.get(node)
            case ast.Attribute(value=value, attr=attribute):
                base = self.origin(value)
                return f"{base}.{attribute}" if base else None
            case _:
                return None

    def violation(self, node: ast.AST | int, rule: str) -> Violation:
        """``rule`` broken at ``node``, which is a node of this module or a line number."""
        return Violation(self.path, node if isinstance(node, int) else getattr(node, "lineno", 1), rule)


@lru_cache(maxsize=2000)
def parse(text: str) -> ast.Module:
    """The syntax tree of ``text``; every rule reads every file, so it is kept."""
    return ast.parse(text)


def modules(root: Path, *folders: str) -> Iterator[Module]:
    """The Python files below those ``folders`` of ``root`` that exist, sorted by path."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield Module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))


def functions(tree: ast.AST) -> Iterator[FunctionNode]:
    """Every function and method below ``tree``, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def constant_text(node: ast.expr | None) -> str | None:
    """The text of a string literal; of an f-string, the text before its first placeholder."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[first, *_]):
            return constant_text(first)
        case _:
            return None


def is_below(dotted: str | None, *tops: str) -> bool:
    """Whether ``dotted`` is one of ``tops`` or inside of it."""
    return dotted is not None and any(dotted == top or dotted.startswith(f"{top}.") for top in tops)
