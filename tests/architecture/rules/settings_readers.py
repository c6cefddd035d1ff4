"""
Settings are read where they are documented, and not before they are needed.

``django.conf.settings`` is for the modules of ``READERS``; models and migrations may name the user model by it.
Nobody reads the typed ``config`` while modules are imported: a changed setting would not be seen. Django puts the
site's addresses together once, so ``URLS`` cannot but read then what an address looks like.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.source import PACKAGES, Module, Violation, is_below, modules

READERS = ("proctoring/conf.py", "proctoring/common/settings.py", "verify_student/conf.py")
URLS = ("proctoring/urls/studio.py",)
READING_PACKAGES = ("proctoring", "verify_student")
CONFIGS = ("proctoring.conf.config", "verify_student.conf.config")
USER_MODEL = "AUTH_USER_MODEL"
USER_MODEL_FOLDERS = frozenset({"models", "migrations"})
READ_RULE = "Django settings are read in conf.py only"
USER_MODEL_RULE = f"{READ_RULE}; models and migrations may use settings.{USER_MODEL} and nothing else"
IMPORT_RULE = "settings are read when they are used, not when a module is imported"


def violations(tree_root: Path) -> list[Violation]:
    """Readers of settings that are not in ``READERS``, and configuration that is read at import outside ``URLS``."""
    found: list[Violation] = []
    for module in modules(tree_root, *READING_PACKAGES):
        if module.path not in READERS:
            found += _django_settings(module)
    for module in modules(tree_root, *PACKAGES):
        if module.path not in URLS:
            found += _read_at_import(module)
    return found


def _django_settings(module: Module) -> Iterator[Violation]:
    if USER_MODEL_FOLDERS & set(module.parts):
        yield from _more_than_user_model(module)
        return
    for node in ast.walk(module.tree):
        match node:
            case ast.ImportFrom(module="django.conf"):
                yield module.violation(node, READ_RULE)
            case ast.Attribute() if module.origin(node) == "django.conf.settings":
                yield module.violation(node, READ_RULE)


def _more_than_user_model(module: Module) -> Iterator[Violation]:
    nodes = [node for node in ast.walk(module.tree) if isinstance(node, ast.Name | ast.Attribute)]
    free = {node.value for node in nodes if isinstance(node, ast.Attribute) and node.attr == USER_MODEL}
    for node in nodes:
        if node not in free and module.origin(node) == "django.conf.settings":
            yield module.violation(node, USER_MODEL_RULE)


def _read_at_import(module: Module) -> Iterator[Violation]:
    own = f"{'.'.join(module.parts)}.config"
    for node in _run_at_import(module.tree):
        match node:
            case ast.Attribute(value=ast.Name(id="config")) if own in CONFIGS:
                yield module.violation(node, IMPORT_RULE)
            case ast.Attribute(value=value) if module.origin(value) in CONFIGS:
                yield module.violation(node, IMPORT_RULE)
            case ast.Call(func=ast.Name(id="getattr"), args=[first, *_]) if is_below(module.origin(first), *CONFIGS):
                yield module.violation(node, IMPORT_RULE)


def _run_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are evaluated when the module is imported: everything but the bodies of functions."""
    for child in ast.iter_child_nodes(tree):
        yield child
        match child:
            case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments):
                for part in [*child.decorator_list, arguments]:
                    yield part
                    yield from _run_at_import(part)
            case ast.Lambda(args=arguments):
                yield from _run_at_import(arguments)
            case _:
                yield from _run_at_import(child)
