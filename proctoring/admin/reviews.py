"""Reviews, the second review by a person, and former reviews (contract vendors_admin_screens.md §4.3-4.4)."""

import json
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from proctoring.admin.courses import CurrentCourseFilter, CurrentExamFilter
from proctoring.admin.refusals import RefusalsAsMessages
from proctoring.common.admin import ReadOnlyAdmin
from proctoring.models import (
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAttempt,
)
from proctoring.services import reviews
from proctoring.statuses import SoftwareSecureReviewStatus

REVIEW_STATUSES = [(str(status), str(status)) for status in SoftwareSecureReviewStatus]
HIDDEN = "[hidden]"
MAX_DEPTH = 8
# What of a vendor's message says something about the review and nothing about a person; anything else is hidden.
SHOWN = frozenset(
    """
    status reviewStatus eventStatus start stop duration eventStart eventFinish examDate examName examProcessingStatus
    examSponsor keySetVersion organization reviewedExam simulatedExam ssiProduct
    """.split()
)


def redacted(value: Any, key: str = "", depth: int = 0) -> Any:
    """A vendor's message with its shape, but without names, addresses, links, pictures and free text."""
    if depth > MAX_DEPTH:
        return HIDDEN
    if isinstance(value, dict):
        return {name: redacted(item, name, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [redacted(item, key, depth + 1) for item in value]
    return value if key in SHOWN else HIDDEN


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


class ReviewStatusFilter(SimpleListFilter):
    """The four results a review can have, without asking the reviews."""

    title = _("review status")
    parameter_name = "review_status"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> list[tuple[str, str]]:
        return REVIEW_STATUSES

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset if self.value() is None else queryset.filter(review_status=self.value())


def _of_attempt(field: str) -> tuple[Subquery, Subquery]:
    """``field`` of the review's attempt, as it is or, for a deleted one, as it last was."""
    code = OuterRef("attempt_code")
    live = ProctoredExamStudentAttempt.objects.filter(attempt_code=code).order_by("-id")
    past = ProctoredExamStudentAttempt.history.filter(attempt_code=code).order_by("-modified", "-history_id")
    return Subquery(live.values(field)[:1]), Subquery(past.values(field)[:1])


class ReviewList(admin.ModelAdmin):  # type: ignore[type-arg]
    """The columns, filters and fields that reviews and former reviews share."""

    list_display = (
        "course_id",
        "exam_name",
        "username",
        "attempt_code",
        "is_attempt_active",
        "modified",
        "reviewed_by",
        "review_status",
    )
    list_select_related = ("reviewed_by",)
    list_filter = (ReviewedFilter, CurrentExamFilter, CurrentCourseFilter, ReviewStatusFilter)
    search_fields = ("student__username", "attempt_code")
    ordering = ("-modified", "-id")
    fields = (
        "review_status",
        "attempt_code",
        "is_attempt_active",
        "exam",
        "student",
        "reviewed_by",
        "modified",
        "vendors_message",
    )
    readonly_fields: ClassVar[tuple[str, ...]] = fields[1:]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Old reviews know their attempt by its code only: exam and learner come from there."""
        rows: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                shown_course=Coalesce(F("exam__course_id"), *_of_attempt("proctored_exam__course_id")),
                shown_exam=Coalesce(F("exam__exam_name"), *_of_attempt("proctored_exam__exam_name")),
                shown_learner=Coalesce(F("student__username"), *_of_attempt("user__username")),
            )
        )
        return rows

    @admin.display(description=_("course"), ordering="shown_course")
    def course_id(self, review: Any) -> Any:
        return review.shown_course

    @admin.display(description=_("exam"), ordering="shown_exam")
    def exam_name(self, review: Any) -> Any:
        return review.shown_exam

    @admin.display(description=_("learner"), ordering="shown_learner")
    def username(self, review: Any) -> Any:
        return review.shown_learner

    @admin.display(description=_("vendor's message, without personal data"))
    def vendors_message(self, review: Any) -> SafeString | None:
        if not review.payload:
            return None
        text = json.dumps(redacted(review.payload), indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", text)


class CommentInline(admin.TabularInline):  # type: ignore[type-arg]
    """What the vendor's reviewer remarked, for reading."""

    model = ProctoredExamSoftwareSecureComment
    fields = ("start_time", "stop_time", "duration", "comment", "status")
    ordering = ("start_time", "id")
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Comments are part of their review: who may see the one may see the others."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReviewForm(forms.ModelForm):  # type: ignore[type-arg]
    """The result, as a choice of four."""

    review_status = forms.ChoiceField(label=_("Review status"), choices=REVIEW_STATUSES)


@admin.register(ProctoredExamSoftwareSecureReview)
class ReviewAdmin(RefusalsAsMessages, ReviewList):
    """The second review: saving makes the signed-in person the reviewer, and the result takes effect."""

    form = ReviewForm
    inlines = (CommentInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: ProctoredExamSoftwareSecureReview, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        result = form.cleaned_data["review_status"]
        reviews.decide(obj, reviewer=request.user, review_status=result)  # type: ignore[arg-type]


@admin.register(ProctoredExamSoftwareSecureReviewHistory)
class ReviewHistoryAdmin(ReadOnlyAdmin, ReviewList):
    """Former reviews, for reading."""

    readonly_fields = ReviewList.fields
