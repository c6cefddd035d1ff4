"""What has to be known of a batch of learners before they are written to: a few statements however many there are."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from proctoring.common.batches import chunked
from verify_student import lms
from verify_student.models import (
    ManualVerification,
    SoftwareSecurePhotoVerification,
    SSOVerification,
    VerificationAttempt,
)
from verify_student.services import standing
from verify_student.services.standing import AnyVerification, Standing
from verify_student.statuses import IDVerificationStatus as Status

Verification = SoftwareSecurePhotoVerification

# Approvals, and what may become one.
TELLING = {Status.approved, Status.ready, *standing.PENDING}
COLUMNS: dict[type[AnyVerification], tuple[str, ...]] = {
    VerificationAttempt: ("expiration_datetime",),
    SoftwareSecurePhotoVerification: ("expiration_date", "queued_at"),
    SSOVerification: ("expiration_date",),
    ManualVerification: ("expiration_date",),
}


@dataclass(frozen=True, slots=True)
class Known:
    """
    Of some learners: where they stand; who has been retired; who is in a live course for a verified certificate, None
    where the host cannot say.
    """

    standings: dict[int, Standing]
    retired: set[int]
    enrolled: set[int] | None

    def can_be_written_to(self, user: Any) -> bool:
        """Whether the account is one that somebody reads the mail of."""
        return bool(user.email and user.is_active) and user.pk not in self.retired


def known(users: Collection[Any], asked_for_enrollment: Collection[int]) -> Known:
    """What is known of ``users``; of those ``asked_for_enrollment``, by id, also whether they are enrolled."""
    ids = {user.pk for user in users}
    return Known(
        standings=_standings(ids, timezone.now()),
        retired=set(lms.people().retired_user_ids(ids)) if ids else set(),
        enrolled=_enrolled(set(asked_for_enrollment)),
    )


def last_approved_photo(learner: Standing) -> Verification | None:
    """The photo verification whose approval ends, or ended, last."""
    approved = [row for row in learner.rows if isinstance(row, Verification) and row.status == Status.approved]
    return max(approved, key=lambda row: (row.expiration_datetime, row.pk), default=None)


def is_last_to_count(verification: Verification, learner: Standing) -> bool:
    """Whether nothing of the learner's counts longer, and nothing newer has been handed in."""
    approval = learner.approval
    if not isinstance(approval, Verification) or approval.pk != verification.pk:
        return False
    return not any(standing.is_pending(row) and row.created_at > approval.created_at for row in learner.rows)


def _standings(user_ids: Collection[int], now: datetime) -> dict[int, Standing]:
    rows: defaultdict[int, list[AnyVerification]] = defaultdict(list)
    for group in chunked(sorted(user_ids), standing.USERS_AT_ONCE):
        for kind, columns in COLUMNS.items():
            telling = kind._default_manager.filter(user__in=group, status__in=TELLING).order_by("-created_at", "-pk")
            for row in telling.only("user", "status", "created_at", *columns):
                rows[row.user_id].append(row)
    return {user_id: Standing(rows[user_id], now) for user_id in user_ids}


def _enrolled(user_ids: set[int]) -> set[int] | None:
    if lms.services.find("courses") is None:
        return None
    return lms.courses().learners_with_live_verified_enrollment(user_ids) if user_ids else set()
