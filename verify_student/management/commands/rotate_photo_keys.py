"""``manage.py rotate_photo_keys``: our copies of photos under the newest key."""

from collections.abc import Iterable, Mapping
from typing import Any

from proctoring.common.batches import FAILED, Batch
from proctoring.common.commands import BatchCommand
from verify_student.services.photos import rotation


class Command(BatchCommand):
    """It may be broken off and called again: what has the new key is not looked at any more."""

    help = "Encrypt our copies of photos under the first of ENCRYPTION_KEYS, so that an older key can go."
    default_batch_size = rotation.BATCH

    def total(self, options: Mapping[str, Any]) -> int:
        return rotation.old().count()

    def batches(self, options: Mapping[str, Any]) -> Iterable[Batch]:
        if options["dry_run"]:
            return [Batch(0, {rotation.ROTATED: rotation.old().count()})]
        return rotation.rotate(options["batch_size"])

    def summary(self, counts: Mapping[str, int], options: Mapping[str, Any]) -> str:
        told = super().summary(counts, options)
        return f"{told} Keep the older keys until that is explained." if counts.get(FAILED) else told
