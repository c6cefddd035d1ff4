"""
One module writes statuses: ``services/transitions.py`` of the app that the attempt belongs to.

Anything called ``status`` counts when it is assigned as an attribute. In calls that write rows (``create``,
``update``, …) it counts unless the call visibly starts from another model, or is made to the writer itself. Reading,
filtering, fields and dictionary keys are free, and so is ``self.status = …`` in the ``__init__`` of a class outside
of ``models``: that is an object's own beginning, such as an exception's.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.rules.source import PACKAGES, Module, Violation, constant_text, functions, modules

STATUS = "status"
WRITERS = ("proctoring/services/transitions.py", "verify_student/services/transitions.py")
WRITING_MODULES = ("proctoring.services.transitions", "verify_student.services.transitions")
GUARDED_MODELS = frozenset(
    {
        "ProctoredExamStudentAttempt",
        "SoftwareSecurePhotoVerification",
        "ManualVerification",
        "SSOVerification",
        "VerificationAttempt",
    }
)
NOT_READ = {
    "proctoring/migrations/": "the schema's history, not behaviour",
    "verify_student/migrations/": "the schema's history, not behaviour",
    "demo/lms/migrations/": "the schema's history, not behaviour",
    "proctoring/backends/": "pure translation, never sees a model",
    "demo/simulator/": "another process with tables of its own",
}
ROW_WRITERS = frozenset({"create", "get_or_create", "update_or_create", "update"})
FIELD_LISTS = {"bulk_update": "fields", "bulk_create": "update_fields", "save": "update_fields"}
RULE = "an attempt's status is written by services/transitions.py only"


def violations(tree_root: Path) -> list[Violation]:
    """Every write of a status outside of the modules that may."""
    found: list[Violation] = []
    for module in modules(tree_root, *PACKAGES):
        if module.path not in WRITERS and not module.path.startswith(tuple(NOT_READ)):
            found += _in_module(module)
    return found


def _in_module(module: Module) -> Iterator[Violation]:
    allowed = set() if "models" in module.parts else set(_own_beginnings(module.tree))
    for node in ast.walk(module.tree):
        how = _how_written(module, node)
        if how and node not in allowed:
            yield module.violation(node, f"{RULE}, not by {how}")


def _own_beginnings(tree: ast.Module) -> Iterator[ast.AST]:
    for function in functions(tree):
        if function.name == "__init__":
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                    yield node


def _how_written(module: Module, node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr="status", ctx=ast.Store() | ast.Del()):
            return "assignment"
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="status"), *_]):
            return "setattr"
        case ast.Call(func=ast.Attribute(attr="__setattr__"), args=arguments) if any(map(_is_status, arguments[:2])):
            return "setattr"
        case ast.Call(func=ast.Attribute(attr=method, value=receiver)) if _writes_row(node, _sync_name(method)):
            return "" if _is_elsewhere(module, receiver) else f"{method}()"
        case ast.Call(func=function) if STATUS in _keywords(node) and _last_name(module, function) in GUARDED_MODELS:
            return "a new row"
        case _:
            return ""


def _sync_name(method: str) -> str:
    known = ROW_WRITERS | FIELD_LISTS.keys()
    return method[1:] if method.startswith("a") and method[1:] in known else method


def _writes_row(call: ast.Call, method: str) -> bool:
    keywords = _keywords(call)
    if method in ROW_WRITERS:
        given = [keywords.get(name) for name in ("defaults", "create_defaults")]
        return STATUS in keywords or any(_mentions(argument) for argument in given)
    if method in FIELD_LISTS:
        positional = call.args[1:2] if method == "bulk_update" else []
        return any(_mentions(argument) for argument in [keywords.get(FIELD_LISTS[method]), *positional])
    return False


def _keywords(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _is_status(node: ast.expr) -> bool:
    return constant_text(node) == STATUS


def _mentions(node: ast.expr | None) -> bool:
    if node is None:
        return False
    parts = list(ast.walk(node))
    keywords = [part.arg for part in parts if isinstance(part, ast.keyword)]
    return STATUS in keywords or any(isinstance(part, ast.expr) and _is_status(part) for part in parts)


def _is_elsewhere(module: Module, receiver: ast.expr) -> bool:
    """
    Whether a chain such as ``Comment.objects.filter(…)`` names a class that is not guarded, or a module that may
    write.
    """
    if module.origin(receiver) in WRITING_MODULES:
        return True
    names = list(_chain(module, receiver))
    return not GUARDED_MODELS.intersection(names) and any(name[:1].isupper() for name in names)


def _chain(module: Module, node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
        node = node.func if isinstance(node, ast.Call) else node.value
    yield _last_name(module, node)


def _last_name(module: Module, node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return (module.origin(node) or node.id).rpartition(".")[2]
    return node.attr if isinstance(node, ast.Attribute) else ""
