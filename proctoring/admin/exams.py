"""Exams (contract vendors_admin_screens.md §4.1)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from proctoring.admin.refusals import RefusalsAsMessages
from proctoring.backends import get_backend_choices
from proctoring.common.admin import ChoiceFilter
from proctoring.models import (
    ProctoredExam,
    ProctoredExamReviewPolicyHistory,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
)
from proctoring.services import exams, holds
from proctoring.services.vendors import backend_if_configured, backend_name
from proctoring.services.wording import kind_words

DEFAULT = "-"
# They have lists for reading only, and go with their exam all the same.
ARCHIVES = (ProctoredExamReviewPolicyHistory, ProctoredExamStudentAllowanceHistory)


class ExamForm(forms.ModelForm):  # type: ignore[type-arg]
    """
    An exam, whose vendor is one of the configured ones.

    What was changed is told from what the person saw, and not from what is stored by then.
    """

    OPTIONAL = frozenset({"external_id", "due_date", "backend"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "backend" in self.fields:
            choices = list(_vendors(self.instance.backend))
            self.fields["backend"] = forms.TypedChoiceField(label=_("Backend"), choices=choices, empty_value=None)
        # Some are absent for staff who may only look.
        for name in self.fields.keys() & self.OPTIONAL:
            self.fields[name].required = False
        for field in self.fields.values():
            field.show_hidden_initial = self._says_what_was_seen()

    def _says_what_was_seen(self) -> bool:
        """A client that sends nothing of it is compared with what is stored."""
        sent = any(self.add_initial_prefix(name) in self.data for name in self.fields)
        return self.instance.pk is not None and (sent or not self.is_bound)


def _vendors(current: str | None) -> Iterator[tuple[str, Any]]:
    configured = dict(get_backend_choices())
    yield "", _("the platform's default")
    yield from configured.items()
    # A vendor that was removed from the settings must survive an unrelated edit.
    if current and current not in configured:
        yield current, _("%(name)s (not available)") % {"name": current}


class VendorFilter(ChoiceFilter):
    """The configured vendors, without asking the exams."""

    title = _("vendor")
    parameter_name = "backend"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, Any]]:
        return [(DEFAULT, _("the platform's default")), *get_backend_choices()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() == DEFAULT:
            return queryset.filter(backend__isnull=True)
        return super().queryset(request, queryset)


@admin.register(ProctoredExam)
class ExamAdmin(RefusalsAsMessages):
    """
    All of an exam can be edited but its vendor's id, which the vendor says. Saving brings the vendor up to date, and
    gives those who are sitting the exam the time that it has then. An exam with attempts stays.

    There are few exams, so that parts of their names are looked for.
    """

    form = ExamForm
    list_display = ("course_id", "exam_name", "kind", "vendor", "due_date", "time_limit_mins", "is_active")
    list_display_links = ("course_id", "exam_name")
    list_filter = ("is_active", "is_proctored", "is_practice_exam", VendorFilter)
    search_fields = ("course_id", "exam_name", "content_id__exact")
    search_help_text = _("Part of a course id or of an exam's name, or a whole content id.")
    show_full_result_count = False
    ordering = ("-id",)

    @admin.display(description=_("kind"))
    def kind(self, exam: ProctoredExam) -> str | Promise:
        return kind_words(exam, backend_if_configured(exam))

    @admin.display(description=_("vendor"), ordering="backend")
    def vendor(self, exam: ProctoredExam) -> str:
        return backend_name(exam) if exam.is_proctored else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The vendor's id comes while a new exam's page is open: it is not for a form to put back."""
        return () if obj is None else ("external_id",)

    def save_model(self, request: HttpRequest, obj: Any, form: "forms.ModelForm[Any]", change: bool) -> None:
        """What was not changed is not written: somebody else may have."""
        if change:
            exams.update(obj.pk, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            obj.pk = exams.create(**form.cleaned_data).pk
        obj.refresh_from_db()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[Any], list[Any]]:
        """
        What stands in the way of a deletion is counted and not listed.

        Nobody would be told of attempts that go with their exam: neither the vendor nor the LMS.
        """
        protected = [*_with_attempts(objs), *_held(objs)]
        if protected:
            return [], {}, set(), protected
        to_delete, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        archives = {model._meta.verbose_name for model in ARCHIVES}
        return to_delete, counts, forbidden - archives, protected


def _with_attempts(going: Sequence[ProctoredExam]) -> Iterator[str]:
    for exam in going:
        number = ProctoredExamStudentAttempt.objects.filter(proctored_exam=exam).count()
        if number:
            text = ngettext("%(exam)s: %(number)s attempt", "%(exam)s: %(number)s attempts", number)
            yield text % {"exam": exam, "number": number}


def _held(going: Sequence[ProctoredExam]) -> Iterator[str]:
    for exam in going:
        if holds.cover_exam(exam):
            yield _("%(exam)s: a legal hold keeps its data") % {"exam": exam}
