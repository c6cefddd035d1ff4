"""What learners are granted beyond an exam's rules: by hand, and by comma-separated files."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from proctoring.admin.courses import CourseFilter
from proctoring.admin.refusals import RefusalsAsMessages
from proctoring.common.admin import ActingAdmin, ChoiceFilter, LongListAdmin, ReadOnlyAdmin, SinglyDeletedAdmin
from proctoring.common.admin.csv import CHANGED, NEW, REFUSED, UNCHANGED, CsvAdmin, CsvResource, Line
from proctoring.common.errors import DomainError
from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance, ProctoredExamStudentAllowanceHistory
from proctoring.services import allowances, staff_actions
from proctoring.services.allowances import importing
from proctoring.services.allowances.files import COLUMNS, cells_of
from proctoring.services.allowances.importing import Result

Allowance = ProctoredExamStudentAllowance

STORED_KINDS = [
    (Allowance.ADDITIONAL_TIME_GRANTED[0], _("More time, in minutes")),
    (Allowance.REVIEW_POLICY_EXCEPTION[0], _("An exception, told to the reviewers")),
]
KINDS = [
    STORED_KINDS[0],
    (allowances.TIME_MULTIPLIER, _("More time, as a multiple of the exam's own (1.5 is half as much again)")),
    STORED_KINDS[1],
]
OUTCOMES = {Result.CREATED: NEW, Result.CHANGED: CHANGED, Result.UNCHANGED: UNCHANGED}
READ_AT_ONCE = 500


class AllowancesFile(CsvResource):
    """The same file as that of the course's pages and of the command ``import_allowances``."""

    columns = COLUMNS

    def preview(self, lines: list[str], user: Any) -> Iterable[Line]:
        return map(_line, importing.preview(lines))

    def apply(self, lines: list[str], user: Any) -> Iterable[Line]:
        return map(_line, importing.apply(lines, by=user))

    def rows(self, queryset: "QuerySet[Any]") -> Iterator[Sequence[str]]:
        rows = queryset.select_related("user", "proctored_exam").order_by("pk")
        return cells_of(rows.iterator(chunk_size=READ_AT_ONCE))


def _line(one: importing.LineOutcome) -> Line:
    cells = [str(getattr(one.row, column)) for column in COLUMNS] if one.row else []
    return Line(one.line, OUTCOMES.get(one.result, REFUSED), cells, one.error.detail if one.error else "")


class KindFilter(ChoiceFilter):
    """The kinds there are, without asking the allowances."""

    title = _("what is granted")
    parameter_name = "key"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return list(STORED_KINDS)


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something new for a learner. What may be granted is the services' to say."""

    key = forms.ChoiceField(label=_("What is granted"), choices=KINDS)

    def clean(self) -> dict[str, Any]:
        """``kind`` is what was chosen, ``key`` what it is stored as, of which a learner has one an exam."""
        cleaned = super().clean() or {}
        kind, exam = cleaned.get("key"), cleaned.get("proctored_exam")
        if exam is not None and not exam.is_active:
            self.add_error("proctored_exam", _("This exam is not active."))
        if kind is None or "value" not in cleaned:
            return cleaned
        try:
            wanted = allowances.wish_for_many(kind, cleaned["value"])
        except DomainError as refusal:
            self.add_error("value", refusal.detail)
            return cleaned
        return cleaned | {"kind": kind, "key": wanted.key}


class ValueForm(forms.ModelForm):  # type: ignore[type-arg]
    """Another value for what is there; minutes, where it is time."""

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"]
        try:
            allowances.wish_for_many(self.instance.key, value)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.detail) from None
        return value


class GrantedList(LongListAdmin):
    """Learners, exams and what was granted."""

    list_select_related = ("user", "proctored_exam")
    search_person = "user"
    ordering = ("-id",)

    @admin.display(description=_("learner"))
    def username(self, row: Any) -> str:
        return str(row.user.get_username())

    @admin.display(description=_("exam"))
    def exam_name(self, row: Any) -> str:
        return str(row.proctored_exam.exam_name)

    @admin.display(description=_("course"))
    def course_id(self, row: Any) -> str:
        return str(row.proctored_exam.course_id)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        term = search_term.replace("\0", "").strip()
        exams = list(ProctoredExam.objects.filter(course_id=term).values_list("pk", flat=True)) if term else []
        if exams:
            return queryset.filter(proctored_exam__in=exams), False
        return super().get_search_results(request, queryset, search_term)


@admin.register(ProctoredExamStudentAllowance)
class AllowanceAdmin(ActingAdmin, SinglyDeletedAdmin, GrantedList, RefusalsAsMessages, CsvAdmin):
    """Granted, changed and taken back by the same services as everywhere: who sits the exam has the time at once."""

    staff_actions = staff_actions.actions
    list_display = ("username", "exam_name", "course_id", "key", "value", "multiplier", "modified")
    list_filter = (KindFilter, CourseFilter)
    date_hierarchy = "modified"
    autocomplete_fields = ("user", "proctored_exam")
    resource_classes = [AllowancesFile]
    beyond = _("For more there is the command import_allowances.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = ("user", "proctored_exam", "key", "value")
        return fields if obj is None else (*fields, "multiplier", "created", "modified")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("user", "proctored_exam", "key", "multiplier", "created", "modified")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **{"form": ValueForm if obj else GrantForm, **kwargs})

    def save_model(self, request: HttpRequest, obj: Any, form: "forms.ModelForm[Any]", change: bool) -> None:
        kind = form.cleaned_data.get("kind", obj.key)
        exams, people, value = [obj.proctored_exam_id], [obj.user_id], form.cleaned_data["value"]
        [outcome] = allowances.grant_in_bulk(exams, people, kind, value, by=request.user)
        if outcome.error is not None:
            raise outcome.error
        stored = Allowance.get_allowance_for_user(obj.proctored_exam_id, obj.user_id, obj.key)
        obj.pk = stored.pk if stored else None

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        allowances.remove(obj.proctored_exam_id, obj.user_id, obj.key, by=request.user)


@admin.register(ProctoredExamStudentAllowanceHistory)
class AllowanceHistoryAdmin(GrantedList, ReadOnlyAdmin):
    """What allowances were before they were changed or taken back."""

    list_display = ("username", "exam_name", "course_id", "key", "value", "multiplier", "created")
    list_filter = (KindFilter, CourseFilter)
    date_hierarchy = "created"
