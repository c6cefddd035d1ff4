"""
What is odd in the tables of an older site, and what becomes of it here (contract verify_student.md §1, §10).

Asked before the tables are adopted, of the published columns alone.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from proctoring.common.adoption import Question
from proctoring.common.adoption.questions import repeated
from proctoring.common.operations.report import Level
from verify_student.conf import config
from verify_student.statuses import IDVerificationStatus as Status
from verify_student.statuses import VerificationAttemptStatus

PHOTO, MANUAL, SSO = "SoftwareSecurePhotoVerification", "ManualVerification", "SSOVerification"
ATTEMPT, DEADLINE = "VerificationAttempt", "VerificationDeadline"
KNOWN = [str(status) for status in Status]
LONG = timedelta(days=10)


def questions() -> list[Question]:
    """The questions, in the order of the tables."""
    statuses = [_unknown_statuses(model, KNOWN) for model in (PHOTO, MANUAL, SSO)]
    others = [_unknown_statuses(ATTEMPT, [status.value for status in VerificationAttemptStatus])]
    undated = [_undated(model) for model in (PHOTO, MANUAL, SSO)]
    return [*statuses, *others, *undated, *_of_photos(), *_of_deadlines()]


def _unknown_statuses(model: str, known: list[str]) -> Question:
    return Question(
        model,
        "rows have a status that there is not",
        "They count as no verification, and nothing can move them but set a known status in the database.",
        lambda rows, of: rows.exclude(status__in=known),
        by="status",
    )


def _undated(model: str) -> Question:
    return Question(
        model,
        "approvals have no date of their end",
        f"They count for {config.days_good_for} days (DAYS_GOOD_FOR) from when they were made.",
        lambda rows, of: rows.filter(status=Status.approved, expiration_date__isnull=True),
        level=Level.OK,
    )


def _of_photos() -> list[Question]:
    return [
        Question(
            PHOTO,
            "receipts belong to several verifications",
            "A provider's result for such a receipt is refused, because nobody knows whom it means. "
            "Give all but one a new receipt.",
            lambda rows, of: repeated(rows.exclude(receipt_id=""), "receipt_id"),
        ),
        Question(
            PHOTO,
            "verifications have no receipt",
            "No provider can answer about them.",
            lambda rows, of: rows.filter(receipt_id=""),
        ),
        Question(
            PHOTO,
            "verifications were prepared and never handed to the provider",
            "Their learners may hand in anew. Nothing is sent for them by itself.",
            lambda rows, of: rows.filter(status__in=[Status.created, Status.ready]),
            level=Level.OK,
        ),
        Question(
            PHOTO,
            "verifications have been waiting for a result for more than ten days",
            "Their learners cannot hand in anew. Ask the provider, or decide on them by the admin or "
            "approve_id_verifications.",
            lambda rows, of: rows.filter(status=Status.submitted, submitted_at__lt=timezone.now() - LONG),
        ),
        Question(
            PHOTO,
            "verifications could not be handed to the provider",
            "retry_failed_photo_verifications sends them again, as long as the vendor's copies of the photos "
            "are there.",
            lambda rows, of: rows.filter(status=Status.must_retry),
        ),
        Question(
            PHOTO,
            "verifications carry addresses of photos of very old releases",
            "Nothing reads them any more; retirement of the learner blanks them.",
            lambda rows, of: rows.exclude(Q(face_image_url="") & Q(photo_id_image_url="")),
            level=Level.OK,
        ),
    ]


def _of_deadlines() -> list[Question]:
    return [
        Question(
            DEADLINE,
            "deadlines are not marked as set by a person",
            "Publishing the course overwrites them with the course's end. Set those that somebody typed again, "
            "in the admin.",
            lambda rows, of: rows.filter(deadline_is_explicit=False),
        ),
    ]
