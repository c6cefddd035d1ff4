"""What somebody looks at before they decide on a review."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from proctoring.common.errors import DomainError
from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import reviews, second_reviews

Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview
MAX_LOGGED = 50


def at(review: Review, request: HttpRequest) -> dict[str, Any]:
    """The vendor's word, the attempt as it is, and who decided what before."""
    shown: dict[str, Any] = {
        "vendors_result": second_reviews.vendors_result(review),
        "logged": logged(review),
        "attempt": None,
    }
    try:
        attempt = second_reviews.attempt_of(review)
    except DomainError as refusal:
        return shown | {"undecidable": refusal.detail}
    if attempt is not None:
        shown |= {"attempt": attempt, "timeline_url": _timeline_url(attempt), "attempt_url": _url(attempt, request)}
    return shown


def what_follows(review: Review, attempt: Attempt | None, reviewer: Any) -> dict[str, Any]:
    """What each decision would mean, and the mark of what was seen."""
    return {
        "prospects": second_reviews.prospects(review, attempt, reviewer),
        "seen": second_reviews.seen(review, attempt),
    }


def remarks(comments: Any) -> list[tuple[str, int]]:
    """How many remarks of each kind the vendor made, the most frequent kind first."""
    return Counter(comment.status for comment in comments).most_common()


def passes(review: Review, attempt: Attempt | None) -> bool:
    """Whether the result, as it stands, is a pass at the exam's vendor."""
    return reviews.is_passing(review, attempt.proctored_exam if attempt else review.exam)


def logged(review: Review) -> "QuerySet[LogEntry]":
    """Who decided when, and why; the newest first."""
    content_type = get_content_type_for_model(review)
    entries = LogEntry.objects.filter(content_type=content_type, object_id=str(review.pk), action_flag=CHANGE)
    return entries.select_related("user").order_by("-action_time", "-pk")[:MAX_LOGGED]


def _timeline_url(attempt: Attempt) -> str:
    """Empty where the host has no pages of ours."""
    try:
        return reverse("edx_proctoring:pages.review", args=[attempt.proctored_exam.course_id, attempt.pk])
    except NoReverseMatch:
        return ""


def _url(attempt: Attempt, request: HttpRequest) -> str:
    """The attempt's own page, for whoever may see it."""
    attempts = admin.site._registry.get(Attempt)
    if attempts is None or not attempts.has_view_permission(request, attempt):
        return ""
    return reverse("admin:proctoring_proctoredexamstudentattempt_change", args=[attempt.pk])
