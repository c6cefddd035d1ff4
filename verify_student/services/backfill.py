"""
Trust in an identity provider for learners who had signed in through it before it was trusted (contract §7.6).

What follows is written down with the verifications, and done by the task queue: whoever hears of it may be at work for
long, on every course of the learner, and a run that is broken off forgets nobody (W71).
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from proctoring.common.audit import Subject
from proctoring.common.audit.entries import AbstractAuditEntry
from proctoring.common.batches import Batch, together
from verify_student import lms
from verify_student.lms.types import SignOnProvider
from verify_student.models import OutboxMessage, SSOVerification
from verify_student.services import audit, outbox, sso, transitions
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

ANNOUNCE = "announce.sign_on"
VERIFIED, BEFORE = "verified", "verified before"
Work = Callable[[Sequence[Any]], Mapping[str, int]]


def backfill(provider_id: str, provider: SignOnProvider, size: int) -> Iterator[Batch]:
    """
    One verification for each learner who has a link to the provider, and none by single sign-on that counts.

    A batch of ``size`` links needs a constant number of reads, and is committed on its own.
    """
    return _batches(provider_id, size, partial(_verified, provider))


def rehearse(provider_id: str, size: int) -> Iterator[Batch]:
    """What :func:`backfill` would come to; a learner whose links are far apart may be counted twice."""
    return _batches(provider_id, size, lambda users: Counter({VERIFIED: len(users)}))


def _batches(provider_id: str, size: int, work: Work) -> Iterator[Batch]:
    after = 0
    while links := lms.sign_ons().get_links(provider_id, after, size):
        after = links[-1].id
        ids = {link.user_id for link in links}
        users = list(get_user_model()._default_manager.in_bulk(ids - _verified_ids(ids)).values())
        counts = together(users, work, _log_failure) + Counter({BEFORE: len(ids) - len(users)})
        yield Batch(len(links), +counts, last=after)


def _verified_ids(user_ids: Collection[int]) -> set[int]:
    """Those of the learners whom a verification by single sign-on still verifies; a past or denied one does not."""
    now = timezone.now()
    approved = SSOVerification.objects.filter(user_id__in=user_ids, status=Status.approved)
    return {row.user_id for row in approved if row.expiration_datetime >= now}


def _verified(provider: SignOnProvider, users: Sequence[Any]) -> Mapping[str, int]:
    names = lms.profiles().get_full_names(users)
    slug = provider.slug[: sso.SLUG_LENGTH]
    with transaction.atomic():
        # In the order of their ids: those who sign in meanwhile, and other runs, take turns.
        held = get_user_model()._default_manager.select_for_update().filter(pk__in=[user.pk for user in users])
        ids = list(held.order_by("pk").values_list("pk", flat=True))
        known = _verified_ids(ids)
        new = [pk for pk in ids if pk not in known]
        rows = [
            SSOVerification(
                user_id=pk,
                name=names.get(pk, "")[: sso.NAME_LENGTH],
                identity_provider_type=provider.type,
                identity_provider_slug=slug,
            )
            for pk in new
        ]
        transitions.made_many(rows, Status.approved)
        audit.write(_on_record(pk) for pk in new)
        outbox.write(_announcement(pk, slug) for pk in new)
    return {VERIFIED: len(new), BEFORE: len(users) - len(new)}


def _on_record(user_id: int) -> AbstractAuditEntry:
    # By the learner, as below.
    return audit.entry(
        "verification.decided", Subject("learner", user_id), to_status=audit.code(Status.approved), by="back-fill"
    )


def _announcement(user_id: int, slug: str) -> OutboxMessage:
    # By the learner: not every database tells the ids of rows that were inserted together.
    return OutboxMessage(kind=ANNOUNCE, destination=outbox.HOST, payload={"user_id": user_id, "slug": slug})


def _announce(payload: Mapping[str, Any]) -> None:
    made = SSOVerification.objects.select_related("user").filter(
        user_id=payload["user_id"], identity_provider_slug=payload["slug"], status=Status.approved
    )
    newest = made.order_by("-pk").first()
    if newest is not None:
        sso.announce_approval(newest, "back-fill")


def _log_failure(user: Any, error: Exception) -> None:
    logger.error("Back-filling failed: user=%s error=%s", user.pk, type(error).__name__)


HANDLERS: dict[str, Callable[[Mapping[str, Any]], None]] = {ANNOUNCE: _announce}
