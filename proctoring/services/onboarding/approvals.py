"""Where learners stand with onboarding by what we know, and how long an approval counts (contract python.md §4.9)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from proctoring.common.prepared import PreparedForPage
from proctoring.conf import VERIFICATION_DAYS_VALID
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Shown
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

EXPIRES_SOON = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class LearnerOnboarding:
    """
    A status of :class:`Shown` or of an attempt, None before it began; and when an approval stops counting.

    ``expiration_text`` is that date in the words of the vendor, where it was the vendor who said it. ``renewal`` is the
    status of a newer attempt of the course beside an approval.
    """

    status: str | None = None
    expiration_date: datetime | None = None
    expiration_text: str | None = field(default=None, compare=False)
    renewal: str | None = field(default=None, compare=False)

    def has_expired(self, now: datetime) -> bool:
        return self.expiration_date is not None and self.expiration_date <= now

    def expires_soon(self, now: datetime) -> bool:
        """Within four weeks (contract vendors_admin_screens.md §6.10)."""
        return self.expiration_date is not None and now < self.expiration_date <= now + EXPIRES_SOON


def approvals_elsewhere(users: Collection[Any], backend: str) -> dict[int, ProctoredExamStudentAttempt]:
    """
    User id -> the latest approval that still counts with the vendor, whatever its course. One statement.

    ``users`` are users or their ids. Attempts come with ``verified_at``.
    """
    if not users:
        return {}
    found = ProctoredExamStudentAttempt.objects.get_last_verified_proctored_onboarding_attempts(users, backend)
    latest: dict[int, ProctoredExamStudentAttempt] = {}
    for attempt in found:
        latest.setdefault(attempt.user_id, attempt)
    return latest


def _approved(backend: str, users: Collection[int]) -> "QuerySet[Any, Any]":
    rows = ProctoredExamStudentAttempt.objects.verified_onboarding(users, backend)
    found: QuerySet[Any, Any] = rows.order_by("verified_at", "id").values_list("user_id", "modified", "verified_at")
    return found


APPROVED: PreparedForPage[tuple[int, datetime, datetime]] = PreparedForPage(_approved, str)


def approved_elsewhere(users: Collection[int], backend: str) -> dict[int, datetime]:
    """As :func:`approvals_elsewhere`, of learners' ids: when the attempt last changed. For lists."""
    since = timezone.now() - timedelta(days=VERIFICATION_DAYS_VALID)
    # The last one is the one that counts.
    return {user_id: modified for user_id, modified, verified_at in APPROVED(backend, users) if verified_at > since}


def of_learner(course_id: str, user: Any, backend: str, now: datetime | None = None) -> LearnerOnboarding:
    """
    An approval of this course, else one of another course with the same vendor, else the latest attempt's status.

    An approval of this course that has expired gives way to one of another course that has not. Two statements.
    """
    now = now or timezone.now()
    here = ProctoredExamStudentAttempt.objects.get_proctored_practice_attempts_by_course_id(course_id, [user])
    made = list(here.with_verified_at())
    own = _own_approval(made)
    if own is not None and not own.has_expired(now):
        return own
    elsewhere = approvals_elsewhere([user], backend).get(user.pk)
    if elsewhere is not None:
        return LearnerOnboarding(Shown.other_course_approved.value, _expiry(elsewhere))
    return own or LearnerOnboarding(str(made[0].status) if made else None)


def _own_approval(made: Sequence[ProctoredExamStudentAttempt]) -> LearnerOnboarding | None:
    expiries = [_expiry(attempt) for attempt in made if attempt.status == Status.verified]
    if not expiries:
        return None
    newest = max(made, key=lambda attempt: attempt.pk).status
    renewal = str(newest) if newest != Status.verified else None
    return LearnerOnboarding(Status.verified.value, max(expiries), renewal=renewal)


def _expiry(verified: ProctoredExamStudentAttempt) -> datetime:
    return (verified.verified_at or verified.modified) + timedelta(days=VERIFICATION_DAYS_VALID)
