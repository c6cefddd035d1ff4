"""Who enrols for a verified certificate is reminded again (contract §7.4)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services.reminders.days import today
from verify_student.statuses import IDVerificationStatus as Status


def rearm(user: Any, email_config: Mapping[str, int]) -> None:
    """
    The learner enrolled for a verified certificate: the next run writes to them, if their last approval (W43: the one
    that ended last) ended before the runs that would have, and nobody reminds them already.
    """
    approved = SoftwareSecurePhotoVerification.objects.filter(user=user, status=Status.approved)
    last = max(approved, key=lambda row: row.expiration_datetime, default=None)
    if last is None or last.expiry_email_date is not None:
        return
    if last.expiration_datetime < today() - timedelta(days=email_config["DAYS_RANGE"]):
        due = today() - timedelta(days=email_config["RESEND_DAYS"])
        # A query-set update: nobody is told, and ``updated_at`` stays.
        SoftwareSecurePhotoVerification.objects.filter(pk=last.pk).update(expiry_email_date=due)
