"""Attempts and the history of their changes (contract vendors_admin_screens.md §4.5)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from proctoring.admin.courses import CourseFilter
from proctoring.admin.refusals import RefusalsAsMessages
from proctoring.common.admin import ActingAdmin, LongListAdmin
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import attempts, staff_actions
from proctoring.statuses import ONBOARDING_ERRORS, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

NEVER_SET_BY_STAFF = frozenset({Status.eligible, Status.expired, Status.onboarding_reset}) | ONBOARDING_ERRORS


def _offered_statuses(current: str) -> list[tuple[str, str]]:
    """What staff may choose from, and the attempt's own status so that the form always says the truth."""
    offered = [str(status) for status in Status if status not in NEVER_SET_BY_STAFF]
    if current not in offered:
        offered.insert(0, current)
    return [(status, status) for status in offered]


class AttemptForm(forms.ModelForm):  # type: ignore[type-arg]
    """The status, as a choice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _offered_statuses(self.instance.status)
        self.fields["status"] = forms.ChoiceField(label=_("Status"), choices=choices)


class StatusFilter(SimpleListFilter):
    """All statuses there are, without asking the attempts."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        return [(str(status), str(status)) for status in Status]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset if self.value() is None else queryset.filter(status=self.value())


@admin.register(ProctoredExamStudentAttempt)
class AttemptAdmin(ActingAdmin, LongListAdmin, RefusalsAsMessages, SimpleHistoryAdmin):  # type: ignore[misc]
    """An attempt can be looked at; its status can be moved, with everything that follows from the move."""

    staff_actions = staff_actions.actions
    form = AttemptForm
    list_display = (
        "username",
        "exam_name",
        "course_id",
        "taking_as_proctored",
        "is_sample_attempt",
        "attempt_code",
        "status",
        "modified",
    )
    list_select_related = ("user", "proctored_exam")
    list_filter = (StatusFilter, "taking_as_proctored", "is_sample_attempt", CourseFilter)
    search_person = "user"
    search_exact = ("attempt_code",)
    ordering = ("-modified", "-id")
    history_list_display = ("status",)
    readonly_fields = (
        "user",
        "proctored_exam",
        "started_at",
        "completed_at",
        "attempt_code",
        "external_id",
        "allowed_time_limit_mins",
        "taking_as_proctored",
        "is_sample_attempt",
        "review_policy_id",
        "is_status_acknowledged",
        "time_remaining_seconds",
        "is_resumable",
        "ready_to_resume",
        "resumed",
    )
    fields = ("status", *readonly_fields)

    @admin.display(description=_("username"), ordering="user__username")
    def username(self, attempt: ProctoredExamStudentAttempt) -> str:
        return str(attempt.user.get_username())

    @admin.display(description=_("exam"), ordering="proctored_exam__exam_name")
    def exam_name(self, attempt: ProctoredExamStudentAttempt) -> str:
        return attempt.proctored_exam.exam_name

    @admin.display(description=_("course"), ordering="proctored_exam__course_id")
    def course_id(self, attempt: ProctoredExamStudentAttempt) -> str:
        return attempt.proctored_exam.course_id

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: ProctoredExamStudentAttempt, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        if "status" in form.changed_data:
            target = form.cleaned_data["status"]
            attempts.set_status(obj.pk, target, actor=Actor.STAFF, by=request.user)  # type: ignore[arg-type]
            # The move may have become another one on its way, such as a timeout that counts as a submission.
            obj.refresh_from_db()

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """The past of an attempt is read, never restored: a status is moved, not written."""
        return True

    def history_form_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        response: HttpResponse = super().history_form_view(request, *args, **kwargs)
        return response
