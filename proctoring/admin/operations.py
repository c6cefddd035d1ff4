"""The page for operators: what is stuck, given up or late, in every app that has something to say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from proctoring.common.admin import ReadOnlyAdmin
from proctoring.common.operations import AppReport, Level, Link, Row, Section, gather, text_of, worst
from proctoring.models import ScheduledRun


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the page shows it: an instant is left to the template, anything else is text."""

    row: Row
    cells: list[str | datetime]
    url: str


@admin.register(ScheduledRun)
class OperationsAdmin(ReadOnlyAdmin):
    """In the place of a list of tasks; only for reading. What can be done about a row is done where it links to."""

    change_list_template = "proctoring/operations.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.permits(request, "view_operations")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.changelist_view)
        return [path("", page, name=f"{self.opts.app_label}_{self.opts.model_name}_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: Mapping[str, Any] | None = None) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        reports = gather()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Operations"),
            "now": timezone.now(),
            "level": worst(report.level for report in reports),
            "counts": _counts(reports),
            "reports": [(report, list(_tables(report, request))) for report in reports],
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.change_list_template, context)


def _counts(reports: list[AppReport]) -> dict[str, int]:
    levels = [row.level for report in reports for section in report.sections for row in section.rows]
    return {"attention": levels.count(Level.ATTENTION), "broken": levels.count(Level.BROKEN)}


def _tables(report: AppReport, request: HttpRequest) -> Iterator[tuple[Section, list[Line]]]:
    for section in report.sections:
        yield section, [_line(section, row, request) for row in section.rows]


def _line(section: Section, row: Row, request: HttpRequest) -> Line:
    values = [getattr(row, name) for name, _heading in section.columns]
    cells = [value if isinstance(value, datetime) else text_of(value) for value in values]
    return Line(row, cells, _url(row.link, request) if row.link else "")


def _url(link: Link, request: HttpRequest) -> str:
    """The list in this admin; empty for whoever may not see it, and where it has none."""
    try:
        opts = apps.get_model(link.model)._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    except (LookupError, NoReverseMatch):
        return ""
    may = (f"{opts.app_label}.{get_permission_codename(action, opts)}" for action in ("view", "change"))
    return f"{address}?{urlencode(link.query)}" if any(request.user.has_perm(one) for one in may) else ""
