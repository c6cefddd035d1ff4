"""
What we still have to do, written with the change that it follows from. ``services.delivery`` does it.
"""

from collections.abc import Iterable

from proctoring.common import outbox
from proctoring.models import OutboxMessage
from proctoring.signals import outbox_filled


def write(messages: Iterable[OutboxMessage]) -> None:
    """Commit ``messages`` with the running transaction, and have them done after it or when they are due."""
    outbox.write(OutboxMessage, outbox_filled, messages)


def redeliver(message_id: int) -> bool:
    """Send a dead letter again. False where the message is not dead (any more)."""
    return outbox.redeliver(OutboxMessage, outbox_filled, message_id)
