"""
What we still have to do, written with the change that it follows from. ``services.delivery`` does it.
"""

from collections.abc import Iterable

from proctoring.common import outbox
from proctoring.common.announce import announce
from proctoring.models import OutboxMessage
from proctoring.signals import outbox_filled


def write(messages: Iterable[OutboxMessage]) -> None:
    """Commit ``messages`` with the running transaction, and have them done after it or when they are due."""
    written = list(messages)
    for message in written:
        message.save(force_insert=True)
    if written:
        announce(outbox_filled, OutboxMessage, message_ids=[message.pk for message in written])


def redeliver(message_id: int) -> bool:
    """Send a dead letter again. False where the message is not dead (any more)."""
    message = OutboxMessage.objects.filter(pk=message_id).first()
    if message is None or not outbox.revive(message):
        return False
    announce(outbox_filled, OutboxMessage, message_ids=[message_id])
    return True
