"""
Reviews that do not come: after its vendor's usual time an attempt's review is asked for, and after twice that time
support hears of it, once.

A vendor that cannot be asked is not. What it answers enters through the inbox, like any message of a vendor's.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from proctoring.backends import configured_names, provider_named
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.common.inbox import Envelope
from proctoring.common.outbox import OutboxState
from proctoring.conf import config
from proctoring.exceptions import MalformedCallback
from proctoring.models import OutboxMessage, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.serializers import attempt_dict
from proctoring.services import inbox, support
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
KIND = "vendor.review"
SENDER = "asked"
BATCH = 500
# In times of the vendor's turnaround: when support hears of it, and when an attempt is left alone. A site that begins
# with years of unreviewed attempts does not want to hear of each.
TELL_AFTER, LEAVE_AFTER = 2, 4


@dataclass(frozen=True)
class _Vendor:
    """A vendor that reviews, and how long that takes it."""

    name: str
    plugin: ProctoringBackendProvider
    turnaround: timedelta

    @property
    def can_be_asked(self) -> bool:
        return type(self.plugin).get_review is not ProctoringBackendProvider.get_review


def ask_for_missing(batch_size: int = BATCH) -> int:
    """Write what is to be done about reviews that have not come, batch by batch; how many messages."""
    now = timezone.now()
    return sum(_about(vendor, batch, now) for vendor in _vendors() for batch in _batches(vendor, now, batch_size))


def ask(payload: Mapping[str, Any]) -> None:
    """Ask an attempt's vendor for its review. Raises what the plugin raises, and as ``inbox.receive``."""
    attempt = Attempt.objects.select_related("user", "proctored_exam").filter(pk=payload["attempt_id"]).first()
    if attempt is None or attempt.status != Status.submitted or attempt.external_id != payload["attempt"]:
        return
    review = provider_named(payload["backend"]).get_review(attempt_dict(attempt))
    if review is None:
        logger.info("A vendor was asked for a review and has none yet: attempt=%s", attempt.pk)
        return
    if not isinstance(review, Mapping):
        raise MalformedCallback
    inbox.receive(
        Envelope(
            source=payload["backend"],
            kind=inbox.ASKED_REVIEW,
            subject=payload["attempt"],
            body=json.dumps(review, sort_keys=True).encode(),
            sender=SENDER,
        )
    )


def _vendors() -> Iterator[_Vendor]:
    for name in configured_names():
        try:
            plugin = provider_named(name)
        except (NotImplementedError, ImproperlyConfigured):
            # `check` says what is wrong with it; the others are asked all the same.
            continue
        if plugin.review_turnaround_hours:
            yield _Vendor(name, plugin, timedelta(hours=plugin.review_turnaround_hours))


def _about(vendor: _Vendor, batch: list[Attempt], now: datetime) -> int:
    with transaction.atomic():
        # Held while the outbox is asked and filled: of two runs at once, the second sees what the first has written.
        ids = [attempt.pk for attempt in batch]
        held = Attempt.objects.filter(pk__in=ids, status=Status.submitted).select_for_update().order_by("pk")
        waiting = set(held.values_list("pk", flat=True))
        attempts = [attempt for attempt in batch if attempt.pk in waiting]
        messages = [*_questions(vendor, attempts, now), *_notifications(vendor, attempts, now)]
        # Not announced: whatever is due is done on the schedule.
        OutboxMessage.objects.bulk_create(messages)
    return len(messages)


def _unreviewed(vendor: _Vendor, now: datetime) -> "QuerySet[Attempt]":
    of_vendor = Q(proctored_exam__backend=vendor.name)
    if config.backends.get("DEFAULT") == vendor.name:
        of_vendor |= Q(proctored_exam__backend=None) | Q(proctored_exam__backend="")
    waiting = Attempt.objects.filter(
        of_vendor,
        status=Status.submitted,
        taking_as_proctored=True,
        proctored_exam__is_proctored=True,
        external_id__gt="",
        completed_at__lte=now - vendor.turnaround,
        completed_at__gt=now - LEAVE_AFTER * vendor.turnaround,
    )
    reviews = ProctoredExamSoftwareSecureReview.objects.filter(attempt_code=OuterRef("attempt_code"))
    waiting = waiting.exclude(Exists(reviews))
    # Where there is no onboarding, practice is practice, and nobody reviews it.
    return waiting if vendor.plugin.supports_onboarding else waiting.filter(is_sample_attempt=False)


def _batches(vendor: _Vendor, now: datetime, size: int) -> Iterator[list[Attempt]]:
    attempts, last = _unreviewed(vendor, now).select_related("proctored_exam").order_by("pk"), 0
    while batch := list(attempts.filter(pk__gt=last)[:size]):
        yield batch
        last = batch[-1].pk


def _questions(vendor: _Vendor, batch: list[Attempt], now: datetime) -> list[OutboxMessage]:
    """One for each attempt that was not asked about lately. In the stream of what the vendor hears of the attempt."""
    if not vendor.can_be_asked:
        return []
    messages = [_question(vendor, attempt) for attempt in batch]
    lately = now - timedelta(hours=config.review_request_interval_hours)
    asked = _streams(messages, Q(state=OutboxState.PENDING) | Q(created__gt=lately))
    return [message for message in messages if message.stream not in asked]


def _question(vendor: _Vendor, attempt: Attempt) -> OutboxMessage:
    payload = {
        "backend": vendor.name,
        "exam": attempt.proctored_exam.external_id,
        "attempt": attempt.external_id,
        "attempt_id": attempt.pk,
    }
    return OutboxMessage(kind=KIND, destination=vendor.name[:64], stream=f"vendor:{attempt.pk}", payload=payload)


def _notifications(vendor: _Vendor, batch: list[Attempt], now: datetime) -> list[OutboxMessage]:
    long_ago = now - TELL_AFTER * vendor.turnaround
    late = [attempt for attempt in batch if attempt.completed_at and attempt.completed_at <= long_ago]
    messages = [support.missing_review(attempt) for attempt in late]
    told = _streams(messages, Q())
    return [message for message in messages if message.stream not in told]


def _streams(messages: list[OutboxMessage], which: Q) -> set[str]:
    """The streams of those messages that are in the outbox already."""
    if not messages:
        return set()
    known = OutboxMessage.objects.filter(
        which, kind=messages[0].kind, stream__in=[message.stream for message in messages]
    )
    return set(known.values_list("stream", flat=True))
