"""What lists of reviews can be narrowed to; the parameters' names and values are those of old links."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from proctoring.common.admin import ChoiceFilter
from proctoring.statuses import SoftwareSecureReviewStatus

REVIEW_STATUSES = [(str(status), str(status)) for status in SoftwareSecureReviewStatus]


class ReviewedFilter(SimpleListFilter):
    """What no person has looked at."""

    title = _("internally reviewed")
    parameter_name = "reviewed_by"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return [
            ("all_unreviewed", _("All unreviewed")),
            ("all_unreviewed_failures", _("All unreviewed failures")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() == "all_unreviewed":
            return queryset.filter(reviewed_by__isnull=True)
        if self.value() == "all_unreviewed_failures":
            return queryset.filter(reviewed_by__isnull=True, review_status=SoftwareSecureReviewStatus.suspicious)
        return queryset


class ReviewStatusFilter(ChoiceFilter):
    """The four results a review can have, without asking the reviews."""

    title = _("review status")
    parameter_name = "review_status"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        return REVIEW_STATUSES
