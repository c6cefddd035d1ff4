"""Questions about the rows of an older site."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from proctoring.common.operations.report import Level

# Rows to ask about: those of the question's model, and a way to the rows of the others by name.
Rows = Callable[[QuerySet[Any], Callable[[str], QuerySet[Any]]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """
    ``rows`` picks rows of ``model``, a name of the published schema, by its columns alone. ``what`` says what they
    are, ``meaning`` what becomes of them and what to do. ``by`` is a column whose different values are worth showing,
    as long as it holds no personal data.
    """

    model: str
    what: str
    meaning: str
    rows: Rows
    level: Level = Level.ATTENTION
    by: str = ""


def repeated(rows: "QuerySet[Any]", *columns: str) -> "QuerySet[Any]":
    """Values of ``columns`` that several of the rows have; one row for each."""
    found: QuerySet[Any] = rows.order_by().values(*columns).annotate(times=Count("pk")).filter(times__gt=1)
    return found
