"""Reminders of an approval's end (contract §7.4). Sending them is a command's business."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from verify_student.models import SoftwareSecurePhotoVerification


def today() -> datetime:
    """The beginning of the present day."""
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


def rearm(user: Any, email_config: Mapping[str, int]) -> None:
    """
    The learner enrolled for a verified certificate: the next run writes to them, if their latest approval ended before
    the runs that would have, and nobody reminds them already.
    """
    latest = SoftwareSecurePhotoVerification.get_recent_verification(user)
    if latest is None or latest.expiry_email_date is not None:
        return
    if latest.expiration_datetime < today() - timedelta(days=email_config["DAYS_RANGE"]):
        due = today() - timedelta(days=email_config["RESEND_DAYS"])
        # A query-set update: nobody is told, and ``updated_at`` stays.
        SoftwareSecurePhotoVerification.objects.filter(pk=latest.pk).update(expiry_email_date=due)
