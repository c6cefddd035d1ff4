"""Erasures on their way: begun once for each learner, kept waiting by a hold, and taken up again."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

from proctoring.common.batches import in_batches
from proctoring.common.errors import DomainError
from proctoring.common.retention.erasures import AbstractPendingErasure

logger = logging.getLogger(__name__)

BATCH = 200

Pending = TypeVar("Pending", bound=AbstractPendingErasure)


def begun(model: type[Pending], user_id: int, asked_by: str) -> Pending:
    """The learner's row, a new one if need be, held until the running transaction ends: of two workers one erases."""
    rows = model._default_manager
    while True:
        row = rows.select_for_update().filter(user_id=user_id).first()
        if row is not None:
            return row
        try:
            with transaction.atomic():
                return rows.create(user_id=user_id, asked_by=asked_by)
        except IntegrityError:
            # Somebody else has just begun it: theirs is waited for.
            continue


def held(erasure: AbstractPendingErasure, is_held: bool) -> bool:
    """Remember whether a hold is in the way; the same."""
    if erasure.is_held != is_held:
        erasure.is_held = is_held
        erasure.save(update_fields=["is_held"])
    return is_held


def resume(model: type[Pending], work: Callable[[int], object]) -> int:
    """Try those that a hold has kept; how many were done. ``work`` raises ``DomainError`` where one still does."""
    done = 0
    for rows in in_batches(model._default_manager.filter(is_held=True), BATCH):
        for row in rows:
            try:
                work(row.user_id)
            except DomainError:
                continue
            # Whatever it is: no other learner waits for it.
            except Exception as error:
                logger.error("An erasure failed: erasure=%s error=%s", row.pk, type(error).__name__)
                continue
            done += 1
    return done
