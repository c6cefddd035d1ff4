"""``manage.py purge_identity_data``: delete or blank what has been kept for its time, at once."""

from collections import Counter
from collections.abc import Iterable

from proctoring.common.batches import FAILED, Batch
from proctoring.common.retention.commands import PurgeCommand
from verify_student.services import retention


class Command(PurgeCommand):
    """What learners read about it is made from the same policies (docs/privacy.rst)."""

    policies = retention.POLICIES

    def purged(self, batches: Iterable[Batch]) -> Iterable[Batch]:
        counts: Counter[str] = Counter()
        for batch in batches:
            counts.update(batch.counts)
            yield batch
        counts.pop(FAILED, None)
        if counts:
            retention.purged(counts)
