"""What the LMS provides: the protocol of each service, and the values that are handed over."""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import get_type_hints

from docs.from_code.text import definition, literal, prose
from proctoring.lms import SERVICE_NAMES, registry
from proctoring.lms import ports as exam_ports
from proctoring.lms import types as exam_types
from verify_student import lms as identity_lms
from verify_student.lms import ports as identity_ports
from verify_student.lms import types as identity_types


def of_exams() -> str:
    return _services(exam_ports, registry)


def of_identity() -> str:
    return _services(identity_ports, identity_lms)


def types_of_exams() -> str:
    return "\n".join(_type(node) for node in classes(exam_types))


def types_of_identity() -> str:
    return "\n".join(_type(node) for node in classes(identity_types))


def classes(module: ModuleType) -> Iterator[ast.ClassDef]:
    """Public classes in the order of the source."""
    tree = ast.parse(inspect.getsource(module))
    return (node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))


def service_of(port: str, finders: ModuleType) -> str:
    """The name of the service that a port is of: the function that finds it is called so."""
    for name, finder in inspect.getmembers(finders, inspect.isfunction):
        if getattr(get_type_hints(finder).get("return"), "__name__", "") == port:
            return name
    raise LookupError(f"No function of {finders.__name__} answers with {port}; known services: {SERVICE_NAMES}.")


def _services(ports: ModuleType, finders: ModuleType) -> str:
    return "\n".join(_service(node, service_of(node.name, finders), ports) for node in classes(ports))


def _service(node: ast.ClassDef, name: str, ports: ModuleType) -> str:
    methods = "\n".join(_method(method) for method in node.body if isinstance(method, ast.FunctionDef))
    said = f"{prose(ast.get_docstring(node))} Protocol {literal(f'{ports.__name__}.{node.name}')}."
    return definition(literal(name), f"{said}\n\n{methods}")


def _method(node: ast.FunctionDef) -> str:
    _without_self(node.args)
    returned = ast.unparse(node.returns) if node.returns else "None"
    return definition(literal(f"{node.name}({ast.unparse(node.args)}) -> {returned}"), prose(ast.get_docstring(node)))


def _type(node: ast.ClassDef) -> str:
    fields = [f"* {literal(told)}" for part in node.body for told in _field(part)]
    return definition(literal(node.name), "\n\n".join([prose(ast.get_docstring(node)), "\n".join(fields)]))


def _field(part: ast.stmt) -> Iterator[str]:
    match part:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
            yield f"{name}: {ast.unparse(annotation)}"
        case ast.FunctionDef(name=name, returns=ast.expr() as returned):
            yield f"{name}: {ast.unparse(returned)}"


def _without_self(arguments: ast.arguments) -> None:
    del (arguments.posonlyargs or arguments.args)[0]
