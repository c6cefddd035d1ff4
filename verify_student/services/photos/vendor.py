"""
The vendor's copies of photos: encrypted as the vendor demands (contract §2.2-2.4; W35, W36 are the vendor's to mend).
"""

import base64
import os
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from proctoring.common import crypto
from verify_student.conf import config
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services.photos.decoding import Photo
from verify_student.services.photos.storage import storage, write

FACE_KEY_SIZE = ID_KEY_SIZE = 32


@dataclass(frozen=True, slots=True)
class VendorKey:
    """A key of the vendor's copies: its bytes, and the same wrapped for the vendor as the wire carries it."""

    value: bytes = field(repr=False)
    wrapped: str = field(repr=False)


def face_key() -> VendorKey:
    """The installation's key of faces. Raises ``ImproperlyConfigured``; 32 bytes are demanded (W37)."""
    try:
        value = bytes.fromhex(str(_setting("FACE_IMAGE_AES_KEY")))
    except ValueError:
        value = b""
    if len(value) != FACE_KEY_SIZE:
        raise ImproperlyConfigured('VERIFY_STUDENT["SOFTWARE_SECURE"]["FACE_IMAGE_AES_KEY"] has to be 64 hex digits.')
    return VendorKey(value, wrapped_face_key(value))


def wrapped_face_key(value: bytes) -> str:
    """The face key as the request carries it: one line of base64, other in every request."""
    return base64.b64encode(crypto.rsa_wrap(_setting("RSA_PUBLIC_KEY"), value)).decode()


def fresh_id_key() -> VendorKey:
    """A new key for one ID photo, wrapped in lines of 76 characters as its column holds it."""
    value = os.urandom(ID_KEY_SIZE)
    return VendorKey(value, crypto.encode_base64_lines(crypto.rsa_wrap(_setting("RSA_PUBLIC_KEY"), value)))


def copy_name(receipt_id: str, kind: PhotoKind) -> str:
    """The name of the vendor's copy, which the vendor's contract fixes."""
    return f"{kind.value}/{receipt_id}"


def write_copy(receipt_id: str, kind: PhotoKind, photo: Photo, key: VendorKey) -> str:
    """Store the vendor's copy under its name; the name it has."""
    return write(copy_name(receipt_id, kind), crypto.aes_cbc_encrypt(key.value, photo.content))


def link(verification: SoftwareSecurePhotoVerification, kind: PhotoKind) -> str:
    """
    Address from which the vendor fetches its copy; its life begins now (contract §2.3).

    Rows of an existing site have no ``StoredPhoto``: their copies have the name that the contract fixes. Raises
    ``PhotoNotAvailable`` where the vendor never had a copy, or it was deleted.
    """
    known = StoredPhoto.objects.filter(verification=verification, kind=kind).first()
    name = known.vendor_name if known else copy_name(verification.receipt_id, kind)
    if not name:
        raise PhotoNotAvailable
    address = _address(name)
    return address if "://" in address else f"{config.site_root}{address}"


def read_copy(verification: SoftwareSecurePhotoVerification, kind: PhotoKind, content: bytes) -> bytes:
    """
    The photo in a vendor's copy, for sites that hold the vendor's private key (contract §2.7).

    Raises ``DecryptionError`` and ``ImproperlyConfigured``.
    """
    if kind is PhotoKind.FACE:
        return crypto.aes_cbc_decrypt(face_key().value, content)
    try:
        wrapped = crypto.decode_base64(verification.photo_id_key)
    except ValueError:
        raise crypto.DecryptionError from None
    return crypto.aes_cbc_decrypt(crypto.rsa_unwrap(_setting("RSA_PRIVATE_KEY"), wrapped), content)


def _address(name: str) -> str:
    """Where the storage says the file is; for as long as the vendor has time, where links end (W34)."""
    where = storage()
    if "expire" not in signature(where.url).parameters:
        return where.url(name)
    lasting: Any = where
    return str(lasting.url(name, expire=SoftwareSecurePhotoVerification.IMAGE_LINK_DURATION))


def _setting(name: str) -> Any:
    value = config.software_secure.get(name)
    if not value:
        raise ImproperlyConfigured(f'VERIFY_STUDENT["SOFTWARE_SECURE"]["{name}"] is missing.')
    return value
