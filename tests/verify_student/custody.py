"""Photos of verifications, as they are kept."""

from tests.verify_student.pictures import picture
from verify_student.models import PhotoKind
from verify_student.services import photos


def kept(verification, *kinds, content=None):
    """Photos of ours of the kinds, both by default."""
    for kind in kinds or PhotoKind:
        photo = photos.decode_file(content or picture())
        row = photos.keep(verification.receipt_id, kind, photo)
        row.verification = verification
        row.save()
    return verification


def kept_for_vendor(verification):
    """Photos with the vendor's copies beside them."""
    id_key = photos.fresh_id_key()
    for kind, key in [(PhotoKind.FACE, photos.face_key()), (PhotoKind.PHOTO_ID, id_key)]:
        row = photos.keep(verification.receipt_id, kind, photos.decode_file(picture()), vendor_key=key)
        row.verification = verification
        row.save()
    verification.photo_id_key = id_key.wrapped
    verification.save(update_fields=["photo_id_key"])
    return verification
