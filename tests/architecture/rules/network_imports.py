"""One module, or package, talks to other machines: what it does about time limits, retries and logs, everybody gets."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.source import Module, Violation, is_below, modules

CLIENT = ("proctoring", "common", "http")
HTTP_LIBRARIES = ("requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client")
RULE = f"only {'.'.join(CLIENT)} uses an HTTP library"


def violations(tree_root: Path) -> list[Violation]:
    """Imports of an HTTP library outside of the one client. The demo is not ours to install, so it may."""
    found: list[Violation] = []
    for module in modules(tree_root, "proctoring", "verify_student"):
        if module.parts[: len(CLIENT)] != CLIENT:
            found += _in_module(module)
    return found


def _in_module(module: Module) -> Iterator[Violation]:
    for node in ast.walk(module.tree):
        for imported in _imported(node):
            if is_below(imported, *HTTP_LIBRARIES):
                yield module.violation(node, f"{RULE}, not {imported}")
                break


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=aliases):
            return [alias.name for alias in aliases]
        case ast.ImportFrom(module=str(source), names=aliases, level=0):
            return [f"{source}.{alias.name}" for alias in aliases]
        case _:
            return []
