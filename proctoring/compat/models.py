"""
Helpers of the model classes that are behaviour, and therefore services here (contract python.md §1.5, §1.6, §1.8).

This app has no tables.
"""

from typing import Any

from proctoring.models import (
    ProctoredExamSoftwareSecureReview,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAttempt,
)
from proctoring.services import allowances, reviews, transitions
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status


def attach() -> None:
    """Give the model classes their helpers; a second time changes nothing."""
    for model, name, helper in HELPERS:
        setattr(model, name, helper)


def create_exam_attempt(  # noqa: PLR0913 - contract python.md §1.5
    cls: type[ProctoredExamStudentAttempt],
    exam_id: int,
    user_id: int,
    attempt_code: str,
    taking_as_proctored: bool,
    is_sample_attempt: bool,
    external_id: str | None,
    review_policy_id: int | None = None,
    status: str | None = None,
    time_remaining_seconds: int | None = None,
) -> ProctoredExamStudentAttempt:
    """
    A new attempt row, ``created`` where no status is given; nobody is told of it, and no vendor is asked.

    Raises ``ValueError`` for a status that there is not.
    """
    return transitions.create(
        status=Status(status or Status.created),
        proctored_exam_id=exam_id,
        user_id=user_id,
        attempt_code=attempt_code,
        taking_as_proctored=taking_as_proctored,
        is_sample_attempt=is_sample_attempt,
        external_id=external_id,
        review_policy_id=review_policy_id,
        time_remaining_seconds=time_remaining_seconds,
    )


def add_allowance_for_user(
    cls: type[ProctoredExamStudentAllowance],
    exam_id: int,
    user_info: int | str,
    key: str | tuple[Any, ...],
    value: Any,
) -> tuple[ProctoredExamStudentAllowance, str]:
    """The allowance as it is now, and ``created`` or ``updated``. Raises as ``services.allowances.grant``."""
    stored = allowances.put(exam_id, user_info, key, value)
    return stored.allowance, "created" if stored.created else "updated"


def is_passing(review: ProctoredExamSoftwareSecureReview) -> bool:
    """Whether the review is a pass at its exam's vendor."""
    return reviews.is_passing(review, review.exam)


HELPERS = (
    (ProctoredExamStudentAttempt, "create_exam_attempt", classmethod(create_exam_attempt)),
    (ProctoredExamStudentAllowance, "add_allowance_for_user", classmethod(add_allowance_for_user)),
    (ProctoredExamSoftwareSecureReview, "is_passing", property(is_passing)),
)
