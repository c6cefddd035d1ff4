"""Lists over a million rows: no full count, a search that an index answers, and periods without a scan."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Max, Min, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

# Lists are counted to here, and estimated beyond it.
EXACT_UP_TO = 10_000
ROUNDED_TO = 1_000
# So many people are taken for what begins a user name.
MAX_PEOPLE = 500


class EstimatedPaginator(Paginator):  # type: ignore[type-arg]
    """
    Pages of a list that is counted up to ``EXACT_UP_TO`` rows; beyond them PostgreSQL's planner says about how many
    there are, in round numbers. Other databases count.
    """

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list.order_by()  # type: ignore[attr-defined]
        counted = rows[: EXACT_UP_TO + 1].count()
        return counted if counted <= EXACT_UP_TO else max(counted, _estimate(rows))


def _estimate(rows: "QuerySet[Any]") -> int:
    if connections[rows.db].vendor != "postgresql":
        return rows.count()
    plan = json.loads(rows.explain(format="json"))
    return ROUNDED_TO * round(int(plan[0]["Plan"]["Plan Rows"]) / ROUNDED_TO)


class PeriodQuerySet(QuerySet[Any]):
    """Rows whose years, months and days are those between the first and the last row, and not looked for."""

    def datetimes(self, field_name: str, kind: str, *args: Any, **kwargs: Any) -> Any:
        ends = self.order_by().aggregate(first=Min(field_name), last=Max(field_name))
        if ends["first"] is None:
            return []
        return periods(timezone.localtime(ends["first"]), timezone.localtime(ends["last"]), kind)


def periods(first: datetime, last: datetime, kind: str) -> list[datetime]:
    """The beginnings of the years, months or days (``kind``) from that of ``first`` to that of ``last``."""
    begin = {"year": {"month": 1, "day": 1}, "month": {"day": 1}, "day": {}}[kind]
    midnight = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
    found, at = [], first.replace(**begin, **midnight)  # type: ignore[arg-type]
    while at <= last:
        found.append(at)
        # Far enough to be in the next one, whatever its length.
        ahead = at + timedelta(days={"year": 367, "month": 32, "day": 1}[kind])
        at = ahead.replace(**begin, **midnight)  # type: ignore[arg-type]
    return found


class PeriodChangeList(ChangeList):
    """A change list whose date hierarchy reads the ends of the list only."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> "QuerySet[Any]":
        rows = super().get_queryset(*args, **kwargs)
        # The model's own queryset, with one method of ours.
        rows.__class__ = type("Periods", (PeriodQuerySet, type(rows)), {})
        return rows


class LongListAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """
    A list that opens as fast over a million rows as over ten.

    ``search_person`` names the relation to the learner, who is found by the beginning of the user name;
    ``search_exact`` are indexed columns that have to be the very text. Numbers are also ids.
    """

    paginator = EstimatedPaginator
    show_full_result_count = False
    list_per_page = 50
    search_person = ""
    search_exact: tuple[str, ...] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PeriodChangeList

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """What makes the admin show its search box."""
        return (*((self.search_person,) if self.search_person else ()), *self.search_exact)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        found = Q(*((name, term) for name in self.search_exact), _connector=Q.OR)
        if self.search_person:
            found |= Q((f"{self.search_person}__in", _people(term)))
        if term.isdecimal() and len(term) < MAX_ID_DIGITS:
            found |= Q(pk=int(term))
        return queryset.filter(found), False


# Ids of more digits would not fit into a column.
MAX_ID_DIGITS = 10


def _people(beginning: str) -> list[Any]:
    """Ids, asked for beforehand: a database that may use an index for each half of an "or" does so."""
    people: type[Model] = get_user_model()
    name = people.USERNAME_FIELD  # type: ignore[attr-defined]
    found = people._default_manager.filter(**{f"{name}__startswith": beginning})
    return list(found.values_list("pk", flat=True)[:MAX_PEOPLE])
