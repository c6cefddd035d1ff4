"""
The outbox: what follows from a committed change, as rows that are done after commit, retried, and visible when they
fail.

A row is written in the transaction of the change it follows from. Later it is *claimed* (leased, so that a worker
that dies gives it back), done, and marked; what is done in one transaction with its mark is *held* instead, as long as
that takes. What fails waits with backoff and jitter; what is too old or refused for
good is a dead letter, which a person may send again. Rows with the same ``stream`` are done one after the other, in
the order of writing.
"""

import random
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connections, models, router, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proctoring.common.announce import Announcement, announce

LEASE = timedelta(minutes=2)
# The destination of what is done in our own database; all else is for other machines.
HERE = "lms"
MAX_RETRY_DELAY = timedelta(hours=1)
WRITE_BATCH = 500


class LeaseLost(Exception):
    """Somebody else has taken the message meanwhile; what was done for it must be undone or be harmless."""


class OutboxState(models.TextChoices):
    """Where a message stands."""

    PENDING = "pending", _("waiting")
    DONE = "done", _("done")
    DEAD = "dead", _("dead letter")


class AbstractOutboxMessage(models.Model):
    """
    One thing to do after commit. ``kind`` says what, ``payload`` with what (JSON); ``key`` is told to the receiving
    end, so that it can recognise a message that it has already had.

    ``stream`` orders messages among themselves (empty: no order); ``leased_until`` is when a claim lapses.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=64)
    destination = models.CharField(_("destination"), max_length=64, blank=True, default="")
    stream = models.CharField(max_length=64, blank=True, default="")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payload = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=16, choices=OutboxState.choices, default=OutboxState.PENDING)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("next try"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(_("last error"), max_length=128, blank=True, default="")
    created = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # Whether this try of it is counted with its mark, and not before.
    counted_late = False

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} ({self.state})"


def retry_delay(tries: int, base: timedelta, maximum: timedelta = MAX_RETRY_DELAY) -> timedelta:
    """Delay before try number ``tries`` + 1: doubling from ``base`` to ``maximum``, then between half and all of it."""
    doublings = min(max(tries - 1, 0), 30)
    whole: timedelta = min(base * 2**doublings, maximum)
    return whole * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret


Message = TypeVar("Message", bound=AbstractOutboxMessage)


def write(model: type[Message], filled: Announcement, messages: Iterable[Message]) -> list[int]:
    """
    Commit ``messages`` with the running transaction, and announce them by ``filled`` after it; their ids, in order.

    A few statements however many there are.
    """
    written = list(messages)
    if not written:
        return []
    model._default_manager.bulk_create(written, batch_size=WRITE_BATCH)
    if not connections[router.db_for_write(model)].features.can_return_rows_from_bulk_insert:
        _learn_ids(model, written)
    ids = [message.pk for message in written]
    announce(filled, model, message_ids=ids, **_by_place(written))
    return ids


def _learn_ids(model: type[Message], written: list[Message]) -> None:
    """Some databases do not say which ids they gave."""
    for start in range(0, len(written), WRITE_BATCH):
        some = {message.key: message for message in written[start : start + WRITE_BATCH]}
        for key, pk in model._default_manager.filter(key__in=some).values_list("key", "pk"):
            some[key].pk = pk


def claim(queryset: QuerySet[Message], *, limit: int, now: datetime | None = None) -> list[Message]:
    """
    Lease up to ``limit`` messages of ``queryset`` that are due, oldest first, at most one of each stream.

    Two workers never get the same message: rows are locked with SKIP LOCKED where the database has it, and taken by a
    conditional update everywhere. A claim counts as a try.
    """
    now = now or timezone.now()
    with transaction.atomic(using=queryset.db):
        candidates = _due(queryset, now)
        if connections[queryset.db].features.has_select_for_update_skip_locked:
            return _take_held(list(candidates.select_for_update(skip_locked=True)[:limit]), now)
        return [message for message in candidates[:limit] if _claim(message, now)]


def hold(queryset: QuerySet[Message], *, limit: int) -> list[Message]:
    """
    As :func:`claim`, for who does and marks the messages in the running transaction, and holds them until it ends.

    A try that never ends is not counted.
    """
    now = timezone.now()
    messages = _due(queryset, now)
    if connections[queryset.db].features.has_select_for_update_skip_locked:
        held = list(messages.select_for_update(skip_locked=True)[:limit])
    else:
        held = [message for message in messages[:limit] if _take(message, now, tries=message.tries)]
    for message in held:
        message.tries += 1
        message.counted_late = True
    return held


def due(queryset: QuerySet[Message], limit: int) -> list[int]:
    """Ids of up to ``limit`` messages of ``queryset`` that are due now, oldest first; to be claimed one by one."""
    return list(_due(queryset, timezone.now()).values_list("pk", flat=True)[:limit])


def _due(queryset: QuerySet[Message], now: datetime) -> QuerySet[Message]:
    earlier = queryset.model._default_manager.filter(
        stream=OuterRef("stream"), state=OutboxState.PENDING, pk__lt=OuterRef("pk")
    )
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    first_of_stream = Q(stream="") | ~Exists(earlier)
    return queryset.filter(free, first_of_stream, state=OutboxState.PENDING, due_at__lte=now).order_by("pk")


def _take_held(messages: list[Message], now: datetime) -> list[Message]:
    """All of them at once: nobody else can, as long as their rows are held."""
    if messages:
        mine = type(messages[0])._default_manager.filter(pk__in=[message.pk for message in messages])
        mine.update(leased_until=now + LEASE, tries=F("tries") + 1)
    for message in messages:
        message.tries += 1
        message.leased_until = now + LEASE
    return messages


def _claim(message: AbstractOutboxMessage, now: datetime) -> bool:
    if not _take(message, now, tries=message.tries + 1):
        return False
    message.tries += 1
    return True


def _take(message: AbstractOutboxMessage, now: datetime, *, tries: int) -> bool:
    if (
        not _stored([message], message.tries)
        .filter(leased_until=message.leased_until)
        .update(leased_until=now + LEASE, tries=tries)
    ):
        return False
    message.leased_until = now + LEASE
    return True


def mark_done(message: AbstractOutboxMessage) -> None:
    """The message has been carried out. Raises :class:`LeaseLost` where another worker has taken it over."""
    mark_all_done([message])


def mark_all_done(messages: Iterable[AbstractOutboxMessage]) -> None:
    """As :func:`mark_done`; raises where that is so of any of them, with others marked already."""
    alike: dict[int, list[AbstractOutboxMessage]] = {}
    for message in messages:
        alike.setdefault(message.tries, []).append(message)
    for some in alike.values():
        if _mark(some, state=OutboxState.DONE, error_code="", done_at=timezone.now()) != len(some):
            raise LeaseLost


def mark_failed(message: AbstractOutboxMessage, error_code: str, *, base: timedelta, max_age: timedelta) -> None:
    """The message failed: it waits for its next try, or is a dead letter once it is older than ``max_age``."""
    now = timezone.now()
    if now - message.created >= max_age:
        mark_dead(message, error_code)
    else:
        _mark([message], error_code=error_code[:128], due_at=now + retry_delay(message.tries, base))


def mark_dead(message: AbstractOutboxMessage, error_code: str) -> None:
    """The message will not be tried again unless a person says so."""
    _mark([message], state=OutboxState.DEAD, error_code=error_code[:128])


def revive(messages: QuerySet[Message]) -> int:
    """Send the dead letters of ``messages`` again, with the full span of retries before them; how many there were."""
    now = timezone.now()
    dead = messages.filter(state=OutboxState.DEAD)
    return dead.update(state=OutboxState.PENDING, tries=0, due_at=now, created=now, error_code="", leased_until=None)


def redeliver(model: type[Message], filled: Announcement, message_id: int) -> bool:
    """Send one dead letter again, and announce it by ``filled``. False where it is not dead (any more)."""
    messages = model._default_manager.filter(pk=message_id)
    if not revive(messages):
        return False
    announce(filled, model, message_ids=[message_id], **_by_place(messages))
    return True


def _by_place(messages: Iterable[Message]) -> dict[str, list[int]]:
    """Ids of what can be done now, ``here`` and ``away``: what is due later is found by whoever looks then."""
    now = timezone.now()
    places: dict[str, list[int]] = {"here": [], "away": []}
    for message in messages:
        if message.due_at <= now:
            places["here" if message.destination == HERE else "away"].append(message.pk)
    return places


def sent(queryset: QuerySet[Message], before: datetime) -> QuerySet[Message]:
    """Those of ``queryset`` that were done before, oldest first. Dead letters stay for people."""
    # The time it was due comes before that at which it was done, and has an index.
    return queryset.filter(state=OutboxState.DONE, due_at__lt=before, done_at__lt=before).order_by("due_at")


def _mark(alike: Sequence[AbstractOutboxMessage], **values: object) -> int:
    """Mark messages of as many tries each; how many were still ours."""
    tries = alike[0].tries
    stored = tries - 1 if alike[0].counted_late else tries
    marked = _stored(alike, stored).update(leased_until=None, tries=tries, **values)
    for message in alike:
        for name, value in values.items():
            setattr(message, name, value)
    return marked


def _stored(messages: Sequence[AbstractOutboxMessage], tries: int) -> "QuerySet[AbstractOutboxMessage]":
    """Those of the messages that wait, and have been tried so often."""
    waiting = type(messages[0])._default_manager.filter(state=OutboxState.PENDING, tries=tries)
    return waiting.filter(pk__in=[message.pk for message in messages])
