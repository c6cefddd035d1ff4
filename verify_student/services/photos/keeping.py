"""Our own copies of photos: encrypted with a key of ours, opened only for somebody who is named."""

import hashlib
import logging
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from proctoring.common.crypto import DecryptionError
from verify_student.conf import config
from verify_student.exceptions import InvalidImageData, PhotoNotAvailable
from verify_student.models import PhotoAccess, PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import audit
from verify_student.services.photos import storage, vendor
from verify_student.services.photos.decoding import Photo, decode_file
from verify_student.services.photos.vendor import VendorKey

logger = logging.getLogger(__name__)

FOLDER = "kept"


def new_name() -> str:
    """A name for our copy that no file has."""
    return f"{FOLDER}/{uuid.uuid4()}"


def keep(
    receipt_id: str, kind: PhotoKind, photo: Photo, *, name: str = "", vendor_key: VendorKey | None = None
) -> StoredPhoto:
    """
    Write a photo's files: our copy, as ``name`` where that is given, and with ``vendor_key`` the vendor's beside it.
    The row is not saved yet.

    Talks to the storage, so never within a transaction. What is not committed afterwards: :func:`discard`, or
    ``leftovers`` where word of it was left.
    """
    ring = config.keyring
    token = ring.encrypt(photo.content, associated(receipt_id, kind))
    kept = StoredPhoto(
        kind=kind,
        name=storage.write(name or new_name(), token),
        key_id=ring.primary,
        content_type=photo.content_type,
        size=len(photo.content),
        sha256=digest_of(token),
    )
    if vendor_key is not None:
        try:
            kept.vendor_name = vendor.write_copy(receipt_id, kind, photo, vendor_key)
        except Exception:
            discard([kept])
            raise
    return kept


def discard(photos: Iterable[StoredPhoto]) -> None:
    """Delete the files of photos that were never committed (W13). A file that stays is logged, never fatal."""
    for photo in photos:
        delete_files(photo)


def discard_after_commit(photo: StoredPhoto) -> None:
    """The row goes, with its verification or its learner: the files go once that is certain."""
    transaction.on_commit(lambda: discard([photo]))


def read(verification: SoftwareSecurePhotoVerification, kind: PhotoKind, *, by: Any, purpose: str) -> Photo:
    """
    A photo, for ``by`` who has been permitted to see it; that they looked is recorded before they do (W31).

    ``purpose`` is a short word for the record. Raises ``PhotoNotAvailable``.
    """
    source = _source(verification, kind)
    with transaction.atomic():
        PhotoAccess.objects.create(verification=verification, kind=kind, user=by, purpose=purpose)
        facts = {"kinds": [PhotoKind(kind).value], "purpose": audit.code(purpose)}
        audit.record("photo.looked_at", verification, actor=by, **facts)
    try:
        return _opened(source, kind)
    # Old releases took whatever was sent, and under keys that are no longer good.
    except (DecryptionError, ImproperlyConfigured, InvalidImageData) as error:
        logger.error(
            "A photo cannot be opened: verification=%s kind=%s error=%s",
            verification.pk,
            kind.value,
            type(error).__name__,
        )
        raise PhotoNotAvailable from None


def associated(receipt_id: str, kind: PhotoKind) -> bytes:
    """What binds a file to its verification: put in another's place, it does not open."""
    return f"{receipt_id}\0{PhotoKind(kind).value}".encode()


def digest_of(token: bytes) -> str:
    """By what a file can be known when it is gone."""
    return hashlib.sha256(token).hexdigest()


def delete_files(photo: StoredPhoto) -> bool:
    """Delete a photo's files; false where one could not be deleted."""
    outcomes = [storage.delete(name) for name in (photo.name, photo.vendor_name) if name]
    return all(outcomes)


def _source(verification: SoftwareSecurePhotoVerification, kind: PhotoKind) -> SoftwareSecurePhotoVerification:
    """The verification that has the photo: an ID photo that is used again lies with the earlier one (W32)."""
    if kind is PhotoKind.PHOTO_ID and verification.copy_id_photo_from is not None:
        return verification.copy_id_photo_from
    return verification


def _opened(verification: SoftwareSecurePhotoVerification, kind: PhotoKind) -> Photo:
    kept = StoredPhoto.objects.filter(verification=verification, kind=kind).first()
    if kept is not None and (kept.deleted_at is not None or not kept.name):
        raise PhotoNotAvailable
    if kept is None:
        # A row of an existing site: there is only the vendor's copy, which few sites can open.
        if not config.software_secure.get("RSA_PRIVATE_KEY"):
            raise PhotoNotAvailable
        content = storage.read(f"{kind.value}/{verification.receipt_id}")
        return decode_file(vendor.read_copy(verification, kind, content))
    content = config.keyring.decrypt(storage.read(kept.name), associated(verification.receipt_id, kind))
    return Photo(content, kept.content_type)
