"""
A vendor's message, from the bytes to its effect: stored, read, applied in one transaction, marked.

Twice is once, and an older review never takes the place of a newer one. What cannot be right is kept and refused; what
we could not handle is kept and can be replayed.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from proctoring.backends import provider_named
from proctoring.backends.software_secure import exam_code
from proctoring.backends.types import ReviewEvent, review_event
from proctoring.common import inbox, redaction
from proctoring.common.inbox import Envelope, InboxState
from proctoring.common.prepared import Prepared
from proctoring.common.receiving import Receiver
from proctoring.conf import config
from proctoring.exceptions import (
    ExamNoLongerProctored,
    MalformedCallback,
    ProctoredBaseException,
    StudentExamAttemptDoesNotExistsException,
)
from proctoring.models import InboxDelivery, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.serializers import attempt_dict
from proctoring.services import attempts, audit, certificates, erasing, legacy, reviews, transitions
from proctoring.services.vendors import backend_name

logger = logging.getLogger(__name__)

READY, REVIEW, LEGACY_REVIEW, ASKED_REVIEW = "ready", "review", "legacy_review", "asked_review"
REVIEWS = (REVIEW, LEGACY_REVIEW, ASKED_REVIEW)
# What is said of an applied review that changed nothing, because a newer one was there first.
SUPERSEDED = "superseded"
HELD_BY_EXTERNAL_ID: Prepared[ProctoredExamStudentAttempt] = Prepared(
    lambda external_id: transitions.held("user", external_id=external_id)[:50], str
)


def _newest_said(source: str, name: str, other_name: str) -> "QuerySet[InboxDelivery, datetime]":
    applied = InboxDelivery.objects.filter(source=source, subject__in=[name, other_name], kind__in=REVIEWS)
    counting = applied.filter(state=InboxState.APPLIED).exclude(error_code=SUPERSEDED)
    said = counting.alias(said_at=Coalesce("sent_at", "received_at")).order_by("-said_at")
    return said.values_list(F("said_at"), flat=True)[:1]


NEWEST_SAID: Prepared[datetime] = Prepared(_newest_said, str, str, str)
# Asked whenever an attempt is registered.
UNMATCHED: Prepared[InboxDelivery] = Prepared(
    lambda external_id: InboxDelivery.objects.filter(
        subject=external_id, state=InboxState.REFUSED, error_code=StudentExamAttemptDoesNotExistsException.code
    ).order_by("pk"),
    str,
)
# Signed times are whole seconds; within one nobody knows which came first.
SAME_TIME = timedelta(seconds=1)


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
    delivery = inbox.store(InboxDelivery, _without_secrets(envelope), config.keyring)
    return delivery if delivery.state == InboxState.APPLIED else receiver.handle(delivery)


def _without_secrets(envelope: Envelope) -> Envelope:
    """What the vendor's plugin says must not be kept is not kept; nothing needs it."""
    try:
        fields = provider_named(envelope.source).dropped_fields
    except (NotImplementedError, ImproperlyConfigured):
        return envelope
    return replace(envelope, kept=redaction.stripped_body(envelope.body, fields))


def replay(delivery_id: int, by: Any = None) -> InboxDelivery:
    """Apply a kept message that has not been applied. Raises as :func:`receive`, ``DoesNotExist`` for an unknown id."""
    delivery = InboxDelivery.objects.defer("body").get(pk=delivery_id)
    audit.record("inboxdelivery.replayed", delivery, actor=by)
    return receiver.handle(delivery)


def retry_unmatched(external_id: str) -> None:
    """Apply what a vendor said about an attempt before we knew its id."""
    receiver.handle_each(UNMATCHED(external_id))


def apply_due(limit: int = 500) -> int:
    """Apply what was received and never handled, or failed on our side. The number of messages tried."""
    return receiver.apply_due(limit)


def _apply_ready(delivery: InboxDelivery) -> str:
    attempts.mark_ready(_attempt_of(delivery))
    return ""


def _apply_review(delivery: InboxDelivery) -> str:
    attempt = _attempt_of(delivery)
    payload = _reviewed(delivery, attempt)
    found = reviews.held_too(attempt.attempt_code or "")
    event = _converted(delivery.source, attempt, payload)
    return _record(delivery, attempt, found, event, payload, is_held=True)


