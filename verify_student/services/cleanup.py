"""What staff vouched for, of learners who were retired before that was deleted with them (contract §7.7)."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from proctoring.common.batches import Batch, in_batches, together
from verify_student import lms
from verify_student.models import ManualVerification
from verify_student.services import retirement

logger = logging.getLogger(__name__)

DELETED, KEPT = "deleted", "kept"
Work = Callable[[Sequence[int]], Mapping[str, int]]


def erase(size: int) -> Iterator[Batch]:
    """
    Blank and delete the rows of retired learners, those of a batch in one transaction. Whom the host does not call
    retired keeps them: also a learner who has only asked for it, and may still change their mind (W72).
    """
    return _batches(size, lambda ids: {DELETED: retirement.erase_vouched(ids)})


def rehearse(size: int) -> Iterator[Batch]:
    """What :func:`erase` would come to."""
    return _batches(size, lambda ids: {DELETED: len(ids)})


def _batches(size: int, work: Work) -> Iterator[Batch]:
    for rows in in_batches(ManualVerification.objects.only("pk", "user_id"), size):
        retired = lms.people().retired_user_ids({row.user_id for row in rows})
        ids = [row.pk for row in rows if row.user_id in retired]
        counts = together(ids, work, _log_failure) + Counter({KEPT: len(rows) - len(ids)})
        yield Batch(len(rows), counts, last=rows[-1].pk)


def _log_failure(verification_id: int, error: Exception) -> None:
    logger.error("Deleting failed: manual verification=%s error=%s", verification_id, type(error).__name__)
