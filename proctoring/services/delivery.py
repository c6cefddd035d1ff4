"""
Doing what waits in the outbox: each message once, in the order of its stream, and what fails again later.

LMS effects are done in one transaction with the mark that they are done. Mail and vendor calls are made outside any
transaction: they may arrive twice when we die in between, never be lost. One message that fails never stops the others,
except that a machine which could not be reached is left alone for the rest of the pass (contract since_6_1.md 6).
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from proctoring.common import outbox
from proctoring.common.errors import DomainError
from proctoring.common.http import deadline, is_unreachable
from proctoring.conf import config
from proctoring.models import OutboxMessage
from proctoring.services import attempts, consequences, mail, reconciliation, registration, removal, support, vendors

logger = logging.getLogger(__name__)

BATCH = 50
# What a message may ask of other machines has to end before somebody else may take the message over.
CALL_TIME = outbox.LEASE - timedelta(seconds=20)
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
    support.MISSING_KIND: support.notify_missing,
    reconciliation.KIND: reconciliation.ask,
    registration.KIND: registration.complete,
    **vendors.HANDLERS,
}


def deliver_lms_effects(message_ids: Collection[int]) -> int:
    """Do those of the messages that are effects on the LMS and due. The number tried."""
    return _do_effects(_lms().filter(pk__in=message_ids))


def deliver_remote(message_ids: Collection[int]) -> int:
    """Do those of the messages that are for other machines and due, in one pass. The number tried."""
    return _send(_remote().filter(pk__in=message_ids))


def deliver_due(limit: int | None = None) -> int:
    """Do whatever is due, up to ``limit`` messages, in one pass. The number tried."""
    tried = _do_effects(_lms(), limit)
    return tried + _send(_remote(), None if limit is None else limit - tried)


def _lms() -> "QuerySet[OutboxMessage]":
    return OutboxMessage.objects.filter(destination=consequences.LMS)


def _remote() -> "QuerySet[OutboxMessage]":
    return OutboxMessage.objects.exclude(destination=consequences.LMS)


def _do_effects(queryset: "QuerySet[OutboxMessage]", limit: int | None = None) -> int:
    tried = 0
    while limit is None or tried < limit:
        # A stream gives one message at a time, so go round until nothing is due.
        claimed = outbox.claim(queryset, limit=BATCH if limit is None else min(BATCH, limit - tried))
        for message in claimed:
            _attempt(message, _do_effect)
        tried += len(claimed)
        if not claimed:
            break
    return tried


def _send(queryset: "QuerySet[OutboxMessage]", limit: int | None = None) -> int:
    tried, away = 0, set[str]()
    while limit is None or tried < limit:
        due = outbox.due(queryset.exclude(destination__in=away), BATCH if limit is None else min(BATCH, limit - tried))
        for message_id in due:
            # Each is claimed on its own: a lease has to outlast one call, and not all those before it as well.
            for message in outbox.claim(queryset.filter(pk=message_id).exclude(destination__in=away), limit=1):
                tried += 1
                if is_unreachable(_attempt(message, _do_remote)):
                    away.add(message.destination)
        if not due:
            break
    return tried


def _attempt(message: OutboxMessage, do: Callable[[OutboxMessage], None]) -> Exception | None:
    """Do it, and mark the message with what came of it; the error of one that failed."""
    try:
        do(message)
    except outbox.LeaseLost:
        logger.warning("Outbox message was taken over: message=%s kind=%s", message.pk, message.kind)
    except DomainError as error:
        _failed(message, error.code, for_good=_is_final(error))
        return error
    except Exception as error:
        _failed(message, type(error).__name__, for_good=False)
        return error
    else:
        logger.info("Outbox message done: message=%s kind=%s", message.pk, message.kind)
    return None


def _do_effect(message: OutboxMessage) -> None:
    with transaction.atomic():
        EFFECTS[message.kind](message.payload)
        outbox.mark_done(message)


def _do_remote(message: OutboxMessage) -> None:
    with deadline(CALL_TIME.total_seconds()):
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
