"""Attempts and the history of their changes (contract vendors_admin_screens.md §4.5)."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from proctoring.admin.courses import CourseFilter
from proctoring.common.admin import ActingAdmin, ChoiceFilter, LongListAdmin, ReadOnlyAdmin
from proctoring.common.admin.reading import is_row_id
from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import staff_actions
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

VIEW_REVIEWS = "view_proctoredexamsoftwaresecurereview"


class StatusFilter(ChoiceFilter):
    """All statuses there are, without asking the attempts."""

    title = _("status")
    parameter_name = "status"

    def choices_of(self, model_admin: Any) -> list[str]:
        return [str(status) for status in Status]


@admin.register(ProctoredExamStudentAttempt)
class AttemptAdmin(ActingAdmin, LongListAdmin, ReadOnlyAdmin, SimpleHistoryAdmin):  # type: ignore[misc]
    """An attempt can be looked at. What staff do to it are verbs, each with all that follows from it."""

    staff_actions = staff_actions.actions
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
    search_exact = ("attempt_code", "external_id")
    date_hierarchy = "modified"
    ordering = ("-modified", "-id")
    # Sorting a million rows by anything else would take its time.
    sortable_by = ("attempt_code", "modified")
    history_list_display = ("status",)
    fields = (
        "status",
        "user",
        "proctored_exam",
        "created",
        "started_at",
        "deadline_at",
        "completed_at",
        "modified",
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

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The way to the review for those who may go there."""
        return (*self.fields, "review") if self.permits(request, VIEW_REVIEWS) else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    @admin.display(description=_("username"))
    def username(self, attempt: ProctoredExamStudentAttempt) -> str:
        return str(attempt.user.get_username())

    @admin.display(description=_("exam"))
    def exam_name(self, attempt: ProctoredExamStudentAttempt) -> str:
        return attempt.proctored_exam.exam_name

    @admin.display(description=_("course"))
    def course_id(self, attempt: ProctoredExamStudentAttempt) -> str:
        return attempt.proctored_exam.course_id

    @admin.display(description=_("review"))
    def review(self, attempt: ProctoredExamStudentAttempt) -> SafeString | None:
        found = ProctoredExamSoftwareSecureReview.get_review_by_attempt_code(attempt.attempt_code)
        if found is None:
            return None
        name = f"admin:{found._meta.app_label}_{found._meta.model_name}_change"
        url = reverse(name, args=[found.pk], current_app=self.admin_site.name)
        return format_html('<a href="{}">{}</a>', url, found.review_status)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        """The past of an attempt is read, never restored: a status is moved, not written."""
        return True

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        _require_ids(object_id)
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        # Asked before anything is looked up: who may not see attempts cannot tell which there are.
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        _require_ids(object_id, version_id)
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response


def _require_ids(*texts: str) -> None:
    """The library asks the database for whatever stands in the address."""
    for text in map(unquote, texts):
        if not is_row_id(text):
            raise Http404
