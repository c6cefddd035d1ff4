"""Whose approval has ended, and who is written to about it again (contract §7.4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from verify_student.conf import ExpiryRules, config
from verify_student.models import MailedThrough, SoftwareSecurePhotoVerification
from verify_student.services.reminders.days import today
from verify_student.services.reminders.learners import Known, last_approved_photo
from verify_student.services.standing import Standing
from verify_student.statuses import IDVerificationStatus as Status

Verification = SoftwareSecurePhotoVerification

KIND = "mail.expired"
VERIFIED, NOT_THE_LAST = "verified otherwise", "not the learner's last"


@dataclass(frozen=True, slots=True)
class Expired:
    """The approvals that ended from ``since`` to ``until``, midnight of today, and those whose turn it is again."""

    since: datetime
    until: datetime
    rules: ExpiryRules
    kind: str = KIND

    def described(self) -> str:
        return f"approvals that ended from {self.since:%Y-%m-%d} until {self.until:%Y-%m-%d}, or are due again"

    def selected(self) -> "QuerySet[Verification]":
        validity = config.validity
        ended = Q(expiration_date__gte=self.since, expiration_date__lt=self.until)
        # Rows of old releases have no date.
        made = Q(created_at__gte=self.since - validity, created_at__lt=self.until - validity)
        again = Q(expiry_email_date__lte=self._again)
        return Verification.objects.filter(ended | (made & Q(expiration_date=None)) | again, status=Status.approved)

    def is_due(self, row: Verification) -> bool:
        """Once for its end, however many runs a day has; again every ``RESEND_DAYS``."""
        end = row.expiration_datetime
        # Mail from before was about an earlier end, of a row that was approved anew.
        mailed_at = row.expiry_mailed_at if row.expiry_mailed_at and row.expiry_mailed_at >= end else None
        if row.expiry_email_date is None:
            return mailed_at is None and self.since <= end < self.until
        resting = mailed_at is not None and mailed_at >= self._again + timedelta(days=1)
        return row.expiry_email_date <= self._again and not resting

    def asks_for_enrollment(self, row: Verification) -> bool:
        return not self._is_sure(row)

    def against(self, row: Verification, learner: Standing, known: Known) -> str:
        """Another approval counts, of whatever kind (W66); or the learner's last one is another."""
        if learner.approval is not None:
            return VERIFIED
        return "" if last_approved_photo(learner) == row else NOT_THE_LAST

    def stamp(self, rows: Sequence[Verification], known: Known) -> None:
        """The turn comes again as long as everybody is written to, then for who still needs an approval."""
        enrolled = known.enrolled or set()
        going_on = {row.pk for row in rows if self._is_sure(row) or row.user_id in enrolled}
        over = {row.pk for row in rows} - going_on
        now = timezone.now()
        # Query-set updates: nobody is told, and ``updated_at`` stays.
        Verification.objects.filter(pk__in=going_on).update(expiry_email_date=self.until, expiry_mailed_at=now)
        Verification.objects.filter(pk__in=over).update(expiry_email_date=None, expiry_mailed_at=now)

    def still_wanted(self, verification_ids: Collection[int]) -> set[int]:
        """Until it is the learner's turn again, or would be."""
        rows = Verification.objects.filter(pk__in=verification_ids, expiry_mailed_at__gte=self._again)
        return {row.pk for row in rows if not self.is_due(row)}

    def finish(self) -> None:
        MailedThrough.objects.get_or_create(kind=self.kind, defaults={"until": self.until})
        MailedThrough.objects.filter(kind=self.kind, until__lt=self.until).update(until=self.until)

    @property
    def _again(self) -> datetime:
        return self.until - timedelta(days=self.rules.resend_days)

    def _is_sure(self, row: Verification) -> bool:
        return (self.until - row.expiration_datetime).days < self.rules.sure_days


def begin() -> Expired:
    """
    Today's round. It goes back to the last one that reached its end (W65), though not further than the days in which
    learners are written to. Raises ``ImproperlyConfigured``.
    """
    rules, until = config.expiry_rules, today()
    ordinary = until - timedelta(days=rules.days_range)
    reached = MailedThrough.objects.filter(kind=KIND).values_list("until", flat=True).first() or ordinary
    return Expired(max(min(ordinary, reached), until - timedelta(days=rules.longest_range)), until, rules)
