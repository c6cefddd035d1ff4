"""Mails of a round in the outbox: handed over, counted, and sent again after they had failed."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from proctoring.common.batches import FAILED
from proctoring.common.outbox import OutboxState
from verify_student.models import OutboxMessage
from verify_student.services import outbox
from verify_student.signals import outbox_filled

logger = logging.getLogger(__name__)

SENT, WAITING = "sent", "waiting"
Wanted = Callable[[Collection[int]], set[int]]


def hand_over(message_ids: list[int]) -> Counter[str]:
    """
    Have mails sent that have been written down, and say what came of them so far. ``WAITING`` are those that a worker
    has yet to send, or the schedule where the queue could not be reached.
    """
    if message_ids and transaction.get_connection().in_atomic_block:
        # Their commit announces them. Within a transaction of the caller's that is later, and here is where we count;
        # whoever is told twice finds nothing to do.
        outbox_filled.send_robust(sender=OutboxMessage, message_ids=message_ids)
    return _outcomes(message_ids)


def unsent(kind: str) -> "QuerySet[OutboxMessage]":
    """Mails that were tried in vain: dead letters, and those that wait for their next try."""
    resting = Q(leased_until=None) | Q(leased_until__lte=timezone.now())
    failed = Q(state=OutboxState.DEAD) | (Q(state=OutboxState.PENDING) & ~Q(error_code="") & resting)
    return OutboxMessage.objects.filter(failed, kind=kind)


def wanted(messages: Sequence[OutboxMessage], still_wanted: Wanted) -> list[int]:
    """Ids of those of ``messages`` whose verification is ``still_wanted``."""
    ids = still_wanted({_verification_of(message) for message in messages})
    return [message.pk for message in messages if _verification_of(message) in ids]


def send_again(messages: Sequence[OutboxMessage], still_wanted: Wanted) -> Counter[str]:
    """Have those that are ``still_wanted`` tried at once, and say what came of them so far."""
    return hand_over(outbox.try_again(wanted(messages, still_wanted)))


def _outcomes(message_ids: Collection[int]) -> Counter[str]:
    left = list(OutboxMessage.objects.filter(pk__in=message_ids).exclude(state=OutboxState.DONE))
    failed = [message for message in left if message.error_code]
    for message in failed:
        logger.error("Could not send: verification=%s error=%s", _verification_of(message), message.error_code)
    sent = len(message_ids) - len(left)
    return +Counter({SENT: sent, WAITING: len(left) - len(failed), FAILED: len(failed)})


def _verification_of(message: OutboxMessage) -> int:
    return int(message.payload["verification_id"])