def _apply_asked_review(delivery: InboxDelivery) -> str:
    """The vendor was asked, and its plugin has converted the answer already."""
    attempt = _attempt_of(delivery)
    payload = _reviewed(delivery, attempt)
    found = reviews.held_too(attempt.attempt_code or "")
    return _record(delivery, attempt, found, review_event(payload), payload, is_held=True)


def _apply_legacy_review(delivery: InboxDelivery) -> str:
    """The attempt's code is in the message; a review of a deleted attempt is kept and decides nothing."""
    body = delivery.opened(config.keyring)
    _json_object(body)
    attempt, is_live = legacy.attempt_by_code(exam_code(body))
    if backend_name(attempt.proctored_exam) != delivery.source:
        raise StudentExamAttemptDoesNotExistsException
    payload = _reviewed(delivery, attempt)
    # Held, so that of two reviews at once the second sees what became of the first.
    found = reviews.held(attempt.attempt_code or "")
    outcome = _record(delivery, attempt, found, _converted(delivery.source, attempt, payload), payload)
    if not is_live:
        # Without a signal: what is of the past has been told already.
        past = ProctoredExamSoftwareSecureReview.objects.filter(attempt_code=attempt.attempt_code)
        past.update(is_attempt_active=False)
    return outcome


def _reviewed(delivery: InboxDelivery, attempt: ProctoredExamStudentAttempt) -> dict[str, Any]:
    if not attempt.proctored_exam.is_proctored:
        raise ExamNoLongerProctored
    return _json_object(delivery.opened(config.keyring))


def _record(
    delivery: InboxDelivery,
    attempt: ProctoredExamStudentAttempt,
    found: ProctoredExamSoftwareSecureReview | None,
    event: ReviewEvent,
    payload: dict[str, Any],
    *,
    is_held: bool = False,
) -> str:
    if event.reviewed_at is not None:
        delivery.sent_at = min(event.reviewed_at, delivery.received_at)
        delivery.save(update_fields=["sent_at"])
    if _is_superseded(delivery, attempt):
        logger.info("An older review changes nothing: delivery=%s attempt=%s", delivery.pk, attempt.pk)
        review, outcome = None, SUPERSEDED
    else:
        review, outcome = reviews.record_over(found, attempt, event, payload, is_held=is_held), ""
    if certificates.newest(attempt.user_id) is not None:
        erasing.erase_late(delivery, review)
    return outcome


def _is_superseded(delivery: InboxDelivery, attempt: ProctoredExamStudentAttempt) -> bool:
    """Whether a newer review of the attempt has been applied, by the vendor's own time where it has one."""
    said_at = delivery.sent_at or delivery.received_at
    names = [name for name in (attempt.external_id, attempt.attempt_code) if name] or [delivery.subject]
    newest = next(iter(NEWEST_SAID(delivery.source, names[0], names[-1])), None)
    return newest is not None and newest >= said_at + SAME_TIME


def _attempt_of(delivery: InboxDelivery) -> ProctoredExamStudentAttempt:
    """
    The live attempt the message is about; a vendor speaks about its own attempts only.

    Held, so that of two messages at once the second sees what became of the first.
    """
    known = HELD_BY_EXTERNAL_ID(delivery.subject)
    own = [attempt for attempt in known if backend_name(attempt.proctored_exam) == delivery.source]
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


def _converted(backend: str, attempt: ProctoredExamStudentAttempt, payload: dict[str, Any]) -> ReviewEvent:
    try:
        return review_event(provider_named(backend).on_review_callback(attempt_dict(attempt), payload))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # A plugin that trips over a message's shape says that the message is malformed.
        raise MalformedCallback from error


# Each says what is worth saying of a message that was applied; mostly nothing.
APPLY: dict[str, Callable[[InboxDelivery], str]] = {
    READY: _apply_ready,
    REVIEW: _apply_review,
    LEGACY_REVIEW: _apply_legacy_review,
    ASKED_REVIEW: _apply_asked_review,
}

receiver = Receiver(
    InboxDelivery, lambda delivery: APPLY[delivery.kind](delivery), not_handled=CallbackNotHandled, noun="callback"
)
