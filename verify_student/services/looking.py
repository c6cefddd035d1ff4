"""Staff look at photos, and at what the vendor is sent of them; every look is on record (contract §4.4, W31)."""

import logging
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from verify_student.conf import config
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import PhotoAccess, PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import audit, photos
from verify_student.services.photos import Photo
from verify_student.statuses import HAS_PHOTOS

logger = logging.getLogger(__name__)

PURPOSE_OF_LINKS = "links"


def look(verification: SoftwareSecurePhotoVerification, kind: PhotoKind, *, by: Any, purpose: str) -> Photo:
    """A photo of a verification that was handed in (W32). Raises ``PhotoNotAvailable``."""
    if verification.status not in HAS_PHOTOS:
        raise PhotoNotAvailable
    return photos.read(verification, kind, by=by, purpose=purpose)


def visible(verification: SoftwareSecurePhotoVerification) -> frozenset[PhotoKind]:
    """The photos that there are to look at; one query at most."""
    if verification.status not in HAS_PHOTOS:
        return frozenset()
    source_of_id = verification.copy_id_photo_from_id or verification.pk
    rows = StoredPhoto.objects.filter(verification_id__in={verification.pk, source_of_id})
    known = {(row.verification_id, row.kind): row.deleted_at is None for row in rows}
    # Of old releases there is only the vendor's copy, which takes the vendor's private key.
    otherwise = bool(config.software_secure.get("RSA_PRIVATE_KEY"))
    sources = {PhotoKind.FACE: verification.pk, PhotoKind.PHOTO_ID: source_of_id}
    return frozenset(kind for kind, source in sources.items() if known.get((source, kind), otherwise))


def links(verification: SoftwareSecurePhotoVerification, *, by: Any) -> dict[str, str]:
    """
    The vendor's request without the address for the answer, with links whose life begins now (contract §2.5).

    That ``by`` asked is recorded like a look at both photos. Raises ``PhotoNotAvailable``.
    """
    document = _document(verification, verification.copy_id_photo_from or verification)
    with transaction.atomic():
        PhotoAccess.objects.bulk_create(
            PhotoAccess(verification=verification, kind=kind, user=by, purpose=PURPOSE_OF_LINKS) for kind in PhotoKind
        )
        kinds = [kind.value for kind in PhotoKind]
        audit.record("photo.looked_at", verification, actor=by, kinds=kinds, purpose=PURPOSE_OF_LINKS)
    return document


def _document(
    verification: SoftwareSecurePhotoVerification, id_source: SoftwareSecurePhotoVerification
) -> dict[str, str]:
    try:
        return {
            "EdX-ID": verification.receipt_id,
            "ExpectedName": verification.name,
            "PhotoID": photos.link(id_source, PhotoKind.PHOTO_ID),
            "PhotoIDKey": id_source.photo_id_key,
            "UserPhoto": photos.link(verification, PhotoKind.FACE),
            "UserPhotoKey": photos.face_key().wrapped,
        }
    except (ImproperlyConfigured, NotImplementedError) as error:
        # No keys, or a storage without addresses: there is nothing that a vendor could have been sent.
        logger.warning("No links can be made: verification=%s error=%s", verification.pk, type(error).__name__)
        raise PhotoNotAvailable from None
