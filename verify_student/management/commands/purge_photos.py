"""``manage.py purge_photos``: delete the photos whose time is over, at once rather than on schedule."""

from collections.abc import Iterable, Mapping
from typing import Any

from proctoring.common.batches import Batch
from proctoring.common.commands import BatchCommand
from verify_student.services.photos import purging


class Command(BatchCommand):
    """Photos of what is undecided, and ID photos that may be used again, stay. Rows of verifications always do."""

    help = "Delete photos of verifications that were decided VERIFY_STUDENT['PHOTO_RETENTION_DAYS'] ago."
    default_batch_size = purging.BATCH

    def total(self, options: Mapping[str, Any]) -> int:
        return purging.due().count()

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        if options["dry_run"]:
            return [Batch(0, {purging.DELETED: purging.due().count()})]
        return purging.purge_each(batch_size=options["batch_size"])
