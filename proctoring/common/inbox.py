"""
The inbox: what another system tells us, stored before it is judged.

A delivery is unique per source and delivery id (or per content where the sender has no ids), so that twice is once.
Its body is encrypted at rest. It is applied in one transaction with the mark that it was; what fails stays, and can
be applied again. What was judged long ago is purged.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.crypto import Keyring
from proctoring.common.outbox import retry_delay
from proctoring.common.prepared import Prepared

# Longer than handling a message takes: after that, whoever received it must have died.
HANDLING_TIME = timedelta(minutes=1)
FIRST_RETRY = timedelta(seconds=30)
MAX_TRIES = 24


class InboxState(models.TextChoices):
    """Where a delivery stands."""

    RECEIVED = "received", _("received")
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


# What will not be tried again by itself: judged, or failed too often.
SETTLED = models.Q(
    state__in=[InboxState.APPLIED, InboxState.REFUSED, InboxState.FAILED],
    due_at=None,
)


class AbstractInboxDelivery(models.Model):
    """
    One message from ``source``. ``kind`` says what it claims to be, ``subject`` what it is about (the sender's id of
    it).

    ``REFUSED`` means that it cannot be right as it stands, ``FAILED`` that we could not handle it: both may be
    replayed.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(_("source"), max_length=64)
    kind = models.CharField(_("kind"), max_length=64)
    subject = models.CharField(_("subject"), max_length=191, db_index=True)
    delivery_id = models.CharField(_("delivery id"), max_length=128)
    body = models.BinaryField()
    body_size = models.PositiveIntegerField(_("size in bytes"))
    sender = models.CharField(_("sender"), max_length=191, blank=True, default="")
    state = models.CharField(_("state"), max_length=16, choices=InboxState.choices, default=InboxState.RECEIVED)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    deliveries = models.PositiveIntegerField(_("times delivered"), default=1)
    error_code = models.CharField(_("error"), max_length=128, blank=True, default="")
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    # The sender's own time of what it says, never later than when it came; null where the sender has none.
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    due_at = models.DateTimeField(_("next try"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source} {self.kind} #{self.pk} ({self.state})"

    def opened(self, keyring: Keyring) -> bytes:
        """The body as it was received."""
        return keyring.decrypt(bytes(self.body), _associated(self.source, self.delivery_id))


@dataclass(frozen=True)
class Envelope:
    """
    A message as it arrives: authenticated, not yet judged. ``delivery_id`` and ``sent_at`` are the sender's, where it
    has them; ``kept`` is the body without what must not be kept, where that is not all of it.
    """

    source: str
    kind: str
    subject: str
    body: bytes
    sender: str = ""
    delivery_id: str = ""
    sent_at: datetime | None = None
    kept: bytes | None = None

    @property
    def key(self) -> str:
        """What makes two deliveries the same one."""
        if self.delivery_id:
            return f"id:{hashlib.sha256(self.delivery_id.encode()).hexdigest()}"
        content = b"\0".join([self.kind.encode(), self.subject.encode(), self.body])
        return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _associated(source: str, key: str) -> bytes:
    return f"{source}\0{key}".encode()


Delivery = TypeVar("Delivery", bound=AbstractInboxDelivery)


def store(model: type[Delivery], envelope: Envelope, keyring: Keyring) -> Delivery:
    """The row of this delivery: a new one, or the one it already has, with its count raised."""
    key, now = envelope.key, timezone.now()
    body = envelope.body if envelope.kept is None else envelope.kept
    try:
        with transaction.atomic():
            return model._default_manager.create(
                source=envelope.source,
                kind=envelope.kind,
                subject=envelope.subject[:191],
                delivery_id=key,
                sender=envelope.sender[:191],
                body=keyring.encrypt(body, _associated(envelope.source, key)),
                body_size=len(body),
                received_at=now,
                sent_at=min(envelope.sent_at, now) if envelope.sent_at else None,
                due_at=now + HANDLING_TIME,
            )
    except IntegrityError:
        known = model._default_manager.filter(source=envelope.source, delivery_id=key)
        known.update(deliveries=models.F("deliveries") + 1)
        return known.get()


def lock(delivery: Delivery) -> Delivery:
    """The delivery's row, held until the running transaction ends: two workers never apply it at the same time."""
    rows: list[Delivery] = _held(type(delivery))(delivery.pk)
    if not rows:
        raise type(delivery).DoesNotExist
    return rows[0]


@cache
def _held(model: type[Delivery]) -> Prepared[Delivery]:
    return Prepared(lambda pk: model._default_manager.select_for_update().filter(pk=pk), int)


def due(model: type[Delivery], now: datetime | None = None) -> models.QuerySet[Delivery]:
    """What waits to be applied: messages whose receiver died, and those that failed on our side. Oldest first."""
    waiting = [InboxState.RECEIVED, InboxState.FAILED]
    return model._default_manager.filter(state__in=waiting, due_at__lte=now or timezone.now()).order_by("pk")


def claim(delivery: AbstractInboxDelivery) -> bool:
    """Whether the due delivery is ours to apply: of two workers, one. It is due again where that one dies."""
    free = type(delivery)._default_manager.filter(pk=delivery.pk, state=delivery.state, due_at=delivery.due_at)
    return bool(free.update(due_at=timezone.now() + HANDLING_TIME))


def mark(delivery: AbstractInboxDelivery, state: InboxState, error_code: str = "", now: datetime | None = None) -> None:
    """Record what became of the delivery; one that failed is tried again later, some two dozen times."""
    now = now or timezone.now()
    delivery.state = state
    delivery.error_code = error_code[:128]
    delivery.handled_at = now
    delivery.tries += 1
    again = state == InboxState.FAILED and delivery.tries < MAX_TRIES
    delivery.due_at = now + retry_delay(delivery.tries, FIRST_RETRY) if again else None
    delivery.save(update_fields=["state", "error_code", "handled_at", "tries", "due_at"])


def judged(model: type[Delivery], before: datetime) -> models.QuerySet[Delivery]:
    """What was received before and is not tried again: judged, or given up; oldest first."""
    return model._default_manager.filter(SETTLED, received_at__lt=before).order_by("received_at")


def empty(deliveries: Iterable[Delivery], keyring: Keyring) -> None:
    """Take away what the deliveries said; that they came, and what became of them, stays known."""
    emptied = list(deliveries)
    for delivery in emptied:
        # Encrypted nothing rather than nothing, so that whoever opens or rotates bodies finds one.
        delivery.body = keyring.encrypt(b"", _associated(delivery.source, delivery.delivery_id))
        delivery.body_size = 0
    if emptied:
        type(emptied[0])._default_manager.bulk_update(emptied, ["body", "body_size"], batch_size=100)
