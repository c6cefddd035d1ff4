"""How many rows a long list has, without counting a million."""

import json
from typing import Any

from django.core.paginator import Paginator
from django.db import connections
from django.db.models import QuerySet
from django.utils.functional import cached_property

# Lists are counted to here, and estimated beyond it.
EXACT_UP_TO = 10_000
ROUNDED_TO = 1_000


class EstimatedPaginator(Paginator):  # type: ignore[type-arg]
    """
    Pages of a list that is counted up to ``EXACT_UP_TO`` rows; beyond them PostgreSQL's planner says about how many
    there are, in round numbers (``is_estimate``). Other databases count.

    Whoever asks for the last page that is known of, or for one behind it, gets the true last one: the database has to
    walk there anyway, and counts on its way.
    """

    is_estimate = False

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list.order_by()  # type: ignore[attr-defined]
        counted = rows[: EXACT_UP_TO + 1].count()
        if counted <= EXACT_UP_TO:
            return counted
        if connections[rows.db].vendor != "postgresql":
            return rows.count()
        self.is_estimate = True
        return max(counted, _estimate(rows))

    def validate_number(self, number: Any) -> int:
        wanted = _whole(number)
        if wanted >= self.num_pages and self.is_estimate:
            self.is_estimate = False
            self.count = self.object_list.order_by().count()  # type: ignore[attr-defined]
            del self.num_pages
            number = min(wanted, self.num_pages)
        return super().validate_number(number)


def _estimate(rows: "QuerySet[Any]") -> int:
    plan = json.loads(rows.explain(format="json"))
    return ROUNDED_TO * round(int(plan[0]["Plan"]["Plan Rows"]) / ROUNDED_TO)


def _whole(number: Any) -> int:
    """A page's number; 0 for what is none, which the paginator refuses."""
    try:
        return int(number)
    except (TypeError, ValueError):
        return 0
