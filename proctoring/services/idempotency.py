"""
Requests that are made twice and carried out once (docs/differences.rst).

No transaction is open while a request is carried out, because it may talk to vendors: what it did and the mark that it
was done are two commits. A process that dies between them leaves a claim that lapses, and the request may then be
carried out again.
"""

import hashlib
import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from proctoring.common.crypto import DecryptionError
from proctoring.common.idempotency import LEASE, AnswerState
from proctoring.conf import config
from proctoring.exceptions import (
    FirstAnswerLost,
    IdempotencyKeyMalformed,
    IdempotencyKeyReused,
    RequestAlreadyRunning,
)
from proctoring.models import IdempotentAnswer

logger = logging.getLogger(__name__)

MAX_KEY = 255


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A request: who makes it, under which key, and a digest of what it says.

    Raises ``IdempotencyKeyMalformed`` unless the key is 1 to 255 printable ASCII characters.
    """

    owner: str
    key: str
    digest: str

    def __post_init__(self) -> None:
        if not (1 <= len(self.key) <= MAX_KEY and self.key.isascii() and self.key.isprintable()):
            raise IdempotencyKeyMalformed

    @property
    def place(self) -> dict[str, str]:
        """Where it is kept. Keys that differ in case are different ones on every database."""
        return {"owner": self.owner, "key": hashlib.sha256(self.key.encode()).hexdigest()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller got."""

    code: int
    content_type: str
    body: bytes


def begin(asked: Asked) -> IdempotentAnswer:
    """
    A claim to carry the request out, or, where it was carried out before, the finished row.

    Raises ``RequestAlreadyRunning``, and ``IdempotencyKeyReused`` where the key belongs to another request.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(**asked.place, digest=asked.digest, claimed_at=now)
    except IntegrityError:
        return _known(asked, now)


def first_answer(finished: IdempotentAnswer) -> Answer:
    """What the first caller got. Raises ``FirstAnswerLost`` where the key that encrypted it is gone."""
    try:
        body = finished.opened(config.keyring)
    except DecryptionError:
        raise FirstAnswerLost from None
    return Answer(finished.code or 200, finished.content_type, body)


def keep(claim: IdempotentAnswer, answer: Answer) -> None:
    """The request was carried out, and this is the answer. A database that fails now costs the memory of it only."""
    sealed = claim.sealed(answer.body, config.keyring)
    try:
        with transaction.atomic():
            _held(claim).update(
                state=AnswerState.FINISHED, code=answer.code, content_type=answer.content_type, body=sealed
            )
    except DatabaseError as error:
        logger.error("An answer could not be kept: claim=%s error=%s", claim.pk, type(error).__name__)


def release(claim: IdempotentAnswer) -> None:
    """The request failed on our side; it may be made again."""
    _held(claim).delete()


def old(before: datetime) -> QuerySet[IdempotentAnswer]:
    """Answers to requests that were made before, oldest first."""
    return IdempotentAnswer.objects.filter(claimed_at__lte=before).order_by("claimed_at")


def _known(asked: Asked, now: datetime) -> IdempotentAnswer:
    row = IdempotentAnswer.objects.filter(**asked.place).first()
    if row is None:
        # It has just failed, or just been forgotten; whoever asks again will find the place free.
        raise RequestAlreadyRunning
    if row.claimed_at <= _oldest(now):
        return _taken(row, asked, now)
    if row.digest != asked.digest:
        raise IdempotencyKeyReused
    if row.state == AnswerState.FINISHED:
        return row
    if row.claimed_at > now - LEASE:
        raise RequestAlreadyRunning
    return _taken(row, asked, now)


def _taken(row: IdempotentAnswer, asked: Asked, now: datetime) -> IdempotentAnswer:
    """The row for a request of its own; of several who want it, one gets it."""
    claim = uuid.uuid4()
    mine = _held(row).update(
        claim=claim,
        digest=asked.digest,
        claimed_at=now,
        state=AnswerState.RUNNING,
        code=None,
        content_type="",
        body=None,
    )
    if not mine:
        raise RequestAlreadyRunning
    return IdempotentAnswer.objects.get(pk=row.pk, claim=claim)


def _held(claim: IdempotentAnswer) -> QuerySet[IdempotentAnswer]:
    return IdempotentAnswer.objects.filter(pk=claim.pk, claim=claim.claim)


def _oldest(now: datetime) -> datetime:
    return now - timedelta(hours=config.idempotency_hours)
