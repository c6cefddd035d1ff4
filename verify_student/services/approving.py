"""
Approving learners' waiting photo verifications in bulk (contract §7.1).

Of a learner's verifications the newest one is approved; older ones that wait as well are left alone (W68).
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from proctoring.common.batches import FAILED, Batch, chunked, with_end
from verify_student.conf import config
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import transitions, verifications
from verify_student.statuses import WAITING, Actor
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification
Missing = Callable[[int], Any]

SERVICE = "idv_verifications command"
APPROVED, BEFORE, OLDER = "approved", "approved before", "older ones left waiting"


def approve(user_ids: Iterable[int], size: int, missing: Missing) -> Iterator[Batch]:
    """
    Approve the waiting verifications of the learners; ``missing`` is told of each who has none, and of those that
    failed. One query finds the verifications of ``size`` learners.

    Each approval is committed on its own, with its mail and everything else that follows: nobody waits for the others.
    Learners whom an earlier run has approved are counted as such, so that a run that was broken off can be repeated.
    """
    return _batches(user_ids, size, missing, _approved)


def rehearse(user_ids: Iterable[int], size: int, missing: Missing) -> Iterator[Batch]:
    """What :func:`approve` would come to."""
    return _batches(user_ids, size, missing, lambda verification: True)


def _batches(
    user_ids: Iterable[int], size: int, missing: Missing, work: Callable[[Verification], bool]
) -> Iterator[Batch]:
    for chunk, is_final in with_end(chunked(user_ids, size)):
        found = _found(chunk)
        counts: Counter[str] = Counter()
        for user_id in dict.fromkeys(chunk):
            rows = found.get(user_id, [])
            outcome = _outcome(rows, work)
            counts[outcome] += 1
            if outcome == FAILED:
                logger.info("Not approved: user=%s", user_id)
                missing(user_id)
            counts[OLDER] += sum(other.status in WAITING for other in rows[1:])
        yield Batch(len(chunk), +counts, is_final=is_final)


def _found(user_ids: Collection[int]) -> dict[int, list[Verification]]:
    """Each learner's verifications that wait, or have been approved, newest first."""
    since = timezone.now() - config.validity
    rows = Verification.objects.filter(
        user_id__in=user_ids, status__in=WAITING | {Status.approved}, created_at__gte=since
    )
    found: dict[int, list[Verification]] = {}
    for row in rows.only("user_id", "status", "reviewing_service").order_by("-created_at", "-pk"):
        found.setdefault(row.user_id, []).append(row)
    return found


def _outcome(rows: Sequence[Verification], work: Callable[[Verification], bool]) -> str:
    newest = next(iter(rows), None)
    if newest is None:
        return FAILED
    if newest.status == Status.approved:
        return BEFORE if newest.reviewing_service == SERVICE else FAILED
    return APPROVED if work(newest) else FAILED


def _approved(verification: Verification) -> bool:
    try:
        with transaction.atomic():
            # What has been decided since it was read stays.
            verifications.require(transitions.locked(verification.pk), *WAITING)
            verifications.approve(verification.pk, actor=Actor.SYSTEM, service=SERVICE)
    except Exception as error:  # whatever it is, it stops nobody else's approval
        logger.error("Approving failed: verification=%s error=%s", verification.pk, type(error).__name__)
        return False
    return True
