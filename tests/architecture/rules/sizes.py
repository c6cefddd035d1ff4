"""
Rooms stay small: limits for modules, functions and the screens' scripts. The targets, which nothing enforces, are shown
by ``targets``.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from tests.architecture.rules.scopes import FunctionNode
from tests.architecture.rules.source import PACKAGES, Module, Violation, functions, modules

TESTS = "tests"
MODULE_LINES = 400
TEST_MODULE_LINES = 600
FUNCTION_LINES = 50
COMPLEXITY = 10
PARAMETERS = 6
CONTRACT_PARAMETERS = {
    "create_exam": "contract python.md §4.2",
    "update_exam": "contract python.md §4.2",
    "create_exam_attempt": "contract python.md §1.5",
    "override_subsection_grade": "contract python.md §6.2",
}
SCREENS_LINES = 299
# Screens are HTML, and work without a script; what scripts add to them stays small. The desktop applications of vendors
# are talked to in a protocol that is theirs, whatever the screens look like; the API's document and the vendor's stub
# are for developers. A new module is one of the screens', unless it is named here.
NO_SCREENS = frozenset(
    {
        "proctoring/static/proctoring/js/application.js",
        "proctoring/static/proctoring/js/worker.js",
        "proctoring/static/proctoring/js/worker_client.js",
        "proctoring/static/proctoring/js/openapi.js",
        "verify_student/static/verify_student/vendor_stub.js",
    }
)
GENERATED = "migrations"
BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.comprehension,
    ast.match_case,
)


def violations(tree_root: Path) -> list[Violation]:
    """Modules and functions that are too large. Migrations are generated, and not counted."""
    found: list[Violation] = []
    for module in _written_modules(tree_root, *PACKAGES, "benchmarks", "examples"):
        found += _too_long(module, MODULE_LINES)
        found += _functions_too_large(module)
        found += _too_many_parameters(module)
    for module in modules(tree_root, TESTS):
        found += _too_long(module, TEST_MODULE_LINES)
        found += _functions_too_large(module)
    return found + list(_screens_too_long(tree_root))


def targets(tree_root: Path) -> str:
    """Median and 90th percentile of the lines of the product's modules and functions."""
    written = list(_written_modules(tree_root, *PACKAGES))
    module_lines = [_module_lines(module) for module in written]
    function_lines = [_lines(function) for module in written for function in functions(module.tree)]
    return "\n".join(
        [
            _described("modules", module_lines, "targets: median 120, p90 250"),
            _described("functions", function_lines, "target: median 8"),
            f"scripts of the screens: {sum(_screens(tree_root).values())} lines (at most {SCREENS_LINES})",
        ]
    )


def complexity(function: FunctionNode) -> int:
    """
    Ways through a function: one, and one more for each condition, loop, handler and case; inner functions included.
    """
    return 1 + sum(isinstance(node, BRANCHES) for node in ast.walk(function))


def _written_modules(tree_root: Path, *folders: str) -> Iterator[Module]:
    return (module for module in modules(tree_root, *folders) if GENERATED not in module.parts)


def _too_long(module: Module, limit: int) -> Iterator[Violation]:
    lines = _module_lines(module)
    if lines > limit:
        yield module.violation(limit + 1, f"a module has at most {limit} lines, this one has {lines}")


def _functions_too_large(module: Module) -> Iterator[Violation]:
    for function in functions(module.tree):
        if (lines := _lines(function)) > FUNCTION_LINES:
            yield module.violation(
                function, f"a function has at most {FUNCTION_LINES} lines, {function.name} has {lines}"
            )
        if (ways := complexity(function)) > COMPLEXITY:
            yield module.violation(
                function, f"a function's complexity is at most {COMPLEXITY}, {function.name} has {ways}"
            )


def _too_many_parameters(module: Module) -> Iterator[Violation]:
    for function in functions(module.tree):
        count = _parameters(function)
        if count > PARAMETERS and function.name not in CONTRACT_PARAMETERS:
            yield module.violation(
                function,
                f"a function has at most {PARAMETERS} parameters unless the public contract demands more, "
                f"{function.name} has {count}",
            )


def _screens_too_long(tree_root: Path) -> Iterator[Violation]:
    lines = _screens(tree_root)
    total = sum(lines.values())
    if total > SCREENS_LINES:
        longest = max(lines, key=lambda path: lines[path])
        yield Violation(longest, 1, f"scripts of the screens have at most {SCREENS_LINES} lines, these have {total}")


def _screens(tree_root: Path) -> dict[str, int]:
    """The scripts of the screens, and how many lines of each are neither blank nor comments."""
    scripts = {
        path.relative_to(tree_root).as_posix(): path.read_text(encoding="utf-8").splitlines()
        for package in ("proctoring", "verify_student")
        for path in sorted((tree_root / package).glob("static/**/*.js"))
    }
    return {
        path: sum(not line.strip().startswith("//") and bool(line.strip()) for line in lines)
        for path, lines in scripts.items()
        if path not in NO_SCREENS
    }


def _parameters(function: FunctionNode) -> int:
    positional = [argument.arg for argument in [*function.args.posonlyargs, *function.args.args]]
    if positional[:1] in (["self"], ["cls"]):
        positional = positional[1:]
    return len(positional) + len(function.args.kwonlyargs)


def _module_lines(module: Module) -> int:
    return len(module.text.splitlines())


def _lines(function: FunctionNode) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _described(what: str, lines: list[int], wanted: str) -> str:
    if len(lines) < 2:
        return f"{what}: {len(lines)} ({wanted})"
    p90 = quantiles(lines, n=10, method="inclusive")[-1]
    return f"{what}: {len(lines)}, median {median(lines):.0f} lines, p90 {p90:.0f}, longest {max(lines)} ({wanted})"
