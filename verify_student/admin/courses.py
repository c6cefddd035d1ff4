"""Courses' deadlines, and the arguments of the retry command."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from proctoring.common.admin import LongListAdmin
from proctoring.common.admin.csv import CHANGED, NEW, REFUSED, UNCHANGED, CsvAdmin, CsvResource, Line
from verify_student.models import SSPVerificationRetryConfig, VerificationDeadline
from verify_student.services import deadline_files, deadlines, retry_config
from verify_student.services.deadline_files import COLUMNS, LineOutcome, Result

OUTCOMES = {
    Result.CREATED: NEW,
    Result.CHANGED: CHANGED,
    Result.UNCHANGED: UNCHANGED,
    Result.REFUSED: REFUSED,
}
READ_AT_ONCE = 500


class DeadlinesFile(CsvResource):
    """One course a line."""

    columns = COLUMNS

    def preview(self, lines: list[str], user: Any) -> Iterable[Line]:
        return map(_line, deadline_files.preview(lines))

    def apply(self, lines: list[str], user: Any) -> Iterable[Line]:
        return map(_line, deadline_files.apply(lines))

    def rows(self, queryset: "QuerySet[Any]") -> Iterator[Sequence[str]]:
        return deadline_files.cells_of(queryset.order_by("pk").iterator(chunk_size=READ_AT_ONCE))


def _line(one: LineOutcome) -> Line:
    return Line(one.line, OUTCOMES[one.result], one.cells, str(one.why))


@admin.register(VerificationDeadline)
class VerificationDeadlineAdmin(LongListAdmin, CsvAdmin):
    """A deadline that is typed here is a person's: publishing the course keeps it (W62)."""

    list_display = ("course_key", "deadline", "deadline_is_explicit", "modified")
    list_filter = ("deadline_is_explicit",)
    search_exact = ("course_key",)
    date_hierarchy = "deadline"
    ordering = ("course_key",)
    fields = ("course_key", "deadline", "deadline_is_explicit")
    resource_classes = (DeadlinesFile,)

    @property
    def search_help_text(self) -> str:  # type: ignore[override]
        return _("The beginning of a course key.")

    def get_readonly_fields(self, request: HttpRequest, obj: VerificationDeadline | None = None) -> tuple[str, ...]:
        return ("course_key", "deadline_is_explicit") if obj else ("deadline_is_explicit",)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """Courses are found by the beginning of the key, so that all runs of an organisation are."""
        return queryset.filter(course_key__startswith=search_term.replace("\0", "").strip()), False

    def save_model(
        self, request: HttpRequest, obj: VerificationDeadline, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        deadlines.set_deadline(obj.course_key, obj.deadline, is_explicit=True)
        obj.pk = VerificationDeadline.objects.values_list("pk", flat=True).get(course_key=obj.course_key)


@admin.register(SSPVerificationRetryConfig)
class RetryConfigAdmin(LongListAdmin):
    """Rows are only added; the newest one counts."""

    list_display = ("id", "change_date", "changed_by", "enabled", "arguments")
    list_select_related = ("changed_by",)
    ordering = ("-id",)
    fields = ("enabled", "arguments")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: SSPVerificationRetryConfig, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        obj.pk = retry_config.change(enabled=obj.enabled, arguments=obj.arguments, by=request.user).pk
