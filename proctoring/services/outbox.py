"""
What we still have to do: written with the change it follows from, done after commit, retried, visible when it fails.

LMS effects are done at once after commit, each in one transaction with the mark that it is done. Mail and vendor
calls are left to the task queue, outside any transaction. Whatever fails waits for the sweep.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from proctoring.common import outbox
from proctoring.common.announce import announce
from proctoring.common.errors import DomainError
from proctoring.conf import config
from proctoring.models import OutboxMessage
from proctoring.services import consequences, mail, vendors
from proctoring.signals import outbox_filled

logger = logging.getLogger(__name__)

BATCH = 50
# A vendor's answers that may be different later; any other 4xx stays what it is.
TRY_AGAIN = frozenset({401, 403, 408, 409, 423, 425, 429})
REMOTE_HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "mail.status": mail.send_status_email,
    **vendors.HANDLERS,
}


def write(messages: Iterable[OutboxMessage]) -> None:
    """Commit ``messages`` with the running transaction and have them done after it."""
    written = list(messages)
    for message in written:
        message.save(force_insert=True)
    effects = [message.pk for message in written if message.destination == consequences.LMS]
    if effects:
        transaction.on_commit(lambda: deliver_lms_effects(OutboxMessage.objects.filter(pk__in=effects)), robust=True)
    if len(effects) < len(written):
        announce(outbox_filled, OutboxMessage)


def deliver_due(limit: int | None = None) -> int:
    """
    Do what is due: LMS effects that failed before, mail, vendor calls. The number of messages tried.

    One message that fails never stops the others.
    """
    tried = deliver_lms_effects(OutboxMessage.objects.filter(destination=consequences.LMS), limit)
    remote = OutboxMessage.objects.exclude(destination=consequences.LMS)
    return tried + _deliver(remote, _do_remote, None if limit is None else max(limit - tried, 0))


def deliver_lms_effects(queryset: "QuerySet[OutboxMessage]", limit: int | None = None) -> int:
    """Do those LMS effects of ``queryset`` that are due. The number tried."""
    return _deliver(queryset, _do_effect, limit)


def redeliver(message_id: int) -> bool:
    """Send a dead letter again. False where the message is not dead (any more)."""
    message = OutboxMessage.objects.filter(pk=message_id).first()
    if message is None or not outbox.revive(message):
        return False
    announce(outbox_filled, OutboxMessage)
    return True


def _deliver(queryset: "QuerySet[OutboxMessage]", do: Callable[[OutboxMessage], None], limit: int | None) -> int:
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
        consequences.HANDLERS[message.kind](message.payload)
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
        base, max_age = (
            timedelta(seconds=config.outbox_retry_base_seconds),
            timedelta(hours=config.outbox_max_age_hours),
        )
        outbox.mark_failed(message, code, base=base, max_age=max_age)
    logger.warning(
        "Outbox message failed: message=%s kind=%s error=%s state=%s", message.pk, message.kind, code, message.state
    )
