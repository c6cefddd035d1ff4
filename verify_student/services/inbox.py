"""
A provider's result, from the bytes to its effect: authenticated, stored, read, applied in one transaction, marked.

Twice is once, unless the verification has moved on or its provider was asked again in between: then the provider means
what it says. What cannot be right is kept and refused; what we could not handle is kept and can be replayed.
"""

import logging
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common import inbox
from proctoring.common.errors import DomainError
from proctoring.common.inbox import Envelope, InboxState
from proctoring.common.receiving import Receiver
from verify_student.backends import provider_named
from verify_student.backends.base import IdentityProvider
from verify_student.backends.types import Message, Outcome, ResultEvent
from verify_student.conf import config
from verify_student.exceptions import VerificationBaseException, VerificationNotFound
from verify_student.models import InboxDelivery, SoftwareSecurePhotoVerification
from verify_student.services import audit, verifications
from verify_student.statuses import Actor

logger = logging.getLogger(__name__)

RESULT = "result"


class ResultNotHandled(VerificationBaseException):
    """Something went wrong on our side; the message is kept and will be applied again."""

    code = "result_not_handled"
    http_status = 500
    default_message = _("The message was kept, but could not be applied yet.")


def receive(message: Message, provider_name: str) -> InboxDelivery:
    """
    Keep a result that its provider is proven to have sent, and apply it, unless it is the repetition of one that has
    been applied.

    Raises the ``DomainError`` of a message that is not proven (then nothing is kept) or is refused (then it is), and
    ``ResultNotHandled``.
    """
    provider = provider_named(provider_name)
    sender = provider.authenticate(message, timezone.now())
    subject = _subject(provider, message)
    envelope = Envelope(source=provider.name, kind=RESULT, subject=subject, body=message.body, sender=sender)
    delivery = inbox.store(InboxDelivery, envelope, config.keyring)
    if delivery.state == InboxState.APPLIED and not _reopened(delivery):
        return delivery
    return receiver.handle(delivery)


def replay(delivery_id: int, by: Any = None) -> InboxDelivery:
    """Apply a kept message that has not been applied. Raises as :func:`receive`, ``DoesNotExist`` for an unknown id."""
    delivery = InboxDelivery.objects.defer("body").get(pk=delivery_id)
    audit.record("inboxdelivery.replayed", delivery, actor=by)
    return receiver.handle(delivery)


def apply_due(limit: int = 500) -> int:
    """Apply what was received and never handled, or failed on our side. The number of messages tried."""
    return receiver.apply_due(limit)


def _subject(provider: IdentityProvider, message: Message) -> str:
    """The receipt, by which people find the delivery also when it is refused; empty where none can be read."""
    try:
        receipt = provider.result(message).receipt_id
    except DomainError:
        return ""
    return receipt if receipt.isprintable() else ""


def _reopened(delivery: InboxDelivery) -> bool:
    """Have a delivery applied again that has been applied, if something has happened to its verification since."""
    moved_on = Q(status_changed__gt=delivery.handled_at) | Q(queued_at__gt=delivery.handled_at)
    if not SoftwareSecurePhotoVerification.objects.filter(moved_on, receipt_id=delivery.subject).exists():
        return False
    applied = InboxDelivery.objects.filter(pk=delivery.pk, handled_at=delivery.handled_at)
    return bool(applied.update(state=InboxState.RECEIVED, due_at=timezone.now() + inbox.HANDLING_TIME))


def _apply(delivery: InboxDelivery) -> str:
    body = delivery.opened(config.keyring)
    event = provider_named(delivery.source).result(Message({}, body))
    verification = verifications.by_receipt(event.receipt_id)
    if (verification.provider or delivery.source) != delivery.source:
        # A provider speaks of its own verifications only.
        raise VerificationNotFound
    _decide(verification.pk, event, delivery.source)
    return ""


def _decide(verification_id: int, event: ResultEvent, service: str) -> None:
    if event.outcome is Outcome.PASSED:
        verifications.approve(verification_id, actor=Actor.PROVIDER, service=service)
    elif event.outcome is Outcome.FAILED:
        verifications.deny(verification_id, event.reasons, actor=Actor.PROVIDER, code=event.code, service=service)
    else:
        logger.error("A provider's system failed: verification=%s", verification_id)
        verifications.system_error(verification_id, event.reasons, code=event.code, service=service)


receiver = Receiver(InboxDelivery, _apply, not_handled=ResultNotHandled, noun="result")
