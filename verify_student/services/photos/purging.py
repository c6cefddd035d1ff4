"""Photos do not stay: deleted some time after the decision, and at once when a learner is retired (W39, W75)."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from verify_student.conf import config
from verify_student.models import PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services.photos import storage
from verify_student.services.photos.keeping import delete_files
from verify_student.statuses import DECIDED
from verify_student.statuses import IDVerificationStatus as Status

BATCH = 500


def purge_due(now: datetime | None = None, limit: int = BATCH) -> int:
    """
    Delete the files of up to ``limit`` photos whose verification was decided ``PHOTO_RETENTION_DAYS`` ago; the number.

    The ID photo of an approval that still counts stays, because it may be used again; undecided photos stay.
    """
    now = now or timezone.now()
    before = now - timedelta(days=config.photo_retention_days)
    old = StoredPhoto.objects.filter(
        deleted_at__isnull=True,
        verification__status__in=DECIDED,
        verification__status_changed__lt=before,
    ).exclude(kind=PhotoKind.PHOTO_ID, verification__status=Status.approved, verification__expiration_date__gt=now)
    return _delete(old.order_by("pk")[:limit], now)


def erase(user_id: int) -> int:
    """
    Delete every photo of a learner, vendors' copies of old releases too; the number of photos of ours.

    Talks to the storage, so never within a transaction.
    """
    photos = StoredPhoto.objects.filter(verification__user_id=user_id, deleted_at__isnull=True)
    deleted = _delete(photos.order_by("pk"), timezone.now())
    without_rows = SoftwareSecurePhotoVerification.objects.filter(user_id=user_id, photos__isnull=True)
    for receipt_id in without_rows.values_list("receipt_id", flat=True):
        for kind in PhotoKind.values:
            storage.delete(f"{kind}/{receipt_id}")
    return deleted


def _delete(photos: "QuerySet[StoredPhoto]", now: datetime) -> int:
    """The row goes on saying that there was a photo; one whose file cannot be deleted is tried again next time."""
    gone = [photo.pk for photo in photos if delete_files(photo)]
    StoredPhoto.objects.filter(pk__in=gone).update(name="", vendor_name="", deleted_at=now)
    return len(gone)
