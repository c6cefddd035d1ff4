"""
Names say what is inside, imports say from where, and why if they are not at the top.

An import inside a function is explained by a comment on its own lines or on the line before; imports that follow one
another share the explanation. A directive to a tool (``# noqa``) explains nothing unless a reason follows after a
dash.
"""

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.scopes import FunctionNode
from tests.architecture.rules.source import PACKAGES, Module, Violation, functions, modules

FOLDERS = (*PACKAGES, "tests", "benchmarks", "examples")
SAYS_NOTHING = frozenset({"util", "utils", "helper", "helpers", "misc"})
DIRECTIVES = ("noqa", "type:", "pragma:", "pylint:", "mypy:", "fmt:")
NAME_RULE = "a module is named after what is inside"
RELATIVE_RULE = "imports are absolute"
EXPLAIN_RULE = "an import inside a function says in a comment why it is there"


def violations(tree_root: Path) -> list[Violation]:
    """Modules with names that say nothing, relative imports, and unexplained imports inside functions."""
    found: list[Violation] = []
    for module in modules(tree_root, *FOLDERS):
        found += _says_nothing(module)
        found += _relative(module)
        found += _unexplained(module)
    return found


def _says_nothing(module: Module) -> Iterator[Violation]:
    for part in module.parts:
        if part.lower().strip("_") in SAYS_NOTHING:
            yield module.violation(1, f"{NAME_RULE}, not {part}")


def _relative(module: Module) -> Iterator[Violation]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield module.violation(node, RELATIVE_RULE)


def _unexplained(module: Module) -> Iterator[Violation]:
    inside = {node.lineno: node for function in functions(module.tree) for node in _imports(function)}
    if not inside:
        return
    reasons = set(_reasons(module.text))
    for line, node in sorted(inside.items()):
        own_lines = range(line - 1, (node.end_lineno or line) + 1)
        if reasons.isdisjoint(own_lines):
            yield module.violation(line, EXPLAIN_RULE)
        else:
            reasons.add(node.end_lineno or line)


def _imports(function: FunctionNode) -> Iterator[ast.Import | ast.ImportFrom]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))


def _reasons(text: str) -> Iterator[int]:
    """Lines with a comment that tells a reader something."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            comment = token.string.lstrip("#").strip()
            if comment and (not comment.startswith(DIRECTIVES) or " - " in comment):
                yield token.start[0]
