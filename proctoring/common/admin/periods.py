"""The years, months and days of a long list, without looking for them."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import Max, Min, QuerySet
from django.utils import timezone


class PeriodQuerySet(QuerySet[Any]):
    """Rows whose years, months and days are those between the first and the last row, and not looked for."""

    def datetimes(self, field_name: str, kind: str, *args: Any, **kwargs: Any) -> Any:
        ends = self.order_by().aggregate(first=Min(field_name), last=Max(field_name))
        if ends["first"] is None:
            return []
        return periods(_here(ends["first"]), _here(ends["last"]), kind)


def _here(moment: datetime) -> datetime:
    """As the reader's clock shows it; a host without time zones has one clock."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def periods(first: datetime, last: datetime, kind: str) -> list[datetime]:
    """The beginnings of the years, months or days (``kind``) from that of ``first`` to that of ``last``."""
    begin = {"year": {"month": 1, "day": 1}, "month": {"day": 1}, "day": {}}[kind]
    midnight = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
    found, at = [], first.replace(**begin, **midnight, fold=0)  # type: ignore[arg-type]
    while at <= last:
        found.append(at)
        try:
            # Far enough to be in the next one, whatever its length.
            ahead = at + timedelta(days={"year": 367, "month": 32, "day": 1}[kind])
        except OverflowError:
            break
        at = ahead.replace(**begin, **midnight)  # type: ignore[arg-type]
    return found


class PeriodChangeList(ChangeList):
    """A change list whose date hierarchy reads the ends of the list only."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> "QuerySet[Any]":
        rows = super().get_queryset(*args, **kwargs)
        rows.__class__ = _with_periods(type(rows))
        return rows


@cache
def _with_periods(kind: type["QuerySet[Any]"]) -> type["QuerySet[Any]"]:
    """The model's own queryset, with one method of ours."""
    return type("Periods", (PeriodQuerySet, kind), {})
