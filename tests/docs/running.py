"""Runs the Python samples: settings and addresses as a site's own modules would, the rest as far as it can be."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.urls import include, path

from proctoring.backends.base import ProctoringBackendProvider

# Packages and apps of the readers, which nobody has.
# Of nobody, and of the platform in examples/, which has tests of its own.
FICTIONAL = ("acme", "example", "shop", "campus")
PLACEHOLDER = object()


def site() -> dict[str, Any]:
    """What the modules of a site have before the lines of a sample are added to them."""
    return {
        "INSTALLED_APPS": ["django.contrib.auth"],
        "MIDDLEWARE": [],
        "STORAGES": {},
        "CELERY_BEAT_SCHEDULE": {},
        "PROCTORING_BACKENDS": {"acme": {}},
        "PROCTORING_SETTINGS": {},
        "VERIFY_STUDENT": {},
        "urlpatterns": [],
        "path": path,
        "include": include,
        "AppConfig": AppConfig,
        "ProctoringBackendProvider": ProctoringBackendProvider,
    }


def is_fictional(dotted: str) -> bool:
    return dotted.partition(".")[0].partition("_")[0] in FICTIONAL


def run(text: str) -> dict[str, Any]:
    """
    The names after the sample's imports, classes and assignments of settings and addresses; imports resolve.

    What acts on a site, such as a call of the API, is left out; ``calls`` looks at it.
    """
    names = site()
    for statement in ast.parse(text).body:
        if _says_something(statement):
            exec(compile(ast.Module([statement], []), "<sample>", "exec"), names)  # noqa: S102
    return names


def try_out(text: str) -> None:
    """Run it, and look whether its calls fit. Raises what a reader would see."""
    names = run(text)
    for call, signature in calls(text, names):
        bind(call, signature)


def calls(text: str, names: dict[str, Any]) -> Iterator[tuple[ast.Call, inspect.Signature]]:
    """Calls of what the sample imports, each with the signature of what it calls."""
    imported = {alias.asname or alias.name for node in ast.walk(ast.parse(text)) for alias in _imported(node)}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).partition(".")[0] in {
            name.partition(".")[0] for name in imported
        }:
            yield node, inspect.signature(eval(ast.unparse(node.func), names))  # noqa: S307


def bind(node: ast.Call, signature: inspect.Signature) -> None:
    """Raises ``TypeError`` where the call does not fit."""
    keywords = {keyword.arg: PLACEHOLDER for keyword in node.keywords if keyword.arg}
    signature.bind(*(PLACEHOLDER for _ in node.args), **keywords)


def dotted_paths(names: dict[str, Any]) -> Iterator[str]:
    """What the settings of a sample name by its path: apps, middleware, plugins, storages, services."""
    yield from names["INSTALLED_APPS"]
    yield from names["MIDDLEWARE"]
    yield from (storage["BACKEND"] for storage in names["STORAGES"].values())
    yield from (
        options["class"]
        for options in names["PROCTORING_BACKENDS"].values()
        if isinstance(options, dict) and "class" in options
    )
    for section in ("PROCTORING_SETTINGS", "VERIFY_STUDENT"):
        yield from names[section].get("LMS_SERVICES", {}).values()


def _says_something(statement: ast.stmt) -> bool:
    match statement:
        case ast.ImportFrom(module=str(module)):
            return not is_fictional(module)
        case ast.Import() | ast.ClassDef():
            return True
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target):
            root = ast.unparse(target).partition("[")[0]
            return root == "urlpatterns" or root.isupper()
    return False


def _imported(node: ast.AST) -> list[ast.alias]:
    match node:
        case ast.ImportFrom(module=str(module)) if is_fictional(module):
            return []
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return names
    return []


def resolve(dotted: str) -> None:
    """Raises where there is no such module, or no such name in it."""
    try:
        import_module(dotted)
    except ModuleNotFoundError:
        module, _, name = dotted.rpartition(".")
        getattr(import_module(module), name)
