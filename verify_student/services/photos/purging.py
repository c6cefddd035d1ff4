"""Photos do not stay: deleted some time after the decision, and at once when a learner is retired (W39, W75)."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from proctoring.common.batches import FAILED, Batch, in_batches
from verify_student.conf import config
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import holds
from verify_student.services.photos import storage
from verify_student.services.photos.keeping import delete_files, digest_of
from verify_student.statuses import DECIDED
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

BATCH = 500
DELETED = "deleted"


class PhotosLeft(Exception):
    """Some photos could not be deleted, and have to be tried again."""


def due(now: datetime | None = None) -> "QuerySet[StoredPhoto]":
    """Photos whose verification was decided ``PHOTO_RETENTION_DAYS`` ago, and that need not stay."""
    now = now or timezone.now()
    return decided(now - timedelta(days=config.photo_retention_days), now)


def decided(before: datetime, now: datetime) -> "QuerySet[StoredPhoto]":
    """
    Photos whose verification was decided before. What a hold covers is not among them.

    The ID photo of an approval that still counts stays, because it may be used again, and so does one that is being
    used again; undecided photos stay.
    """
    old = StoredPhoto.objects.filter(
        deleted_at__isnull=True,
        verification__status__in=DECIDED,
        verification__status_changed__lt=before,
    ).exclude(kind=PhotoKind.PHOTO_ID, verification__status=Status.approved, verification__expiration_date__gt=now)
    undecided = SoftwareSecurePhotoVerification.objects.exclude(status__in=DECIDED)
    in_use = undecided.filter(copy_id_photo_from=OuterRef("verification"))
    return holds.free(old.exclude(Q(kind=PhotoKind.PHOTO_ID) & Exists(in_use)), "verification__user_id")


def undecided(before: datetime) -> "QuerySet[StoredPhoto]":
    """Photos that were taken before, and on which nobody ever decided."""
    waiting = StoredPhoto.objects.filter(deleted_at__isnull=True, created_at__lt=before)
    return holds.free(waiting.exclude(verification__status__in=DECIDED), "verification__user_id")


def purge_each(now: datetime | None = None, batch_size: int = BATCH) -> Iterator[Batch]:
    """Delete the files of the photos that are :func:`due`, as :func:`purge` does."""
    now = now or timezone.now()
    return purge(due(now), batch_size, now)


def purge(rows: "QuerySet[StoredPhoto]", batch_size: int = BATCH, now: datetime | None = None) -> Iterator[Batch]:
    """
    Delete the files of these photos. Talks to the storage, so never within a transaction.

    One that cannot be deleted keeps nobody else's photo, and is tried again by the next run.
    """
    now = now or timezone.now()
    for photos in in_batches(rows, batch_size):
        # Files take their time: each is asked for anew, because a hold may have come meanwhile.
        still = (photo for photo in photos if rows.filter(pk=photo.pk).exists())
        deleted = _delete(still, now)
        failed = 0
        if deleted < len(photos):
            # Those that another worker has deleted meanwhile, or that are held now, need no further try.
            failed = rows.filter(pk__in=[photo.pk for photo in photos]).count()
        yield Batch(len(photos), +Counter({DELETED: deleted, FAILED: failed}), photos[-1].pk)


def purge_due(now: datetime | None = None, batch_size: int = BATCH) -> int:
    """As :func:`purge_each`; the number deleted."""
    return sum(batch.counts.get(DELETED, 0) for batch in purge_each(now, batch_size))


def erase(user_id: int) -> int:
    """
    Delete every photo of a learner, vendors' copies of old releases too; the number of photos of ours.

    Talks to the storage, so never within a transaction. Raises ``PhotosLeft`` where something could not be deleted, or
    a hold has come meanwhile.
    """
    photos = StoredPhoto.objects.filter(verification__user_id=user_id, deleted_at__isnull=True)
    deleted = _delete((photo for photo in photos.order_by("pk") if not holds.cover(user_id)), timezone.now())
    without_rows = SoftwareSecurePhotoVerification.objects.filter(user_id=user_id, photos__isnull=True)
    receipts = without_rows.values_list("receipt_id", flat=True)
    names = (f"{kind}/{receipt_id}" for receipt_id in receipts for kind in PhotoKind.values)
    outcomes = [not holds.cover(user_id) and storage.delete(name) for name in names]
    if photos.exists() or not all(outcomes):
        raise PhotosLeft
    return deleted


def _delete(photos: Iterable[StoredPhoto], now: datetime) -> int:
    """The row goes on saying that there was a photo; one whose file cannot be deleted is tried again next time."""
    return sum(_is_deleted(photo, now) for photo in photos)


def _is_deleted(photo: StoredPhoto, now: datetime) -> bool:
    try:
        digest = photo.sha256 or _digest(photo)
        return delete_files(photo) and _mark_deleted(photo, now, digest)
    # Whatever it is: this photo waits for the next run, and no other one does.
    except Exception as error:
        logger.error("A photo could not be deleted: photo=%s error=%s", photo.pk, type(error).__name__)
        return False


def _digest(photo: StoredPhoto) -> str:
    """Of a photo of an older release; empty where the file is gone already."""
    try:
        return digest_of(storage.read(photo.name))
    except PhotoNotAvailable:
        return ""


def _mark_deleted(photo: StoredPhoto, now: datetime, digest: str) -> bool:
    # The file may have been exchanged for one under another key meanwhile: then that one is still there.
    same = StoredPhoto.objects.filter(pk=photo.pk, name=photo.name)
    return bool(same.update(name="", vendor_name="", deleted_at=now, sha256=digest))
