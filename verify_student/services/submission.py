"""
Handing in photos: files first, then one transaction with the verification and the request to its provider (contract
§4.2; weaknesses W9, W12, W13, W16).
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from verify_student import lms
from verify_student.backends import current_provider
from verify_student.backends.base import IdentityProvider
from verify_student.conf import config
from verify_student.exceptions import VerificationException, VerificationPending
from verify_student.models import PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.models.photos import new_receipt_id
from verify_student.services import outbox, photos, transitions, verifications
from verify_student.services.photos import Photo, VendorKey
from verify_student.statuses import WAITING
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification

SUBMIT, SUBMITTED_MAIL = "provider.submit", "mail.submitted"
# A second click, or a browser that sends again what it believes lost.
SAME_SUBMISSION = timedelta(minutes=5)
TEST_KEY = "fake-photo-id-key"


def submit(user: Any, *, face: Photo, photo_id: Photo | None, full_name: str = "") -> Verification:
    """
    A new verification of ``user``, on its way to the provider.

    Without ``photo_id`` the one of an earlier approval is used again. Handing in twice within minutes is handing in
    once. Talks to the photo storage, so never within a transaction. Raises ``VerificationPending`` while an earlier one
    is under way, ``VerificationException`` without any ID photo, ``ProviderUnavailable``.
    """
    under_way = _under_way(user)
    if under_way is not None:
        return under_way
    provider = current_provider()
    earlier = None if photo_id else earlier_id_photo(user)
    if photo_id is None and earlier is None:
        raise VerificationException
    if config.auto_verify_for_testing:
        return _for_testing(user, provider, full_name)
    made = Verification(
        user=user, name=full_name, receipt_id=new_receipt_id(), provider=provider.name, copy_id_photo_from=earlier
    )
    kept: list[StoredPhoto] = []
    try:
        kept.extend(_keep(made, provider, face, photo_id))
        committed = _commit(made, kept)
    except BaseException:
        photos.discard(kept)
        raise
    if committed.pk != made.pk:
        photos.discard(kept)
    return committed


def earlier_id_photo(user: Any) -> Verification | None:
    """
    The approved verification whose ID photo the present provider can use again; None where there is none (W3).

    Raises ``ProviderUnavailable``.
    """
    earlier = Verification.get_initial_verification(user)
    if earlier is None or (current_provider().wants_copies and not earlier.photo_id_key):
        return None
    return earlier


def resubmit(verification_id: int) -> None:
    """
    Ask the provider again, with fresh links (W4). Raises ``VerificationException`` for what is decided, or not ready
    (W5).
    """
    with transaction.atomic():
        held = transitions.locked(verification_id)
        verifications.require(held, Status.ready, *WAITING)
        if held.status == Status.submitted:
            verifications.must_retry(verification_id)
            held = transitions.locked(verification_id)
        _enqueue(held)


def _under_way(user: Any) -> Verification | None:
    """
    What this learner handed in a moment ago. Raises ``VerificationPending`` for what has been under way for longer.
    """
    latest = Verification.objects.filter(user=user).order_by("-created_at", "-pk").first()
    if latest is None or not latest.is_under_way or latest.status == Status.must_retry:
        return None
    if timezone.now() - latest.created_at > SAME_SUBMISSION:
        raise VerificationPending
    return latest


def _keep(made: Verification, provider: IdentityProvider, face: Photo, photo_id: Photo | None) -> Iterator[StoredPhoto]:
    """Write the photos' files."""
    yield photos.keep(made.receipt_id, PhotoKind.FACE, face, vendor_key=_face_key(provider))
    if photo_id is not None:
        id_key = photos.fresh_id_key() if provider.wants_copies else None
        made.photo_id_key = id_key.wrapped if id_key else ""
        yield photos.keep(made.receipt_id, PhotoKind.PHOTO_ID, photo_id, vendor_key=id_key)


def _face_key(provider: IdentityProvider) -> VendorKey | None:
    return photos.face_key() if provider.wants_copies else None


def _commit(made: Verification, kept: list[StoredPhoto]) -> Verification:
    with transaction.atomic():
        # Two requests of one learner take turns here, so that the second one sees the first one's verification.
        get_user_model()._default_manager.select_for_update().get(pk=made.user_id)
        under_way = _under_way(made.user)
        if under_way is not None:
            return under_way
        made.save(force_insert=True)
        for photo in kept:
            photo.verification = made
            photo.save(force_insert=True)
        ready = verifications.ready(made.pk, name=lms.profiles().get_full_name(made.user)).verification
        _enqueue(ready)
        outbox.write([outbox.mail(SUBMITTED_MAIL, made.pk)])
    logger.info("Photos handed in: verification=%s provider=%s", made.pk, made.provider)
    return ready


def _enqueue(held: Verification) -> None:
    transitions.write(held, {"queued_at": timezone.now()})
    outbox.write([outbox.call(SUBMIT, held.provider or config.provider, held.pk)])


def _for_testing(user: Any, provider: IdentityProvider, full_name: str) -> Verification:
    """No photo is kept and nobody is asked (contract §2.9)."""
    with transaction.atomic():
        made = Verification.objects.create(
            user=user, name=full_name, provider=provider.name, photo_id_key=TEST_KEY, queued_at=timezone.now()
        )
        verifications.ready(made.pk, name=lms.profiles().get_full_name(user))
        outbox.write([outbox.mail(SUBMITTED_MAIL, made.pk)])
        return verifications.submitted(made.pk).verification
