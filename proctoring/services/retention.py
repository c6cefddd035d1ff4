"""What vendors told us, and what we told others, is kept for some time and then purged."""

import logging
from datetime import timedelta

from django.utils import timezone

from proctoring.common import inbox, outbox
from proctoring.conf import config
from proctoring.models import InboxDelivery, OutboxMessage
from proctoring.services import mail, support

logger = logging.getLogger(__name__)

# Later messages depend on whether these were sent: nobody is told twice.
REMEMBERED = (mail.KIND, support.MISSING_KIND)
REMEMBERED_FOR = timedelta(days=366)


def purge_messages() -> int:
    """
    Delete callbacks that were judged ``INBOX_RETENTION_DAYS`` ago and messages that were sent ``OUTBOX_RETENTION_DAYS``
    ago; how many. What waits, what failed and dead letters stay.
    """
    now = timezone.now()
    received = inbox.purge(InboxDelivery, now - timedelta(days=config.inbox_retention_days))
    retention = timedelta(days=config.outbox_retention_days)
    sent = outbox.purge(OutboxMessage.objects.exclude(kind__in=REMEMBERED), now - retention)
    sent += outbox.purge(OutboxMessage.objects.filter(kind__in=REMEMBERED), now - max(retention, REMEMBERED_FOR))
    if received or sent:
        logger.info("Messages purged: received=%d sent=%d", received, sent)
    return received + sent
