"""Query budgets can be exceeded, and the rule that pairs them with tests can fail."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from tests.architecture.conftest import Tree
from tests.architecture.query_budgets import QueryBudget, UnknownBudget, load_budgets, within_budget
from tests.architecture.rules.budgets_used import BUDGETS_PATH, LITERAL_RULE, UNKNOWN_RULE, UNUSED_RULE, violations
from tests.architecture.rules.source import report


def budgets_file(folder: Path, text: str) -> Path:
    path = folder / "budgets.toml"
    path.write_text(text)
    return path


def count_twice(error: Exception | None = None) -> None:
    get_user_model().objects.count()
    get_user_model().objects.count()
    if error is not None:
        raise error


@pytest.mark.django_db
def test_more_statements_than_granted_fail_and_are_listed() -> None:
    with pytest.raises(pytest.fail.Exception) as failure, within_budget("page", {"page": 1}):
        count_twice()

    first, *statements = str(failure.value).splitlines()
    assert first == "query budget 'page': 2 SQL statements, allowed are 1"
    assert [statement.split()[:2] for statement in statements] == [["1.", "SELECT"], ["2.", "SELECT"]]


@pytest.mark.django_db
def test_transaction_control_is_not_counted() -> None:
    with within_budget("page", {"page": 1}), transaction.atomic():
        get_user_model().objects.count()


@pytest.mark.django_db
def test_error_of_the_block_is_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="mine"), within_budget("page", {"page": 0}):
        count_twice(RuntimeError("mine"))


def test_unknown_budget_fails_with_a_hint() -> None:
    with (
        pytest.raises(UnknownBudget, match=r"no budget 'pages', did you mean 'page'\?"),
        within_budget("pages", {"page": 1}),
    ):
        pytest.fail("the block must not run")


def test_fixture_reads_the_projects_file(request: pytest.FixtureRequest) -> None:
    budget: QueryBudget = request.getfixturevalue("query_budget")

    with pytest.raises(UnknownBudget), budget("nobody lists this"):
        pytest.fail("the block must not run")


def test_names_of_nested_tables_are_joined(tmp_path: Path) -> None:
    path = budgets_file(tmp_path, '"a.b" = 2\nc.d = { get = 6, post = 0 }\n')

    assert load_budgets(path) == {"a.b": 2, "c.d.get": 6, "c.d.post": 0}


@pytest.mark.parametrize("value", ["-1", "true", "1.5", '"6"', "[6]"])
def test_budget_that_is_no_number_of_statements_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValueError, match="page: a query budget is a number of statements"):
        load_budgets(budgets_file(tmp_path, f"page = {value}\n"))


def test_projects_file_can_be_read() -> None:
    assert all(isinstance(budget, int) for budget in load_budgets().values())


USES = """
def test_page(query_budget, name):
    with query_budget("page"):
        pass
    with query_budget("attempt.get"):
        pass
"""


def test_listed_and_used_budgets_are_free(tree: Tree) -> None:
    root = tree({BUDGETS_PATH: "page = 2\nattempt = { get = 6 }\n", "tests/test_pages.py": USES})

    assert not violations(root)


def test_no_budgets_at_all_are_free(tree: Tree) -> None:
    assert not violations(tree({BUDGETS_PATH: "# none\n", "tests/test_pages.py": "def test_page(): pass\n"}))


def test_budget_that_nobody_uses_is_found(tree: Tree) -> None:
    budgets = "# report comes later\npage = 2\nattempt = { get = 6 }\nreport = 4\n"
    root = tree({BUDGETS_PATH: budgets, "tests/test_pages.py": USES})

    assert report(violations(root)) == f"{BUDGETS_PATH}:4: {UNUSED_RULE}, report is not"


def test_use_of_a_budget_that_is_not_listed_is_found(tree: Tree) -> None:
    root = tree({BUDGETS_PATH: "page = 2\n", "tests/test_pages.py": USES})

    assert report(violations(root)) == f"tests/test_pages.py:4: {UNKNOWN_RULE}, attempt.get is not"


def test_use_that_cannot_be_read_is_found(tree: Tree) -> None:
    root = tree(
        {BUDGETS_PATH: "", "tests/test_pages.py": "def test_page(query_budget, name):\n    query_budget(name)\n"}
    )

    assert report(violations(root)) == f"tests/test_pages.py:2: {LITERAL_RULE}"
