"""
What we still have to do, written with the change that it follows from. ``services.delivery`` does it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from proctoring.common import outbox
from proctoring.common.announce import announce
from proctoring.common.audit import Subject
from proctoring.common.courier import HERE
from proctoring.common.outbox import OutboxState
from verify_student.models import OutboxMessage
from verify_student.services import audit
from verify_student.signals import outbox_filled

MAIL, STORAGE, HOST = "mail", "storage", "host"
ERASE_PHOTOS, ERASE_AT_PROVIDER = "photos.erase", "provider.erase"


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


def erasure_at(provider: str, user_id: int, receipts: Sequence[str]) -> OutboxMessage:
    """A message for a provider: what it has of a learner has to go; not yet written."""
    payload = {"user_id": user_id, "provider": provider, "receipts": list(receipts)}
    stream = _erasure_stream(provider, user_id)
    return OutboxMessage(kind=ERASE_AT_PROVIDER, destination=provider[:64], stream=stream, payload=payload)


def asks_to_erase(provider: str, user_id: int) -> bool:
    """Whether such a message waits, or waits for somebody to send it again: with the receipts of that time."""
    written = OutboxMessage.objects.filter(kind=ERASE_AT_PROVIDER, stream=_erasure_stream(provider, user_id))
    return written.exclude(state=OutboxState.DONE).exists()


def _erasure_stream(provider: str, user_id: int) -> str:
    return f"erase:{user_id}:{provider}"[:64]


def write(messages: Iterable[OutboxMessage]) -> list[int]:
    """
    Commit ``messages`` with the running transaction, and have them done after it or when they are due; their ids.
    """
    return outbox.write(OutboxMessage, outbox_filled, messages)


def redeliver(message_id: int, by: Any = None) -> bool:
    """Send a dead letter again. False where the message is not dead (any more)."""
    with transaction.atomic():
        is_sent = outbox.redeliver(OutboxMessage, outbox_filled, message_id)
        if is_sent:
            audit.record("outboxmessage.sent_again", Subject("outboxmessage", message_id), actor=by)
    return is_sent


def try_again(message_ids: Collection[int]) -> list[int]:
    """Have messages that failed tried at once, dead letters among them; ids of those that nobody has done meanwhile."""
    if not message_ids:
        return []
    with transaction.atomic():
        held = OutboxMessage.objects.filter(pk__in=message_ids).exclude(state=OutboxState.DONE).select_for_update()
        ids = list(held.order_by("pk").values_list("pk", flat=True))
        failed = OutboxMessage.objects.filter(pk__in=ids)
        failed.filter(state=OutboxState.PENDING).update(due_at=timezone.now(), error_code="")
        outbox.revive(failed)
        announce(outbox_filled, OutboxMessage, message_ids=ids)
    return ids


def _message(kind: str, destination: str, verification_id: int, payload: dict[str, Any]) -> OutboxMessage:
    return OutboxMessage(
        kind=kind,
        destination=destination,
        stream=f"{destination}:{verification_id}"[:64],
        payload={"verification_id": verification_id, **payload},
    )
