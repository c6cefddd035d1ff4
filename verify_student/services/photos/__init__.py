"""Photos: taken in, kept, shown to whoever may see them, sent to a vendor, deleted in time (contract §2)."""

from verify_student.services.photos.decoding import Photo, decode, decode_file
from verify_student.services.photos.keeping import discard, discard_after_commit, keep, new_name, read
from verify_student.services.photos.presence import without_photos
from verify_student.services.photos.purging import PhotosLeft, erase, purge_due
from verify_student.services.photos.rotation import rotate
from verify_student.services.photos.vendor import VendorKey, copy_name, face_key, fresh_id_key, link, wrapped_face_key

__all__ = [
    "Photo",
    "PhotosLeft",
    "VendorKey",
    "copy_name",
    "decode",
    "decode_file",
    "discard",
    "discard_after_commit",
    "erase",
    "face_key",
    "fresh_id_key",
    "keep",
    "link",
    "new_name",
    "purge_due",
    "read",
    "rotate",
    "without_photos",
    "wrapped_face_key",
]
