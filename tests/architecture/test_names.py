"""The rules about names and imports can fail, and know a good explanation."""

import pytest

from tests.architecture.conftest import Tree
from tests.architecture.rules.names import EXPLAIN_RULE, NAME_RULE, RELATIVE_RULE, violations
from tests.architecture.rules.source import report


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "helper", "misc", "_utils"])
def test_name_that_says_nothing_is_found(tree: Tree, name: str) -> None:
    root = tree({f"proctoring/{name}.py": "", f"tests/{name}/test_exams.py": ""})

    assert report(violations(root)) == (
        f"proctoring/{name}.py:1: {NAME_RULE}, not {name}\ntests/{name}/test_exams.py:1: {NAME_RULE}, not {name}"
    )


@pytest.mark.parametrize("statement", ["from . import exams", "from .exams import create", "from ..models import Exam"])
def test_relative_import_is_found(tree: Tree, statement: str) -> None:
    found = violations(tree({"proctoring/api/attempts.py": f"import json\n{statement}\n"}))

    assert report(found) == f"proctoring/api/attempts.py:2: {RELATIVE_RULE}"


@pytest.mark.parametrize(
    "comment",
    ["", "  # noqa: PLC0415", "  # type: ignore[import-untyped]", "  #"],
)
def test_unexplained_import_inside_a_function_is_found(tree: Tree, comment: str) -> None:
    source = f"""
    # A comment further up explains nothing.

    class AppConfig:
        def ready(self):
            import json{comment}
    """

    assert report(violations(tree({"proctoring/apps.py": source}))) == f"proctoring/apps.py:5: {EXPLAIN_RULE}"


@pytest.mark.parametrize(
    "explained",
    [
        "import json  # the package is optional",
        "import json  # noqa: PLC0415 - the package is optional",
        "# The package is optional.\n        import json",
        "# The package is optional.\n        import json\n        from json import dumps",
        "from json import (\n            dumps,  # the package is optional\n        )",
    ],
)
def test_explained_import_is_free(tree: Tree, explained: str) -> None:
    source = f"""
    def ready():
        {explained}
    """

    assert not violations(tree({"proctoring/apps.py": source}))


def test_explanation_does_not_reach_past_other_code(tree: Tree) -> None:
    source = """
    def ready():
        # The package is optional.
        import json
        print(json)
        import os
    """

    assert report(violations(tree({"proctoring/apps.py": source}))) == f"proctoring/apps.py:5: {EXPLAIN_RULE}"


def test_absolute_imports_at_the_top_are_free(tree: Tree) -> None:
    source = """
    from typing import TYPE_CHECKING
    from proctoring.common.helpful import Help

    if TYPE_CHECKING:
        from proctoring.models import ProctoredExam
    """

    assert not violations(tree({"proctoring/lms/ports.py": source, "proctoring/common/helpful.py": ""}))
