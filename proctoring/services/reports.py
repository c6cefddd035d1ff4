"""What course staff and the LMS read about a whole course (contract python.md §4.11)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from proctoring.models import (
    ProctoredExam,
    ProctoredExamSoftwareSecureComment,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAttempt,
)
from proctoring.services.listings import ending, listed

Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview


def violations(course_id: str, *, include_practice_exams: bool) -> list[dict[str, Any]]:
    """
    A row for every attempt of the course, practice too, sorted by exam name. Three statements, however long it is.

    Reviews of practice exams are read only when they are to be included. Comments stand under their status, in the
    order in which they were made.
    """
    reviews = _reviews(course_id, include_practice_exams=include_practice_exams)
    verdicts = dict(reviews.values_list("attempt_code", "review_status"))
    remarks = _remarks(reviews)
    attempts = listed(Attempt.objects.get_all_exam_attempts(course_id))
    rows = [
        {**_row(attempt, verdicts.get(attempt["attempt_code"])), **remarks.get(attempt["attempt_code"], {})}
        for attempt in attempts
    ]
    return sorted(rows, key=lambda row: str(row["exam_name"]))


def _reviews(course_id: str, *, include_practice_exams: bool) -> QuerySet[Review]:
    """By the attempts' codes, since reviews of old releases do not name their exam."""
    attempts = Attempt.objects.filter(proctored_exam__course_id=course_id, attempt_code__isnull=False)
    if not include_practice_exams:
        attempts = attempts.filter(proctored_exam__is_practice_exam=False)
    return Review.objects.filter(attempt_code__in=attempts.values("attempt_code"))


def _remarks(reviews: QuerySet[Review]) -> dict[str, dict[str, list[str]]]:
    """Attempt code -> column -> texts."""
    comments = ProctoredExamSoftwareSecureComment.objects.filter(review__in=reviews).order_by("id")
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for code, status, text in comments.values_list("review__attempt_code", "status", "comment"):
        found[code][f"{status} Comments"].append(text)
    return found


def _row(attempt: Mapping[str, Any], review_status: str | None) -> dict[str, Any]:
    exam, user = attempt["proctored_exam"], attempt["user"]
    return {
        "course_id": exam["course_id"],
        "exam_name": exam["exam_name"],
        "username": user["username"],
        "email": user["email"],
        "attempt_code": attempt["attempt_code"],
        "allowed_time_limit_mins": attempt["allowed_time_limit_mins"],
        "is_sample_attempt": attempt["is_sample_attempt"],
        "started_at": attempt["started_at"],
        "completed_at": attempt["completed_at"],
        "status": attempt["status"],
        "review_status": review_status,
        "provider": exam["backend"],
        "user_id": user["id"],
    }


def last_completion(course_id: str, username: str) -> datetime | None:
    """
    When the learner completed the last of the course's active proctored exams; None until all are completed.

    Each exam's latest proctored attempt counts, so one that was resumed counts once.
    """
    exams = ProctoredExam.get_all_exams_for_course(course_id, active_only=True, proctored_exams_only=True)
    required = set(exams.values_list("pk", flat=True))
    now = timezone.now()
    completed: dict[int, datetime | None] = {}
    for attempt in Attempt.objects.get_proctored_exam_attempts(course_id, username).newest_first():
        moment = ending(attempt, now).get("completed_at", attempt.completed_at)
        completed.setdefault(attempt.proctored_exam_id, moment)
    moments = [completed.get(exam_id) for exam_id in required]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None
