"""The platform with its own courses runs as its README says, and on what is public only."""

import ast
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path
from textwrap import dedent

from tests.examples.conftest import OWN_COURSES, manage
from tests.packaging.conftest import PROJECT

README = (OWN_COURSES / "README.rst").read_text()
GUIDE = (PROJECT / "docs" / "own_platform.rst").read_text()
COMMANDS = re.findall(r"^ +\$ python manage\.py (.+)$", README, re.MULTILINE)
FOR_EVER = "runserver"
PUBLIC = {"proctoring.api", "proctoring.lms", "verify_student.api", "verify_student.lms.ports"}
OURS = ("proctoring", "verify_student", "demo", "tests")
SOURCES = sorted(path for path in OWN_COURSES.rglob("*.py"))
MAY_TAKE = """
from django.contrib.auth import get_user_model
def may(username, course_id, **state):
    user = get_user_model()(username=username, **state)
    return user.has_perm("edx_proctoring.can_take_proctored_exam", {"course_id": course_id})
told = may("lena", "keeping-bees"), may("lena", "of-nobody"), may("theo", "keeping-bees")
assert (*told, may("lena", "keeping-bees", is_active=False)) == (True, False, False, False), told
"""
# Of code, beside settings and tests.
LINES = 120


def test_the_commands_of_the_readme_run(own_courses: Path) -> None:
    assert COMMANDS == ["migrate", "loaddata people", FOR_EVER, "test"]

    for command in COMMANDS:
        if command not in {FOR_EVER, "test"}:
            manage(own_courses, *command.split())

    with closing(sqlite3.connect(own_courses / "db.sqlite3")) as database:
        people = {name for (name,) in database.execute("SELECT username FROM auth_user")}
    assert people == {"lena", "theo"}
    assert all(f"``{name}``" in README for name in people)


def test_a_learner_takes_an_exam_and_staff_see_their_page(own_courses: Path) -> None:
    told = manage(own_courses, "test", "--noinput")
    # Without warnings either.
    assert "System check identified no issues" in told


def test_the_guides_permission_lets_learners_take_exams(own_courses: Path) -> None:
    (sample,) = re.findall(r"^\.\. code-block:: python\n\n((?:   .*\n|\n)+)", GUIDE, re.MULTILINE)
    (own_courses / "campus" / "permissions.py").write_text(dedent(sample))
    with (own_courses / "campus" / "settings.py").open("a") as settings:
        settings.write('AUTHENTICATION_BACKENDS = ["campus.permissions.LearnersTakeExams"]\n')

    manage(own_courses, "shell", "--no-imports", "--command", MAY_TAKE)


def test_it_uses_public_names_only() -> None:
    assert {f"{module}.{name}" for module, name in _imports() if module not in PUBLIC} == set()
    for module, name in _imports():
        known = import_module(module)
        assert name in getattr(known, "__all__", vars(known)), f"{module} has no public {name}"


def test_it_stays_as_small_as_it_says() -> None:
    assert sum(_lines_of_code(path) for path in SOURCES if path.name not in {"settings.py", "tests.py"}) <= LINES


def test_the_readme_tells_what_each_file_is_for() -> None:
    assert [path.name for path in SOURCES if path.name not in README] == []


def _imports() -> Iterator[tuple[str, str]]:
    """What the example imports from this project: module and name."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
                yield from ((str(node.module), alias.name) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names if alias.name.split(".")[0] in OURS)


def _lines_of_code(path: Path) -> int:
    """Lines that are not empty, no comment and no docstring."""
    text = path.read_text()
    texts = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Expr)]
    told = {line for node in texts if isinstance(node.value, ast.Constant) for line in _span(node)}
    lines = enumerate(text.splitlines(), start=1)
    return len([number for number, line in lines if number not in told and line.strip() and line.lstrip()[0] != "#"])


def _span(node: ast.Expr) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
