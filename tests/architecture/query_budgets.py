"""
Query budgets: ``query_budgets.toml`` says how many SQL statements something may need, the fixture holds tests to it.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

BUDGETS_FILE = Path(__file__).with_name("query_budgets.toml")
TRANSACTION_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "START TRANSACTION")

QueryBudget = Callable[[str], AbstractContextManager[None]]


class UnknownBudget(LookupError):
    """A test asks for a budget that the file does not list."""

    def __init__(self, name: str, known: Mapping[str, int]) -> None:
        meant = get_close_matches(name, known, n=1)
        hint = f", did you mean {meant[0]!r}?" if meant else ""
        super().__init__(f"{BUDGETS_FILE.name} has no budget {name!r}{hint}")


def load_budgets(path: Path = BUDGETS_FILE) -> dict[str, int]:
    """
    Name -> most statements; the names of nested tables are joined by dots. Raises ``ValueError`` for anything else.
    """
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8")), ""))


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, int]]:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif type(value) is int and value >= 0:
            yield name, value
        else:
            raise ValueError(f"{name}: a query budget is a number of statements, not {value!r}")


@contextmanager
def within_budget(name: str, budgets: Mapping[str, int]) -> Iterator[None]:
    """Fail, listing the statements, if the block needs more of them than ``budgets`` grants to ``name``."""
    if name not in budgets:
        raise UnknownBudget(name, budgets)
    with CaptureQueriesContext(connection) as captured:
        yield
    statements = [query["sql"] for query in captured.captured_queries if not _is_transaction_control(query["sql"])]
    if len(statements) > budgets[name]:
        listed = "\n".join(f"{number}. {sql}" for number, sql in enumerate(statements, start=1))
        pytest.fail(f"query budget {name!r}: {len(statements)} SQL statements, allowed are {budgets[name]}\n{listed}")


def _is_transaction_control(sql: str) -> bool:
    return sql.lstrip().upper().startswith(TRANSACTION_CONTROL)


@pytest.fixture
def query_budget() -> QueryBudget:
    """
    ``with query_budget("name"): ...`` fails if the block needs more SQL statements than the file grants to the name.
    """
    budgets = load_budgets()
    return lambda name: within_budget(name, budgets)
