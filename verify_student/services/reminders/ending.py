"""Whose approval ends soon: once at each of the numbers of days before it that ``REMINDER_DAYS`` names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from verify_student.conf import config
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services.reminders.days import midnight
from verify_student.services.reminders.learners import Known, is_last_to_count
from verify_student.services.standing import Standing
from verify_student.statuses import IDVerificationStatus as Status

Verification = SoftwareSecurePhotoVerification

KIND = "mail.expiring"
GOES_ON, NOT_NEEDED = "verified longer, or handed in again", "in no course that needs it"


@dataclass(frozen=True, slots=True)
class Ending:
    """The approvals that end within the most of ``days``, the days before an end at which learners are reminded."""

    now: datetime
    days: Sequence[int]
    kind: str = KIND

    def described(self) -> str:
        return f"approvals that end before {self._horizon:%Y-%m-%d}"

    def selected(self) -> "QuerySet[Verification]":
        validity = config.validity
        ending = Q(expiration_date__gt=self.now, expiration_date__lt=self._horizon)
        # Rows of old releases have no date.
        made = Q(created_at__gt=self.now - validity, created_at__lt=self._horizon - validity)
        return Verification.objects.filter(ending | (made & Q(expiration_date=None)), status=Status.approved)

    def is_due(self, row: Verification) -> bool:
        """Whether a number of days has been reached for which no reminder was written; of several the least."""
        end = row.expiration_datetime
        if end <= self.now:
            return False
        reached = self._reached(end, self.now)
        # A reminder of long ago was about an earlier end, of a row that was approved anew.
        reminded = self._reached(end, row.reminded_at) if row.reminded_at else None
        return reached is not None and (reminded is None or reached < reminded)

    def asks_for_enrollment(self, row: Verification) -> bool:
        return True

    def against(self, row: Verification, learner: Standing, known: Known) -> str:
        """Something else counts longer or may soon; or no course of the learner's needs an approval any more."""
        if not is_last_to_count(row, learner):
            return GOES_ON
        return "" if known.enrolled is None or row.user_id in known.enrolled else NOT_NEEDED

    def stamp(self, rows: Sequence[Verification], known: Known) -> None:
        # A query-set update: nobody is told, and ``updated_at`` stays.
        Verification.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=timezone.now())

    def still_wanted(self, verification_ids: Collection[int]) -> set[int]:
        """Until the end has come, or a new reminder."""
        return {row.pk for row in self.selected().filter(pk__in=verification_ids) if not self.is_due(row)}

    def finish(self) -> None:
        """Nothing: a reminder that is late is written by the next round."""

    @property
    def _horizon(self) -> datetime:
        return midnight(self.now) + timedelta(days=max(self.days, default=-1) + 1)

    def _reached(self, end: datetime, moment: datetime) -> int | None:
        """The smallest of the numbers of days that the day of ``moment`` is before ``end``, or fewer."""
        left = (end - midnight(moment)).days
        return min((days for days in self.days if left <= days), default=None)


def begin() -> Ending:
    """Today's round; empty where ``REMINDER_DAYS`` is. Raises ``ImproperlyConfigured``."""
    return Ending(timezone.now(), config.reminder_days)
