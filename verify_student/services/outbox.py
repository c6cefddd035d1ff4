"""
What we still have to do, written with the change that it follows from. ``services.delivery`` does it.
"""

from collections.abc import Iterable
from typing import Any

from proctoring.common import outbox
from proctoring.common.announce import announce
from proctoring.common.courier import HERE
from verify_student.models import OutboxMessage
from verify_student.signals import outbox_filled

MAIL, STORAGE, HOST = "mail", "storage", "host"
ERASE_PHOTOS = "photos.erase"


def effect(kind: str, verification_id: int, **payload: Any) -> OutboxMessage:
    """A message for the host, done right after commit; not yet written."""
    return _message(kind, HERE, verification_id, payload)


def mail(kind: str, verification_id: int, **payload: Any) -> OutboxMessage:
    """A message for the learner's mailbox; not yet written."""
    return _message(kind, MAIL, verification_id, payload)


def call(kind: str, provider: str, verification_id: int) -> OutboxMessage:
    """A message for a provider; not yet written."""
    return _message(kind, provider, verification_id, {})


def slow_effect(kind: str, verification_id: int) -> OutboxMessage:
    """A message for the host, on which it may work for long; not yet written."""
    return _message(kind, HOST, verification_id, {})


def erasure(user_id: int) -> OutboxMessage:
    """A message for the storage: a learner's photos have to go; not yet written."""
    return OutboxMessage(kind=ERASE_PHOTOS, destination=STORAGE, payload={"user_id": user_id})


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


def _message(kind: str, destination: str, verification_id: int, payload: dict[str, Any]) -> OutboxMessage:
    return OutboxMessage(
        kind=kind,
        destination=destination,
        stream=f"{destination}:{verification_id}"[:64],
        payload={"verification_id": verification_id, **payload},
    )
