"""Tests replace what is not ours, by fakes; they never patch our own modules, so that code can move without them."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.source import PACKAGES, Module, Violation, constant_text, is_below, modules

PATCHERS = frozenset({"patch", "object", "dict", "multiple", "spy", "setattr", "delattr", "setitem", "delitem"})
RULE = "tests do not patch our own modules, they use fakes"


def violations(tree_root: Path) -> list[Violation]:
    """Patches of, and assignments into, the modules and classes of our packages."""
    return [violation for module in modules(tree_root, "tests") for violation in _in_module(module)]


def _in_module(module: Module) -> Iterator[Violation]:
    for node in ast.walk(module.tree):
        if _patches(module, node) or _assigns(module, node):
            yield module.violation(node, RULE)


def _patches(module: Module, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or _called(node.func) not in PATCHERS:
        return False
    target = node.args[0] if node.args else _keyword(node, "target")
    return target is not None and (_names_ours(constant_text(target)) or is_below(module.origin(target), *PACKAGES))


def _assigns(module: Module, node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
            return is_below(module.origin(value), *PACKAGES)
        case _:
            return False


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _names_ours(text: str | None) -> bool:
    return text is not None and text.partition(".")[0] in PACKAGES
