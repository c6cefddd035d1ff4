"""
What we still have to do, written with the change that it follows from. ``services.delivery`` does it.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from proctoring.common import outbox
from proctoring.common.audit import Subject
from proctoring.models import OutboxMessage
from proctoring.services import audit
from proctoring.signals import outbox_filled


def write(messages: Iterable[OutboxMessage]) -> None:
    """Commit ``messages`` with the running transaction, and have them done after it or when they are due."""
    outbox.write(OutboxMessage, outbox_filled, messages)


def redeliver(message_id: int, by: Any = None) -> bool:
    """Send a dead letter again. False where the message is not dead (any more)."""
    with transaction.atomic():
        is_sent = outbox.redeliver(OutboxMessage, outbox_filled, message_id)
        if is_sent:
            audit.record("outboxmessage.sent_again", Subject("outboxmessage", message_id), actor=by)
    return is_sent
