"""The notes for the reviewers of an exam, and former ones (contract vendors_admin_screens.md §4.2)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from proctoring.common.admin import GuardedAdmin, ReadOnlyAdmin
from proctoring.common.audit import Subject
from proctoring.models import ProctoredExam, ProctoredExamReviewPolicy, ProctoredExamReviewPolicyHistory
from proctoring.services import audit


class ReviewPolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A policy, of which an exam has one."""

    def clean_proctored_exam(self) -> ProctoredExam:
        exam: ProctoredExam = self.cleaned_data["proctored_exam"]
        policy = ProctoredExamReviewPolicy.get_review_policy_for_exam(exam.pk)
        if policy is not None and "proctored_exam" in self.changed_data:
            raise forms.ValidationError(_("This exam already has a review policy."))
        return exam


class PolicyList(GuardedAdmin):
    """Exams, who wrote the notes, and when. There are as few as exams."""

    list_select_related = ("proctored_exam", "set_by_user")
    search_fields = ("proctored_exam__course_id", "proctored_exam__exam_name")
    show_full_result_count = False
    ordering = ("-id",)

    @admin.display(description=_("course"))
    def course_id(self, policy: Any) -> str:
        return str(policy.proctored_exam.course_id)

    @admin.display(description=_("exam"))
    def exam_name(self, policy: Any) -> str:
        return str(policy.proctored_exam.exam_name)


@admin.register(ProctoredExamReviewPolicy)
class ReviewPolicyAdmin(PolicyList):
    """The policy's author is whoever saved it last."""

    form = ReviewPolicyForm
    list_display = ("course_id", "exam_name", "set_by_user", "modified")
    list_display_links = ("course_id", "exam_name")
    autocomplete_fields = ("proctored_exam",)
    readonly_fields = ("set_by_user",)

    def save_model(
        self, request: HttpRequest, obj: ProctoredExamReviewPolicy, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        obj.set_by_user = request.user  # type: ignore[assignment]
        entries = [audit.entry("review_policy.set", obj.proctored_exam, actor=request.user)]
        if change and "proctored_exam" in form.changed_data:
            left = Subject("proctoredexam", form.initial["proctored_exam"])
            entries.append(audit.entry("review_policy.removed", left, actor=request.user))
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            audit.write(entries)

    def delete_model(self, request: HttpRequest, obj: ProctoredExamReviewPolicy) -> None:
        with transaction.atomic():
            audit.record("review_policy.removed", obj.proctored_exam, actor=request.user)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[ProctoredExamReviewPolicy]") -> None:
        with transaction.atomic():
            audit.write(
                audit.entry("review_policy.removed", policy.proctored_exam, actor=request.user)
                for policy in queryset.select_related("proctored_exam")
            )
            super().delete_queryset(request, queryset)


@admin.register(ProctoredExamReviewPolicyHistory)
class ReviewPolicyHistoryAdmin(PolicyList, ReadOnlyAdmin):
    """What policies said before they were changed or removed."""

    list_display = ("course_id", "exam_name", "set_by_user", "created")
    list_display_links = ("course_id", "exam_name")
