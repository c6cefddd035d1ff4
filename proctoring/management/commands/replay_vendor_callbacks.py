"""``manage.py replay_vendor_callbacks``: apply kept callbacks of vendors that have had no effect."""

from proctoring.common.replaying import ReplayCommand
from proctoring.services import audit
from proctoring.services.inbox import receiver


class Command(ReplayCommand):
    """Callbacks are kept for ``INBOX_RETENTION_DAYS`` after they were judged."""

    help = "Apply vendors' callbacks again: those with the given numbers, or all that failed or were refused."
    receiver = receiver
    audit_log = audit.log
