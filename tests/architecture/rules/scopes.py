"""What a name stands for at its place in a module: the import behind it, unless something nearer has taken the name."""

import ast
from collections.abc import Iterator, Sequence

Scope = dict[str, str | None]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def origins(tree: ast.Module) -> dict[ast.Name, str]:
    """The names in ``tree`` that stand for something imported, each with its dotted origin."""
    found: dict[ast.Name, str] = {}
    _resolve(tree.body, [], found, in_class=False)
    return found


def _resolve(body: Sequence[ast.AST], outer: list[Scope], found: dict[ast.Name, str], *, in_class: bool) -> None:
    """Look the names of ``body`` up in its own scope and in the ``outer`` ones, the nearest last."""
    scopes = [*outer, _scope(body, outer)]
    for node in _same_scope(body):
        match node:
            case ast.Name(id=name):
                if origin := _lookup(name, scopes):
                    found[node] = origin
            case ast.ClassDef(body=inner):
                _resolve(inner, outer if in_class else scopes, found, in_class=True)
            case ast.FunctionDef(body=inner) | ast.AsyncFunctionDef(body=inner):
                # What a class body binds is not seen in its methods.
                _resolve([*_arguments(node.args), *inner], outer if in_class else scopes, found, in_class=False)


def _same_scope(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """
    The nodes below ``body`` without the bodies of functions and classes, whose decorators and defaults are included.
    """
    for node in body:
        yield node
        match node:
            case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments):
                defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
                yield from _same_scope([*node.decorator_list, *defaults])
            case ast.ClassDef():
                yield from _same_scope([*node.decorator_list, *node.bases, *node.keywords])
            case _:
                yield from _same_scope(list(ast.iter_child_nodes(node)))


def _arguments(arguments: ast.arguments) -> list[ast.AST]:
    return [node for node in ast.walk(arguments) if isinstance(node, ast.arg)]


def _scope(body: Sequence[ast.AST], outer: list[Scope]) -> Scope:
    taken: Scope = {}
    imported: Scope = {}
    aliases: Scope = {}
    for node in _same_scope(body):
        match node:
            case ast.Import() | ast.ImportFrom():
                imported.update(_imported(node))
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Name(id=source)):
                aliases[target] = _lookup(source, [*outer, imported])
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                taken[name] = None
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                taken[name] = None
    # An import and a fall-back for where it fails share a name: it stands for the import.
    return taken | aliases | imported


def _imported(node: ast.Import | ast.ImportFrom) -> Scope:
    if isinstance(node, ast.ImportFrom):
        return {} if node.level else {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    tops = {alias: alias.name.partition(".")[0] for alias in node.names}
    return {alias.asname or top: alias.name if alias.asname else top for alias, top in tops.items()}


def _lookup(name: str, scopes: list[Scope]) -> str | None:
    return next((scope[name] for scope in reversed(scopes) if name in scope), None)
