"""
Doing what waits in an outbox: each message once, in the order of its stream, and what fails again later.

Effects on the host are done in one transaction with the mark that they are done; those of one change share one, in
which each can be undone by itself. Calls of other machines, and of the host's listeners, are made outside any
transaction: they may arrive twice when we die in between, never be lost. One message that fails never stops the others,
except that a machine which could not be reached is left alone for the rest of the pass.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from proctoring.common import outbox
from proctoring.common.contacts import AbstractContact, note_failure, note_success
from proctoring.common.errors import DomainError
from proctoring.common.http import deadline, is_unreachable
from proctoring.common.metrics import DELIVERIES
from proctoring.common.outbox import AbstractOutboxMessage

logger = logging.getLogger(__name__)

BATCH = 50
HERE = outbox.HERE
# What may come of a try, for those who count: the states of messages, and these.
FAILED, LOST = "failed", "lost"
UNKNOWN = "unknown"
# What a message may ask of other machines has to end before somebody else may take the message over.
CALL_TIME = outbox.LEASE - timedelta(seconds=20)
# Answers that may be different later; any other 4xx stays what it is.
TRY_AGAIN = frozenset({401, 403, 408, 409, 423, 425, 429})

Message = TypeVar("Message", bound=AbstractOutboxMessage)
Handler = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class Patience:
    """How long a message is tried: ``base`` is the first delay, ``max_age`` when it becomes a dead letter."""

    base: timedelta
    max_age: timedelta


class Courier(Generic[Message]):
    """
    Works through the outbox ``model``. ``effects`` are handlers of messages for the host, ``calls`` of those for other
    machines and for strangers' code, each by kind; ``given_up`` are told of messages that became dead letters. How
    calls of other machines went is kept in ``contacts``, a row for each destination.

    A pass tries a message once: what has failed in it waits for the next one, however long the pass takes.
    """

    def __init__(
        self,
        model: type[Message],
        *,
        effects: Mapping[str, Handler],
        calls: Mapping[str, Handler],
        patience: Callable[[], Patience],
        contacts: type[AbstractContact],
        given_up: Mapping[str, Handler] | None = None,
    ) -> None:
        self._model = model
        self._effects = effects
        self._calls = calls
        self._patience = patience
        self._contacts = contacts
        self._given_up = given_up or {}

    @property
    def kinds(self) -> list[str]:
        """What it knows how to do."""
        return sorted({*self._effects, *self._calls})

    def do_effects(self, message_ids: Collection[int]) -> int:
        """Do those of the messages that are effects on the host and due. The number tried."""
        here, tried = _due_by_now(self._here().filter(pk__in=message_ids)), 0
        # No more than there are: nobody looks again whether another one has come.
        while tried < len(message_ids):
            # A stream gives one message at a time, so go round until nothing is due.
            some = self._do_together(here.filter(kind__in=self._effects), len(message_ids) - tried)
            some = some or self._do_apart(here.exclude(kind__in=self._effects), 1)
            if not some:
                break
            tried += some
        return tried

    def make_calls(self, message_ids: Collection[int]) -> int:
        """Do those of the messages that are for other machines and due, in one pass. The number tried."""
        return self._make_calls(self._away().filter(pk__in=message_ids))

    def do_due(self, limit: int | None = None) -> int:
        """Do whatever is due, up to ``limit`` messages, in one pass. The number tried."""
        tried = self._do_effects(self._here(), limit)
        return tried + self._make_calls(self._away(), None if limit is None else limit - tried)

    def _here(self) -> "QuerySet[Message]":
        return self._model._default_manager.filter(destination=HERE)

    def _away(self) -> "QuerySet[Message]":
        return self._model._default_manager.exclude(destination=HERE)

    def _do_effects(self, queryset: "QuerySet[Message]", limit: int | None = None) -> int:
        tried, queryset = 0, _due_by_now(queryset)
        while limit is None or tried < limit:
            room = BATCH if limit is None else min(BATCH, limit - tried)
            some = self._do_apart(queryset.filter(kind__in=self._effects), room)
            # A lease has to outlast what strangers do with one of them, and not with all those before it as well.
            some = some or self._do_apart(queryset.exclude(kind__in=self._effects), 1)
            if not some:
                break
            tried += some
        return tried

    def _do_together(self, queryset: "QuerySet[Message]", room: int) -> int:
        """
        Do some of the messages, of one change, in one transaction with their marks; how many.

        A process that dies in it has done and counted nothing: they are then done apart, each under its lease.
        """
        held: list[Message] = []
        failed: dict[int, Exception] = {}
        try:
            with transaction.atomic():
                held = outbox.hold(queryset, limit=room)
                for message in held:
                    self._do_or_undo(message, failed)
                outbox.mark_all_done([message for message in held if message.pk not in failed])
        except Exception as error:
            if not held:
                raise
            # The end of a transaction may refuse what one of them did: nothing was done, so each is for itself.
            logger.warning("Outbox messages are done apart: messages=%d error=%s", len(held), type(error).__name__)
            self._do_apart(queryset.filter(pk__in=[message.pk for message in held]), len(held))
        else:
            for message in held:
                self._tell(message, failed.get(message.pk))
        return len(held)

    def _do_or_undo(self, message: Message, failed: dict[int, Exception]) -> None:
        connection = transaction.get_connection()
        waiting = len(connection.run_on_commit)
        try:
            with transaction.atomic():
                self._effects[message.kind](message.payload)
        except Exception as error:
            failed[message.pk] = error
            self._mark_failed(message, error)
        # What the host does after commit for one effect, and fails, must not keep it from what it does for the others.
        hooks = connection.run_on_commit[waiting:]
        connection.run_on_commit[waiting:] = [(savepoints, hook, True) for savepoints, hook, _ in hooks]

    def _do_apart(self, queryset: "QuerySet[Message]", room: int) -> int:
        """Do some of the messages one after the other; how many."""
        claimed = outbox.claim(queryset, limit=room)
        for message in claimed:
            self._attempt(message)
        return len(claimed)

    def _make_calls(self, queryset: "QuerySet[Message]", limit: int | None = None) -> int:
        tried, away, queryset = 0, set[str](), _due_by_now(queryset)
        while limit is None or tried < limit:
            room = BATCH if limit is None else min(BATCH, limit - tried)
            due = outbox.due(queryset.exclude(destination__in=away), room)
            for message_id in due:
                # Each is claimed on its own: a lease has to outlast one call, and not all those before it as well.
                for message in outbox.claim(queryset.filter(pk=message_id).exclude(destination__in=away), limit=1):
                    tried += 1
                    error = self._attempt(message)
                    self._note(message, error)
                    if is_unreachable(error):
                        away.add(message.destination)
            if not due:
                break
        return tried

    def _attempt(self, message: Message) -> Exception | None:
        """Do it, and mark the message with what came of it; the error of one that failed."""
        try:
            self._do(message)
        except outbox.LeaseLost:
            self._count(message, LOST)
            logger.warning("Outbox message was taken over: message=%s kind=%s", message.pk, message.kind)
        except Exception as error:
            self._mark_failed(message, error)
            self._tell(message, error)
            return error
        else:
            self._tell(message, None)
        return None

    def _do(self, message: Message) -> None:
        if message.kind in self._effects:
            with transaction.atomic():
                self._effects[message.kind](message.payload)
                outbox.mark_done(message)
            return
        with deadline(CALL_TIME.total_seconds()):
            self._calls[message.kind](message.payload)
        outbox.mark_done(message)

    def _mark_failed(self, message: Message, error: Exception) -> None:
        patience = self._patience()
        if isinstance(error, DomainError) and _is_final(error):
            outbox.mark_dead(message, error.code)
        else:
            code = error.code if isinstance(error, DomainError) else type(error).__name__
            outbox.mark_failed(message, code, base=patience.base, max_age=patience.max_age)

    def _tell(self, message: Message, error: Exception | None) -> None:
        """Whoever counts, reads logs or waits for what came of a try."""
        self._count(message, FAILED if error and message.state == outbox.OutboxState.PENDING else message.state)
        if error is None:
            logger.info("Outbox message done: message=%s kind=%s", message.pk, message.kind)
            return
        code, state = message.error_code, message.state
        logger.warning(
            "Outbox message failed: message=%s kind=%s error=%s state=%s", message.pk, message.kind, code, state
        )
        if state == outbox.OutboxState.DEAD and message.kind in self._given_up:
            self._tell_given_up(message)

    def _count(self, message: Message, outcome: str) -> None:
        known = message.kind in self._effects or message.kind in self._calls
        DELIVERIES.labels(self._model._meta.app_label, message.kind if known else UNKNOWN, outcome).inc()

    def _note(self, message: Message, error: Exception | None) -> None:
        if error is None:
            note_success(self._contacts, message.destination)
        else:
            note_failure(self._contacts, message.destination, message.error_code)

    def _tell_given_up(self, message: Message) -> None:
        try:
            self._given_up[message.kind](message.payload)
        # One message that fails never stops the others.
        except Exception as error:
            logger.error("Giving up a message failed: message=%s error=%s", message.pk, type(error).__name__)


def _due_by_now(messages: "QuerySet[Message]") -> "QuerySet[Message]":
    return messages.filter(due_at__lte=timezone.now())


def _is_final(error: DomainError) -> bool:
    return 400 <= error.http_status < 500 and error.http_status not in TRY_AGAIN
