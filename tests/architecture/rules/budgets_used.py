"""Query budgets and tests go together: each listed budget is used, each used budget is listed."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.query_budgets import load_budgets
from tests.architecture.rules.source import Module, Violation, modules

BUDGETS_PATH = "tests/architecture/query_budgets.toml"
LITERAL_RULE = "a query budget is asked for by a text, so that it can be found"
UNKNOWN_RULE = f"a query budget is listed in {BUDGETS_PATH}"
UNUSED_RULE = "a query budget is used by some test"


def violations(tree_root: Path) -> list[Violation]:
    """Budgets that no test uses, and tests that use a budget which is not listed."""
    budgets = load_budgets(tree_root / BUDGETS_PATH)
    used: set[str] = set()
    found: list[Violation] = []
    for module in modules(tree_root, "tests"):
        for call, name in _calls(module):
            used.add(name or "")
            if name is None:
                found.append(module.violation(call, LITERAL_RULE))
            elif name not in budgets:
                found.append(module.violation(call, f"{UNKNOWN_RULE}, {name} is not"))
    return found + list(_unused(tree_root / BUDGETS_PATH, sorted(set(budgets) - used)))


def _calls(module: Module) -> Iterator[tuple[ast.Call, str | None]]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Name(id="query_budget"), args=[ast.Constant(value=str(name))]):
                yield node, name
            case ast.Call(func=ast.Name(id="query_budget")):
                yield node, None


def _unused(path: Path, names: list[str]) -> Iterator[Violation]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for name in names:
        # The toml parser keeps no positions; the last part of the name stands on the line of its number.
        last = name.rpartition(".")[2]
        places = [number for number, line in enumerate(lines, start=1) if last in line.partition("#")[0]]
        yield Violation(BUDGETS_PATH, places[0] if places else 1, f"{UNUSED_RULE}, {name} is not")
