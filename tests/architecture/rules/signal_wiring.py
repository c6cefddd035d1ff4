"""
Signals are defined in ``signals.py`` and connected in ``receivers.py``, so that the workflow can be read in one file.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.source import PACKAGES, Module, Violation, is_below, modules

CONNECTORS = "receivers.py"
DEFINERS = "signals.py"
MAY_CONNECT = {"proctoring/common/settings.py": "forgets what it parsed when a setting changes"}
NOT_SIGNALS = ("socket", "sqlite3", "psycopg", "MySQLdb", "redis")
RECEIVERS = ("django.dispatch.receiver", "django.dispatch.dispatcher.receiver")
SIGNALS = ("django.dispatch.Signal", "django.dispatch.dispatcher.Signal", "django.db.models.signals.ModelSignal")
CONNECT_RULE = f"signals are connected in {CONNECTORS} only"
DEFINE_RULE = f"signals are defined in {DEFINERS} only"


def violations(tree_root: Path) -> list[Violation]:
    """Connections and definitions of signals that are elsewhere."""
    found: list[Violation] = []
    for module in modules(tree_root, *PACKAGES):
        if not module.path.endswith(f"/{CONNECTORS}") and module.path not in MAY_CONNECT:
            found += _connections(module)
        if not module.path.endswith(f"/{DEFINERS}"):
            found += _definitions(module)
    return found


def _connections(module: Module) -> Iterator[Violation]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()) if module.origin(node) in RECEIVERS:
                yield module.violation(node, CONNECT_RULE)
            case ast.Call(func=ast.Attribute(attr="connect", value=value)):
                if not is_below(module.origin(value), *NOT_SIGNALS):
                    yield module.violation(node, CONNECT_RULE)


def _definitions(module: Module) -> Iterator[Violation]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=function) if module.origin(function) in SIGNALS:
                yield module.violation(node, DEFINE_RULE)
