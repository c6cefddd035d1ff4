"""
A vendor's message, from the bytes to its effect: stored, read, applied in one transaction, marked.

Twice is once. What cannot be right is kept and refused; what we could not handle is kept and can be replayed.
"""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proctoring.backends import provider_named
from proctoring.backends.types import review_event
from proctoring.common import inbox
from proctoring.common.errors import DomainError
from proctoring.common.inbox import Envelope, InboxState
from proctoring.conf import config
from proctoring.exceptions import (
    ExamNoLongerProctored,
    MalformedCallback,
    ProctoredBaseException,
    StudentExamAttemptDoesNotExistsException,
)
from proctoring.models import InboxDelivery, ProctoredExamStudentAttempt
from proctoring.serializers import attempt_dict
from proctoring.services import attempts, reviews
from proctoring.services.vendors import backend_name

logger = logging.getLogger(__name__)

READY, REVIEW = "ready", "review"


class CallbackNotHandled(ProctoredBaseException):
    """Something went wrong on our side; the message is kept and will be applied again."""

    code = "callback_not_handled"
    http_status = 500
    default_message = _("The message was kept, but could not be applied yet.")


def receive(envelope: Envelope) -> InboxDelivery:
    """
    Keep an authenticated message and apply it, unless it has been applied before.

    Raises the ``DomainError`` of a message that is refused, and ``CallbackNotHandled``; the message is kept either way.
    """
    delivery = inbox.store(InboxDelivery, envelope, config.keyring)
    return delivery if delivery.state == InboxState.APPLIED else _handle(delivery)


def replay(delivery_id: int) -> InboxDelivery:
    """Apply a kept message that has not been applied. Raises as :func:`receive`, ``DoesNotExist`` for an unknown id."""
    return _handle(InboxDelivery.objects.get(pk=delivery_id))


def retry_unmatched(external_id: str) -> None:
    """Apply what a vendor said about an attempt before we knew its id."""
    waiting = InboxDelivery.objects.filter(
        subject=external_id, state=InboxState.REFUSED, error_code=StudentExamAttemptDoesNotExistsException.code
    )
    _handle_each(waiting.order_by("pk"))


def apply_due(limit: int = 500) -> int:
    """Apply what was received and never handled, or failed on our side. The number of messages tried."""
    return _handle_each(inbox.due(InboxDelivery)[:limit])


def _handle_each(deliveries: Iterable[InboxDelivery]) -> int:
    """One message that fails again never stops the others."""
    tried = 0
    for delivery in deliveries:
        tried += 1
        try:
            _handle(delivery)
        except DomainError as error:
            logger.warning("A kept callback is still not applied: delivery=%s code=%s", delivery.pk, error.code)
    return tried


def _handle(delivery: InboxDelivery) -> InboxDelivery:
    try:
        with transaction.atomic():
            held = inbox.lock(delivery)
            if held.state != InboxState.APPLIED:
                APPLY[held.kind](held)
                inbox.mark(held, InboxState.APPLIED)
            return held
    except DomainError as error:
        inbox.mark(delivery, InboxState.REFUSED, error.code)
        raise
    except Exception as error:
        inbox.mark(delivery, InboxState.FAILED, type(error).__name__)
        _report_failure(delivery, error)


def _report_failure(delivery: InboxDelivery, error: Exception) -> NoReturn:
    logger.error("A callback could not be applied: delivery=%s error=%s", delivery.pk, type(error).__name__)
    raise CallbackNotHandled from error


def _apply_ready(delivery: InboxDelivery) -> None:
    attempts.mark_ready(_attempt_of(delivery))


def _apply_review(delivery: InboxDelivery) -> None:
    attempt = _attempt_of(delivery)
    if not attempt.proctored_exam.is_proctored:
        raise ExamNoLongerProctored
    payload = _json_object(delivery.opened(config.keyring))
    reviews.record(attempt, review_event(_converted(delivery.source, attempt, payload)), payload)


def _attempt_of(delivery: InboxDelivery) -> ProctoredExamStudentAttempt:
    """The live attempt the message is about; a vendor speaks about its own attempts only."""
    known = ProctoredExamStudentAttempt.objects.filter(external_id=delivery.subject).select_related(
        "user", "proctored_exam"
    )
    own = [attempt for attempt in known[:50] if backend_name(attempt.proctored_exam) == delivery.source]
    if len(own) != 1:
        raise StudentExamAttemptDoesNotExistsException
    return own[0]


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedCallback from None
    if not isinstance(content, dict):
        raise MalformedCallback
    return content


def _converted(backend: str, attempt: ProctoredExamStudentAttempt, payload: dict[str, Any]) -> Any:
    try:
        return provider_named(backend).on_review_callback(attempt_dict(attempt), payload)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # A plugin that trips over a message's shape says that the message is malformed.
        raise MalformedCallback from error


APPLY: dict[str, Callable[[InboxDelivery], None]] = {READY: _apply_ready, REVIEW: _apply_review}
