"""Erasures on their way: begun once for each learner, kept waiting by a hold, and taken up again."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import connections, transaction

from proctoring.common.batches import in_batches
from proctoring.common.errors import DomainError
from proctoring.common.retention.erasures import AbstractPendingErasure

logger = logging.getLogger(__name__)

BATCH = 200

Pending = TypeVar("Pending", bound=AbstractPendingErasure)


def begun(model: type[Pending], user_id: int, asked_by: str) -> Pending:
    """The learner's row, a new one if need be, held until the running transaction ends: of two workers one erases."""
    rows = model._default_manager
    # Written before it is looked for, in a way that holds what is there: several who find nothing and then all write
    # wait for each other for good.
    has_target = connections[rows.db].features.supports_update_conflicts_with_target
    rows.bulk_create(
        [model(user_id=user_id, asked_by=asked_by)],
        update_conflicts=True,
        update_fields=["user_id"],
        unique_fields=["user_id"] if has_target else None,
    )
    return rows.select_for_update().get(user_id=user_id)


def held(erasure: AbstractPendingErasure, part: str, is_held: bool) -> bool:
    """Remember whether a hold is in the way of this part of what was asked for; the same."""
    if is_held != (part in erasure.parts):
        others = [one for one in erasure.parts if one != part]
        erasure.parts = [*others, part] if is_held else others
        erasure.is_held = bool(erasure.parts)
        erasure.save(update_fields=["parts", "is_held"])
    return is_held


def finish(erasure: AbstractPendingErasure) -> None:
    """What went is certified: only what a hold keeps is still to be done."""
    if not erasure.parts:
        erasure.delete()
        return
    erasure.erased = []
    erasure.save(update_fields=["erased", "withheld"])


def resume(model: type[Pending], work: Callable[[Pending], object]) -> int:
    """
    Try those that a hold has kept; how many were done. ``work`` does the row's parts, in a transaction: what fails half
    way is tried again as a whole. It raises ``DomainError`` where a hold still keeps all of it.
    """
    done = 0
    held_ones = model._default_manager.filter(is_held=True)
    for rows in in_batches(held_ones, BATCH):
        for row in rows:
            try:
                with transaction.atomic():
                    asked = held_ones.select_for_update().filter(pk=row.pk).first()
                    if asked is not None:
                        work(asked)
                        done += not held_ones.filter(pk=row.pk).exists()
            except DomainError:
                continue
            # Whatever it is: no other learner waits for it.
            except Exception as error:
                logger.error("An erasure failed: erasure=%s error=%s", row.pk, type(error).__name__)
    return done
