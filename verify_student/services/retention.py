"""What providers told us, and what we told others, is kept for some time and then purged."""

from datetime import timedelta

from django.utils import timezone

from proctoring.common import inbox, outbox
from verify_student.conf import config
from verify_student.models import InboxDelivery, OutboxMessage


def purge_messages() -> int:
    """Delete results that were judged, and messages that were sent, long enough ago; how many. What waits stays."""
    now = timezone.now()
    received = inbox.purge(InboxDelivery, now - timedelta(days=config.inbox_retention_days))
    return received + outbox.purge(OutboxMessage.objects.all(), now - timedelta(days=config.outbox_retention_days))
