"""Exams and the notes for their reviewers (contract vendors_admin_screens.md §4.1-4.2)."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from proctoring.backends import get_backend_choices
from proctoring.models import ProctoredExam, ProctoredExamReviewPolicy


class ExamForm(forms.ModelForm):  # type: ignore[type-arg]
    """An exam, whose vendor is one of the configured ones."""

    OPTIONAL = frozenset({"external_id", "due_date", "backend"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(_vendors(self.instance.backend))
        self.fields["backend"] = forms.TypedChoiceField(label=_("Backend"), choices=choices, empty_value=None)
        # Some are absent for staff who may only look.
        for name in self.fields.keys() & self.OPTIONAL:
            self.fields[name].required = False


def _vendors(current: str | None) -> Iterator[tuple[str, Any]]:
    configured = dict(get_backend_choices())
    yield "", _("the platform's default")
    yield from configured.items()
    # A vendor that was removed from the settings must survive an unrelated edit.
    if current and current not in configured:
        yield current, _("%(name)s (not available)") % {"name": current}


@admin.register(ProctoredExam)
class ExamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """All of an exam can be edited; saving brings the vendor up to date."""

    form = ExamForm
    search_fields = ("course_id", "exam_name")
    ordering = ("-id",)


class ReviewPolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A policy, of which an exam has one."""

    def clean_proctored_exam(self) -> ProctoredExam:
        exam: ProctoredExam = self.cleaned_data["proctored_exam"]
        policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(exam.pk)
        if policy is not None and "proctored_exam" in self.changed_data:
            raise forms.ValidationError(_("This exam already has a review policy."))
        return exam


@admin.register(ProctoredExamReviewPolicy)
class ReviewPolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The policy's author is whoever saved it last."""

    form = ReviewPolicyForm
    list_display = ("course_id", "exam_name")
    list_select_related = ("proctored_exam",)
    search_fields = ("proctored_exam__course_id", "proctored_exam__exam_name")
    autocomplete_fields = ("proctored_exam",)
    readonly_fields = ("set_by_user",)
    ordering = ("-id",)

    @admin.display(description=_("course"))
    def course_id(self, policy: ProctoredExamReviewPolicy) -> str:
        return policy.proctored_exam.course_id

    @admin.display(description=_("exam"))
    def exam_name(self, policy: ProctoredExamReviewPolicy) -> str:
        return policy.proctored_exam.exam_name

    def save_model(
        self, request: HttpRequest, obj: ProctoredExamReviewPolicy, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        obj.set_by_user = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
