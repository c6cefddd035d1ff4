"""
Doing what waits in the outbox: effects on the LMS, mail, word to support, calls of vendors.

How it is done, and tried again, is ``common.courier``; a vendor that could not be reached is left alone for the rest of
the pass (contract since_6_1.md 6).
"""

from collections.abc import Collection
from datetime import timedelta

from proctoring.common.courier import Courier, Patience
from proctoring.conf import config
from proctoring.models import Contact, OutboxMessage
from proctoring.services import (
    attempts,
    consequences,
    mail,
    reconciliation,
    registration,
    removal,
    retirement,
    support,
    vendors,
)


def _patience() -> Patience:
    return Patience(
        base=timedelta(seconds=config.outbox_retry_base_seconds), max_age=timedelta(hours=config.outbox_max_age_hours)
    )


_courier = Courier(
    OutboxMessage,
    effects={
        **consequences.HANDLERS,
        "decline.others": attempts.decline_others,
        "onboarding.clear": removal.clear_onboarding_errors,
    },
    calls={
        mail.KIND: mail.send_status_email,
        support.KIND: support.notify,
        support.MISSING_KIND: support.notify_missing,
        reconciliation.KIND: reconciliation.ask,
        registration.KIND: registration.complete,
        retirement.KIND: retirement.ask_vendor,
        **vendors.HANDLERS,
    },
    patience=_patience,
    contacts=Contact,
)


def kinds() -> list[str]:
    """The kinds of messages that there are."""
    return _courier.kinds


def deliver_lms_effects(message_ids: Collection[int]) -> int:
    """Do those of the messages that are effects on the LMS and due. The number tried."""
    return _courier.do_effects(message_ids)


def deliver_remote(message_ids: Collection[int]) -> int:
    """Do those of the messages that are for other machines and due, in one pass. The number tried."""
    return _courier.make_calls(message_ids)


def deliver_due(limit: int | None = None) -> int:
    """Do whatever is due, up to ``limit`` messages, in one pass. The number tried."""
    return _courier.do_due(limit)
