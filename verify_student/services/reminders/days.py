"""Days as reminders count them: in UTC, from midnight."""

from datetime import UTC, datetime

from django.utils import timezone


def midnight(moment: datetime) -> datetime:
    """The beginning of the day of ``moment``."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def today() -> datetime:
    """The beginning of the present day."""
    return midnight(timezone.now())
