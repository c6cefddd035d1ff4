"""Our copies of photos under a new key, a batch at a time, so that an old key can go."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from proctoring.common.crypto import DecryptionError
from verify_student.conf import config
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import PhotoKind, StoredPhoto
from verify_student.services.photos import storage
from verify_student.services.photos.keeping import FOLDER, associated

BATCH = 100


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a batch came to; ``last`` is the id to go on after, None at the end."""

    rotated: int
    failed: int
    last: int | None


def rotate(after: int = 0, limit: int = BATCH) -> Rotation:
    """Encrypt up to ``limit`` photos with an id above ``after`` under the first key. It may be broken off anywhere."""
    batch = list(_old().filter(pk__gt=after).select_related("verification").order_by("pk")[:limit])
    rotated = sum(_rotate(photo) for photo in batch)
    last = batch[-1].pk if len(batch) == limit else None
    return Rotation(rotated, len(batch) - rotated, last)


def waiting() -> int:
    """How many photos are under another key than the first."""
    return _old().count()


def _old() -> "QuerySet[StoredPhoto]":
    return StoredPhoto.objects.filter(deleted_at__isnull=True).exclude(key_id=config.keyring.primary)


def _rotate(photo: StoredPhoto) -> bool:
    bound_to = associated(photo.verification.receipt_id, PhotoKind(photo.kind))
    ring = config.keyring
    try:
        token = ring.rotate(storage.read(photo.name), bound_to)
    except (DecryptionError, PhotoNotAvailable):
        return False
    old_name = photo.name
    # A file of its own: whoever reads at this moment finds the old one until the row says otherwise.
    new_name = storage.write(f"{FOLDER}/{uuid.uuid4()}", token)
    claimed = StoredPhoto.objects.filter(pk=photo.pk, name=old_name, deleted_at__isnull=True)
    taken = claimed.update(name=new_name, key_id=ring.primary)
    storage.delete(old_name if taken else new_name)
    return True
