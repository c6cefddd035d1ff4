"""Our copies of photos under a new key, a batch at a time, so that an old key can go."""

import logging
from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, QuerySet

from proctoring.common.batches import FAILED, Batch, in_batches
from verify_student.conf import config
from verify_student.models import PhotoKind, StoredPhoto
from verify_student.services.photos import leftovers, storage
from verify_student.services.photos.keeping import associated, digest_of, new_name

logger = logging.getLogger(__name__)

BATCH = 100
ROTATED, GONE = "rotated", "deleted meanwhile"


def old() -> "QuerySet[StoredPhoto]":
    """Photos under another key than the first."""
    return StoredPhoto.objects.filter(deleted_at__isnull=True).exclude(key_id=config.keyring.primary)


def by_key() -> dict[str, int]:
    """How many photos lie under each key. One statement over those that were not deleted yet."""
    kept = StoredPhoto.objects.filter(deleted_at__isnull=True).order_by()
    return dict(kept.values_list("key_id").annotate(Count("pk")))


def rotate(batch_size: int = BATCH) -> Iterator[Batch]:
    """
    Encrypt the :func:`old` photos under the first key. It may be broken off anywhere, and called again.

    Talks to the storage, so never within a transaction.
    """
    for photos in in_batches(old().select_related("verification"), batch_size):
        yield Batch(len(photos), Counter(_outcome(photo) for photo in photos), photos[-1].pk)


def _outcome(photo: StoredPhoto) -> str:
    try:
        return ROTATED if _rotate(photo) else GONE
    # A file that cannot be read, a key that is gone, whatever the storage raises: the others can do without this one.
    except Exception as error:
        logger.error("A photo keeps its older key: photo=%s error=%s", photo.pk, type(error).__name__)
        return FAILED


def _rotate(photo: StoredPhoto) -> bool:
    """False where the photo was deleted, or somebody else rotated it, meanwhile."""
    bound_to = associated(photo.verification.receipt_id, PhotoKind(photo.kind))
    ring = config.keyring
    token = ring.rotate(storage.read(photo.name), bound_to)
    name = new_name()
    # Of the old file and the new one, one has no row in the end; also where this process does not see the end.
    word = leftovers.leave_word([photo.name, name])
    # A file of its own: whoever reads at this moment finds the old one until the row says otherwise.
    written = storage.write(name, token)
    claimed = StoredPhoto.objects.filter(pk=photo.pk, name=photo.name, deleted_at__isnull=True)
    taken = claimed.update(name=written, key_id=ring.primary, sha256=digest_of(token))
    leftovers.clear(word, [photo.name if taken else written])
    return bool(taken)
