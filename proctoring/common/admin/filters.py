"""Filters whose choices cost nothing."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest


class ChoiceFilter(SimpleListFilter):
    """
    Values of the field ``parameter_name`` that are known beforehand, so that nobody asks the rows for them. Values that
    are not called by themselves are told by ``lookups``.
    """

    def choices_of(self, model_admin: Any) -> Iterable[str]:
        """The values to choose from."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return [(name, name) for name in self.choices_of(model_admin)]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset if self.value() is None else queryset.filter((self.parameter_name, self.value()))
