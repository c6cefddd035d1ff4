"""
Applying what lies in an inbox: each delivery once, in one transaction with the mark that it was applied.

What cannot be right is refused; what we could not handle fails, and is tried again. Both stay, and can be replayed.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Generic, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from proctoring.common import inbox
from proctoring.common.batches import FAILED
from proctoring.common.errors import DomainError
from proctoring.common.inbox import AbstractInboxDelivery, InboxState

logger = logging.getLogger(__name__)

APPLIED, APPLIED_BEFORE = "applied", "applied before"
# What has had no effect, and will have none by itself; the rest is being applied, or has been.
WITHOUT_EFFECT = (InboxState.FAILED, InboxState.REFUSED)

Delivery = TypeVar("Delivery", bound=AbstractInboxDelivery)


class Receiver(Generic[Delivery]):
    """
    Works through the inbox ``model``. ``apply`` does what a delivery says, and returns what is worth saying of that,
    mostly nothing; a ``DomainError`` of it refuses the delivery. ``not_handled`` is the error of a failure on our side,
    and ``noun`` what the log calls a delivery.
    """

    def __init__(
        self, model: type[Delivery], apply: Callable[[Delivery], str], *, not_handled: type[DomainError], noun: str
    ) -> None:
        self._model = model
        self._apply = apply
        self._not_handled = not_handled
        self.noun = noun

    def handle(self, delivery: Delivery) -> Delivery:
        """
        Apply a delivery unless it has been applied; the row as it is now.

        Raises the ``DomainError`` of one that is refused, and ``not_handled``; it is marked either way.
        """
        try:
            with transaction.atomic():
                held = inbox.lock(delivery)
                if held.state != InboxState.APPLIED:
                    inbox.mark(held, InboxState.APPLIED, self._apply(held))
                return held
        except DomainError as error:
            self._mark(delivery, InboxState.REFUSED, error.code)
            raise
        except Exception as error:
            self._mark(delivery, InboxState.FAILED, type(error).__name__)
            logger.error(
                "A %s could not be applied: delivery=%s error=%s", self.noun, delivery.pk, type(error).__name__
            )
            raise self._not_handled from error

    def apply_due(self, limit: int) -> int:
        """Apply what was received and never handled, or failed on our side, up to ``limit``. The number tried."""
        due = inbox.due(self._model)[:limit]
        return self.handle_each(delivery for delivery in due if inbox.claim(delivery)).total()

    def handle_each(self, deliveries: Iterable[Delivery]) -> Counter[str]:
        """Apply deliveries; counted by outcome. One that fails never stops the others."""
        return Counter(self._outcome(delivery) for delivery in deliveries)

    def kept(
        self, state: str, since: datetime | None = None, until: datetime | None = None, source: str | None = None
    ) -> "QuerySet[Delivery]":
        """Deliveries in ``state``; those that came in a span of time, both ends included, from ``source``."""
        wanted = {"state": state, "received_at__gte": since, "received_at__lte": until, "source": source or None}
        return self._listed().filter(**{name: value for name, value in wanted.items() if value is not None})

    def by_id(self, ids: Collection[int]) -> list[Delivery]:
        """Those of the deliveries that there are, oldest first."""
        return list(self._listed().filter(pk__in=ids).order_by("pk"))

    def has_heard_of(self, source: str) -> bool:
        """Whether anything is kept of this source."""
        return self._model._default_manager.filter(source=source).exists()

    def _listed(self) -> "QuerySet[Delivery]":
        """Without bodies, which are read one by one, under the lock."""
        return self._model._default_manager.defer("body")

    def _outcome(self, delivery: Delivery) -> str:
        if delivery.state == InboxState.APPLIED:
            return APPLIED_BEFORE
        try:
            self.handle(delivery)
        except DomainError as error:
            logger.warning("A kept %s is still not applied: delivery=%s code=%s", self.noun, delivery.pk, error.code)
            return FAILED
        except Exception as error:
            # It may have been deleted meanwhile.
            logger.error("A kept %s is gone: delivery=%s error=%s", self.noun, delivery.pk, type(error).__name__)
            return FAILED
        return APPLIED

    def _mark(self, delivery: Delivery, state: InboxState, error_code: str) -> None:
        with transaction.atomic():
            held = inbox.lock(delivery)
            # Another worker may have come next and have had more luck: what is applied stays applied.
            if held.state != InboxState.APPLIED:
                inbox.mark(held, state, error_code)
