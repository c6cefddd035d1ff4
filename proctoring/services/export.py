"""What is kept of a learner's exams, for the learner (docs/privacy.rst has the shape)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from proctoring.common.audit import Subject
from proctoring.common.batches import chunked
from proctoring.common.retention.exporting import READ_AT_ONCE, about, columns, streamed
from proctoring.models import (
    AuditEntry,
    OutboxMessage,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
)
from proctoring.services import audit, mail
from proctoring.services.erasing import deliveries_about, reviews_of
from proctoring.services.retention import POLICIES

FORMAT = "special-exams.exam-data"
Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview
EXAM = {"course": "proctored_exam__course_id", "exam": "proctored_exam__exam_name"}


def export_subject_data(learner: Any, *, by: Any = None) -> Iterator[str]:
    """
    The JSON document of what is kept of the learner, in pieces; ``by`` is who asks for it, None for the site itself.

    That it was made is recorded when the first piece is read.
    """
    audit.record("data.exported", Subject("learner", learner.pk), actor=by)
    yield from streamed(FORMAT, learner, POLICIES, _parts(learner.pk))


def _parts(learner: int) -> dict[str, Iterator[dict[str, Any]]]:
    attempts = Attempt.objects.filter(user_id=learner)
    reviews = Review.objects.filter(reviews_of(learner))
    return {
        "attempts": _attempts(attempts),
        "statuses": _statuses(learner),
        "allowances": _allowances(ProctoredExamStudentAllowance.objects.filter(user_id=learner), "modified"),
        "former_allowances": _allowances(
            ProctoredExamStudentAllowanceHistory.objects.filter(user_id=learner), "created"
        ),
        "reviews": columns(
            reviews,
            id="pk",
            course="exam__course_id",
            exam="exam__exam_name",
            attempt_code="attempt_code",
            outcome="review_status",
            came_at="created",
            changed_at="modified",
        ),
        "vendor_messages": _received(learner),
        "mails": _mails(attempts),
        "decisions_and_looks": _audited(learner, reviews),
    }


def _attempts(rows: "QuerySet[Attempt]") -> Iterator[dict[str, Any]]:
    return columns(
        rows,
        id="pk",
        **EXAM,
        status="status",
        attempt_code="attempt_code",
        created_at="created",
        started_at="started_at",
        completed_at="completed_at",
        deadline_at="deadline_at",
        allowed_minutes="allowed_time_limit_mins",
        remaining_seconds="time_remaining_seconds",
        was_proctored="taking_as_proctored",
        was_practice="is_sample_attempt",
        vendors_id="external_id",
    )


def _statuses(learner: int) -> Iterator[dict[str, Any]]:
    """What attempts were, deleted ones too; not who changed them."""
    return columns(Attempt.history.filter(user_id=learner), attempt="id", status="status", at="history_date")


def _allowances(rows: "QuerySet[Any]", at: str) -> Iterator[dict[str, Any]]:
    return columns(rows, **EXAM, what="key", value="value", multiple="multiplier", at=at)


def _received(learner: int) -> Iterator[dict[str, Any]]:
    """That messages came; what they say is about the vendor's work as well."""
    rows = deliveries_about(learner)
    yield from columns(rows, vendor="source", what="kind", state="state", at="received_at", bytes="body_size")


def _mails(attempts: "QuerySet[Attempt]") -> Iterator[dict[str, Any]]:
    for some in chunked(attempts.order_by("pk").values_list("pk", flat=True), READ_AT_ONCE):
        rows = OutboxMessage.objects.filter(kind=mail.KIND, stream__in=[f"mail:{pk}" for pk in some])
        yield from columns(
            rows, attempt="payload__attempt_id", about="payload__status", written_at="created", sent_at="done_at"
        )


def _audited(learner: int, reviews: "QuerySet[Review]") -> Iterator[dict[str, Any]]:
    past = Attempt.history.filter(user_id=learner).order_by("id").values_list("id", flat=True).distinct()
    for model, ids in ((Attempt, past), (Review, reviews.order_by("pk").values_list("pk", flat=True))):
        yield from about(AuditEntry.objects.all(), str(model._meta.model_name), ids, learner)
