"""Handing in one step at a time, as callers of the verification's own methods do (contract §1.7)."""

import logging

from django.db import transaction

from verify_student.backends import provider_named
from verify_student.conf import config
from verify_student.models import OutboxMessage, PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import photos, submission, transitions, verifications
from verify_student.services.photos import VendorKey, leftovers
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification


def take_face(verification: Verification, content: bytes) -> None:
    """Keep the photo of the learner; one that was there before goes. Nothing at all in auto-verify test mode."""
    verifications.require(verification, Status.created)
    if not config.auto_verify_for_testing:
        key = photos.face_key() if _wants_copies(verification) else None
        _keep(verification, PhotoKind.FACE, content, key)


def take_photo_id(verification: Verification, content: bytes) -> None:
    """Keep the photo of the ID; one that was there before goes. In auto-verify test mode only a key that is none."""
    verifications.require(verification, Status.created)
    if config.auto_verify_for_testing:
        verification.photo_id_key = submission.TEST_KEY
        _save(verification)
        return
    key = photos.fresh_id_key() if _wants_copies(verification) else None
    verification.photo_id_key = key.wrapped if key else ""
    _keep(verification, PhotoKind.PHOTO_ID, content, key)


def ask_provider(verification: Verification, copy_from: Verification | None) -> None:
    """
    Ask for a review, with the ID photo of ``copy_from`` where that is given (W1, W2). Nobody is asked in auto-verify
    test mode. Raises ``VerificationException``.
    """
    verifications.require(verification, Status.ready, Status.must_retry, Status.submitted)
    if config.auto_verify_for_testing:
        verifications.submitted(verification.pk)
        return
    with transaction.atomic():
        if copy_from is not None:
            transitions.write(verification, {"copy_id_photo_from": copy_from})
        submission.resubmit(verification.pk)


def ask_or_wait(verification: Verification, copy_from: Verification | None) -> None:
    """As :func:`ask_provider`; where that fails, the verification waits for a new try."""
    try:
        ask_provider(verification, copy_from)
    except Exception as error:
        logger.error("A request could not be queued: verification=%s error=%s", verification.pk, type(error).__name__)
        verifications.must_retry(verification.pk)


def _wants_copies(verification: Verification) -> bool:
    verification.provider = verification.provider or config.provider
    return provider_named(verification.provider).wants_copies


def _keep(verification: Verification, kind: PhotoKind, content: bytes, key: VendorKey | None) -> None:
    photo, name = photos.decode_file(content), photos.new_name()
    word = leftovers.leave_word([name, *([photos.copy_name(verification.receipt_id, kind)] if key else [])])
    try:
        kept = photos.keep(verification.receipt_id, kind, photo, name=name, vendor_key=key)
        replaced = _commit(verification, kept, word)
    except BaseException:
        leftovers.clear(word)
        raise
    photos.discard(replaced)


def _commit(verification: Verification, kept: StoredPhoto, word: OutboxMessage) -> list[StoredPhoto]:
    """Save both rows; the photo whose place is taken, with those of its files that are left."""
    with transaction.atomic():
        leftovers.take_back(word)
        _save(verification)
        replaced = StoredPhoto.objects.select_for_update().filter(verification=verification, kind=kept.kind).first()
        kept.verification = verification
        if replaced is None:
            kept.save(force_insert=True)
            return []
        kept.pk = replaced.pk
        kept.save(force_update=True)
    if replaced.vendor_name == kept.vendor_name:
        # Some storages write over what has the name.
        replaced.vendor_name = ""
    return [replaced]


def _save(verification: Verification) -> None:
    """A verification is inserted with its first photo; later only what a photo changes is written."""
    if verification._state.adding:
        verification.save(force_insert=True)
    else:
        verification.save(update_fields=["photo_id_key", "provider", "updated_at"])
