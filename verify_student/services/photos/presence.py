"""Whether a provider can still be asked about a verification: for many at once, without asking the storage."""

from collections.abc import Mapping, Sequence

from verify_student.models import PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto

Verification = SoftwareSecurePhotoVerification
Key = tuple[int, str]


def without_photos(rows: Sequence[Verification], wanting_copies: set[int]) -> set[int]:
    """
    Ids of those of ``rows`` of which a photo has been deleted; of ``wanting_copies``, whose provider looks at the
    vendor's copies, also where it never had one, or where the key of the ID photo is gone. One query; of rows of an
    existing site there is nothing but the key to go by.
    """
    sources = {row.pk: row.copy_id_photo_from or row for row in rows}
    known = _known({*sources, *(source.pk for source in sources.values())})
    return {row.pk for row in rows if _is_without(row, sources[row.pk], known, row.pk in wanting_copies)}


def _known(ids: set[int]) -> Mapping[Key, StoredPhoto]:
    photos = StoredPhoto.objects.filter(verification__in=ids)
    return {(photo.verification_id, photo.kind): photo for photo in photos}


def _is_without(row: Verification, source: Verification, known: Mapping[Key, StoredPhoto], wants_copies: bool) -> bool:
    photos = [known.get((row.pk, PhotoKind.FACE)), known.get((source.pk, PhotoKind.PHOTO_ID))]
    gone = any(photo.deleted_at is not None for photo in photos if photo is not None)
    if gone or not wants_copies:
        return gone
    return not source.photo_id_key or any(not photo.vendor_name for photo in photos if photo is not None)
