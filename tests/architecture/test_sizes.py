"""The rules about sizes can fail, and know what the contract demands."""

import subprocess
import sys

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.sizes import NO_SCREENS, targets, violations
from tests.architecture.rules.source import PROJECT, report

FUNCTION = "def act():\n" + "    act()\n" * 49


def branches(count: int) -> str:
    return "def act(x):\n" + "    if x: act(x)\n" * count


@pytest.mark.parametrize(("folder", "limit"), [("proctoring", 400), ("demo", 400), ("tests", 600)])
def test_module_is_limited(tree: Tree, folder: str, limit: int) -> None:
    root = tree({f"{folder}/fits.py": "x = 1\n" * limit, f"{folder}/long.py": "x = 1\n" * (limit + 1)})

    expected = f"{folder}/long.py:{limit + 1}: a module has at most {limit} lines, this one has {limit + 1}"
    assert report(violations(root)) == expected


def test_migrations_are_not_measured(tree: Tree) -> None:
    assert not violations(tree({"proctoring/migrations/0001_initial.py": "x = 1\n" * 500}))


@pytest.mark.parametrize("folder", ["verify_student", "tests"])
def test_function_is_limited(tree: Tree, folder: str) -> None:
    root = tree({f"{folder}/fits.py": FUNCTION, f"{folder}/long.py": f"\nimport x\n\n{FUNCTION}    act()\n"})

    assert report(violations(root)) == f"{folder}/long.py:3: a function has at most 50 lines, act has 51"


def test_complexity_is_limited(tree: Tree) -> None:
    root = tree({"proctoring/fits.py": branches(9), "proctoring/winding.py": branches(10)})

    assert report(violations(root)) == "proctoring/winding.py:1: a function's complexity is at most 10, act has 11"


WINDING = """
def act(x, y):
    if x:
        pass
    elif y:
        pass
    for i in x:
        while i:
            pass
    try:
        a = 1 if x else 2
    except ValueError:
        pass
    match y:
        case 1:
            pass
        case _:
            pass
    def inner():
        if x:
            pass
    return [i for i in x]
"""


def test_every_kind_of_branch_counts(tree: Tree) -> None:
    found = violations(tree({"proctoring/winding.py": WINDING}))

    assert report(found) == "proctoring/winding.py:1: a function's complexity is at most 10, act has 11"


@pytest.mark.parametrize(
    "signature",
    ["act(a, b, c, d, e, f, g)", "act(self, a, b, c, d, e, f, g)", "act(a, b, /, c, *, d, e, f=1, g=2, **more)"],
)
def test_parameters_are_limited(tree: Tree, signature: str) -> None:
    found = violations(tree({"proctoring/api/exams.py": f"def {signature}: pass\n"}))

    assert report(found) == (
        "proctoring/api/exams.py:1: "
        "a function has at most 6 parameters unless the public contract demands more, act has 7"
    )


@pytest.mark.parametrize(
    "signature",
    [
        "act(a, b, c, d, e, f)",
        "act(cls, a, b, c, d, e, f, *more, **others)",
        "create_exam(a, b, c, d, e, f, g, h, i, j, k)",
    ],
)
def test_six_parameters_and_what_the_contract_demands_are_free(tree: Tree, signature: str) -> None:
    assert not violations(tree({"proctoring/api/exams.py": f"def {signature}: pass\n"}))


def test_scripts_of_the_screens_are_limited_together(tree: Tree) -> None:
    filled = {
        "proctoring/static/proctoring/js/timer.js": "// why\n\n" + "  act();\n" * 200,
        "verify_student/static/verify_student/capture.js": "act(); // and\n" * 99 + "  // why\n",
        "proctoring/static/proctoring/js/worker.js": "act();\n" * 300,
    }
    assert not violations(tree(filled))

    root = tree(filled | {"verify_student/static/verify_student/new.js": "act();\n"})

    assert report(violations(root)) == (
        "proctoring/static/proctoring/js/timer.js:1: scripts of the screens have at most 299 lines, these have 300"
    )


def test_scripts_that_are_counted_apart_are_there() -> None:
    assert all((PROJECT / path).is_file() for path in NO_SCREENS)


def test_targets_are_reported(tree: Tree) -> None:
    functions = "def one():\n    pass\n\ndef two():\n    pass\n"
    root = tree({"proctoring/a.py": "x = 1\n" * 10, "proctoring/b.py": functions, "proctoring/c.py": "x = 1\n" * 300})

    assert targets(root) == (
        "modules: 3, median 10 lines, p90 242, longest 300 (targets: median 120, p90 250)\n"
        "functions: 2, median 2 lines, p90 2, longest 2 (target: median 8)\n"
        "scripts of the screens: 0 lines (at most 299)"
    )


def test_targets_of_an_empty_tree_are_reported(tree: Tree) -> None:
    assert targets(tree({})).startswith("modules: 0 (")


def test_targets_are_shown_by_a_command() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tests.architecture.sizes"], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert shown.stdout.startswith("modules: ")
