"""
Doing what waits in the outbox: each message once, in the order of its stream, and what fails again later.

LMS effects are done in one transaction with the mark that they are done. Mail and vendor calls are made outside any
transaction: they may arrive twice when we die in between, never be lost. One message that fails never stops the others.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from proctoring.common import outbox
from proctoring.common.errors import DomainError
from proctoring.conf import config
from proctoring.models import OutboxMessage
from proctoring.services import attempts, consequences, mail, registration, removal, support, vendors

logger = logging.getLogger(__name__)

BATCH = 50
# A vendor's answers that may be different later; any other 4xx stays what it is.
TRY_AGAIN = frozenset({401, 403, 408, 409, 423, 425, 429})
EFFECTS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    **consequences.HANDLERS,
    "decline.others": attempts.decline_others,
    "onboarding.clear": removal.clear_onboarding_errors,
}
REMOTE_HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    mail.KIND: mail.send_status_email,
    support.KIND: support.notify,
    registration.KIND: registration.complete,
    **vendors.HANDLERS,
}


def deliver_lms_effects(message_ids: Collection[int]) -> int:
    """Do those of the messages that are effects on the LMS and due. The number tried."""
    return _deliver(_lms().filter(pk__in=message_ids), _do_effect)


def deliver_remote(message_ids: Collection[int]) -> int:
    """Do those of the messages that are for other machines and due. The number tried."""
    return _deliver(_remote().filter(pk__in=message_ids), _do_remote)


def deliver_due(limit: int | None = None) -> int:
    """Do whatever is due, up to ``limit`` messages. The number tried."""
    tried = _deliver(_lms(), _do_effect, limit)
    return tried + _deliver(_remote(), _do_remote, None if limit is None else limit - tried)


def _lms() -> "QuerySet[OutboxMessage]":
    return OutboxMessage.objects.filter(destination=consequences.LMS)


def _remote() -> "QuerySet[OutboxMessage]":
    return OutboxMessage.objects.exclude(destination=consequences.LMS)


def _deliver(queryset: "QuerySet[OutboxMessage]", do: Callable[[OutboxMessage], None], limit: int | None = None) -> int:
    tried = 0
    while limit is None or tried < limit:
        # A stream gives one message at a time, so go round until nothing is due.
        claimed = outbox.claim(queryset, limit=BATCH if limit is None else min(BATCH, limit - tried))
        for message in claimed:
            _attempt(message, do)
        tried += len(claimed)
        if not claimed:
            break
    return tried


def _attempt(message: OutboxMessage, do: Callable[[OutboxMessage], None]) -> None:
    try:
        do(message)
    except outbox.LeaseLost:
        logger.warning("Outbox message was taken over: message=%s kind=%s", message.pk, message.kind)
    except DomainError as error:
        _failed(message, error.code, for_good=_is_final(error))
    except Exception as error:
        _failed(message, type(error).__name__, for_good=False)
    else:
        logger.info("Outbox message done: message=%s kind=%s", message.pk, message.kind)


def _do_effect(message: OutboxMessage) -> None:
    with transaction.atomic():
        EFFECTS[message.kind](message.payload)
        outbox.mark_done(message)


def _do_remote(message: OutboxMessage) -> None:
    REMOTE_HANDLERS[message.kind](message.payload)
    outbox.mark_done(message)


def _is_final(error: DomainError) -> bool:
    return 400 <= error.http_status < 500 and error.http_status not in TRY_AGAIN


def _failed(message: OutboxMessage, code: str, *, for_good: bool) -> None:
    if for_good:
        outbox.mark_dead(message, code)
    else:
        base = timedelta(seconds=config.outbox_retry_base_seconds)
        outbox.mark_failed(message, code, base=base, max_age=timedelta(hours=config.outbox_max_age_hours))
    logger.warning(
        "Outbox message failed: message=%s kind=%s error=%s state=%s", message.pk, message.kind, code, message.state
    )
