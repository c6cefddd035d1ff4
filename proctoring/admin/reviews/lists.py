"""The list that reviews and former reviews share."""

import json
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from proctoring.admin.courses import CurrentCourseFilter, CurrentExamFilter
from proctoring.admin.reviews.filters import ReviewedFilter, ReviewStatusFilter
from proctoring.admin.reviews.redaction import redacted
from proctoring.common.admin import LongListAdmin, SinglyDeletedAdmin
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import audit

VIEW_PAYLOAD = "proctoring.view_review_payload"
OF_ATTEMPT = ("proctored_exam__course_id", "proctored_exam__exam_name", "user__username")


class ReviewList(SinglyDeletedAdmin, LongListAdmin):
    """The columns, filters and fields that reviews and former reviews share."""

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("proctoring/css/admin.css",)}

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
    list_select_related = ("exam", "student", "reviewed_by")
    list_filter = (ReviewedFilter, CurrentExamFilter, CurrentCourseFilter, ReviewStatusFilter)
    search_person = "student"
    search_exact = ("attempt_code",)
    date_hierarchy = "modified"
    ordering = ("-modified", "-id")
    shown: ClassVar[tuple[str, ...]] = (
        "attempt_code",
        "is_attempt_active",
        "exam",
        "student",
        "reviewed_by",
        "modified",
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        known = super().get_changelist(request, **kwargs)
        return type("ReviewChangeList", (_WithAttempts, known), {})

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """What vendors said is long, and shown to few."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related(*self.list_select_related).defer("raw_data", "encrypted_video_url")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The vendor's remarks are evidence, and so is its message; that somebody looks is on record before they do."""
        is_whole = bool(request.user.has_perm(VIEW_PAYLOAD))
        audit.record("review.looked_at", context["original"], actor=request.user, with_message=is_whole)
        return super().render_change_form(request, context, *args, **kwargs)

    def shown_to(self, request: HttpRequest) -> tuple[str, ...]:
        """What the signed-in person can read of a review besides its result."""
        return (*self.shown, "vendors_message") if request.user.has_perm(VIEW_PAYLOAD) else self.shown

    @admin.display(description=_("course"), ordering="exam__course_id")
    def course_id(self, review: Any) -> Any:
        return review.exam.course_id if review.exam else review.of_attempt[0]

    @admin.display(description=_("exam"), ordering="exam__exam_name")
    def exam_name(self, review: Any) -> Any:
        return review.exam.exam_name if review.exam else review.of_attempt[1]

    @admin.display(description=_("learner"), ordering="student__username")
    def username(self, review: Any) -> Any:
        return review.student.get_username() if review.student else review.of_attempt[2]

    @admin.display(description=_("vendor's message, without personal data"))
    def vendors_message(self, review: Any) -> SafeString | None:
        if not review.payload:
            return None
        text = json.dumps(redacted(review.payload), indent=2, ensure_ascii=False)
        return format_html("<pre>{}</pre>", text)


class _WithAttempts(ChangeList):
    """Old reviews know their attempt by its code only: exam and learner of those on the page come from there."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        found = _of_attempts({row.attempt_code for row in rows if row.exam_id is None or row.student_id is None})
        for row in rows:
            row.of_attempt = found.get(row.attempt_code, (None, None, None))
        self.result_list = rows


def _of_attempts(codes: set[str]) -> dict[str, tuple[Any, ...]]:
    """Course, exam and learner of the attempts: as they are or, of deleted ones, as they last were."""
    if not codes:
        return {}
    live = ProctoredExamStudentAttempt.objects.filter(attempt_code__in=codes).order_by("id")
    found = _by_code(live.values_list("attempt_code", *OF_ATTEMPT))
    if gone := codes - found.keys():
        past = ProctoredExamStudentAttempt.history.filter(attempt_code__in=gone).order_by("modified", "history_id")
        found |= _by_code(past.values_list("attempt_code", *OF_ATTEMPT))
    return found


def _by_code(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """The last one of each code."""
    return {code: tuple(rest) for code, *rest in rows}
