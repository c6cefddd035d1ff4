"""
Handing in photos: files first, then one transaction with the verification and the request to its provider (contract
§4.2; weaknesses W9, W12, W13, W16).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from verify_student import lms
from verify_student.backends import current_provider
from verify_student.backends.base import IdentityProvider
from verify_student.conf import config
from verify_student.exceptions import ProviderUnavailable, VerificationException, VerificationPending
from verify_student.models import OutboxMessage, PhotoKind, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.models.photos import new_receipt_id
from verify_student.services import outbox, photos, transitions, verifications
from verify_student.services.photos import Photo, VendorKey, leftovers
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

    Without ``photo_id`` the one of an earlier approval is used again. Handing in the same twice within minutes is
    handing in once. Talks to the photo storage, so never within a transaction. Raises ``VerificationPending`` while an
    earlier one is under way, ``VerificationException`` without any ID photo, and ``ProviderUnavailable``, also where
    photos cannot be kept.
    """
    sent = _Sent(face, photo_id, full_name)
    under_way = _under_way(user, sent)
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
    names = {kind: photos.new_name() for kind in sent.kinds}
    copies = [photos.copy_name(made.receipt_id, kind) for kind in names] if provider.wants_copies else []
    word = leftovers.leave_word([*names.values(), *copies])
    try:
        kept = _keep(made, provider, sent, names)
        committed = _commit(made, kept, sent, word)
    except BaseException:
        # Also of a commit that got no answer: only rows tell whether it was one.
        leftovers.clear(word)
        raise
    if committed.pk != made.pk:
        leftovers.clear(word)
    return committed


def earlier_id_photo(user: Any) -> Verification | None:
    """
    The approved verification whose ID photo the present provider can use again; None where there is none (W3).

    Raises ``ProviderUnavailable``.
    """
    provider = current_provider()
    earlier = Verification.get_initial_verification(user)
    if earlier is None or (provider.wants_copies and not earlier.photo_id_key):
        return None
    return earlier


def is_open(latest: Verification, now: datetime) -> bool:
    """
    Whether the learner, who handed in ``latest`` last, has to wait for it. What the provider did not take may be handed
    in anew; what nobody has answered for as long as an answer would count is under way no more.
    """
    taken = latest.is_under_way and latest.status != Status.must_retry
    return taken and latest.expiration_datetime > now


def resubmit(verification_id: int) -> None:
    """
    Ask the provider again, with fresh links (W4). Raises ``VerificationException`` for what is decided or not ready
    (W5), and where the learner has handed in anew since: nobody is reviewed twice.
    """
    with transaction.atomic():
        held = transitions.locked(verification_id)
        verifications.require(held, Status.ready, *WAITING)
        newer = Verification.objects.filter(user_id=held.user_id, pk__gt=held.pk).exclude(status=Status.created)
        if newer.exists():
            raise VerificationException
        if held.status == Status.submitted:
            verifications.must_retry(verification_id)
            held = transitions.locked(verification_id)
        _enqueue(held)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What the learner has sent."""

    face: Photo
    photo_id: Photo | None
    full_name: str = field(repr=False)

    @property
    def kinds(self) -> list[PhotoKind]:
        return [PhotoKind.FACE, PhotoKind.PHOTO_ID] if self.photo_id else [PhotoKind.FACE]

    def is_that_of(self, earlier: Verification) -> bool:
        """Whether it looks like what ``earlier`` was made of; of two photos by one camera the sizes differ."""
        now = {PhotoKind.FACE: self.face, PhotoKind.PHOTO_ID: self.photo_id}
        sizes = {kind.value: len(photo.content) for kind, photo in now.items() if photo and photo.content}
        before = dict(StoredPhoto.objects.filter(verification=earlier).values_list("kind", "size"))
        return sizes == before and self.full_name in {"", earlier.name}


def _under_way(user: Any, sent: _Sent) -> Verification | None:
    """
    What this learner handed in a moment ago, where that is ``sent``; it may have been decided meanwhile. Raises
    ``VerificationPending`` for what is something else, or has been under way for longer.
    """
    handed_in = Verification.objects.filter(user=user).exclude(status=Status.created)
    latest = handed_in.order_by("-created_at", "-pk").first()
    now = timezone.now()
    if latest is None or latest.status == Status.must_retry:
        return None
    if now - latest.created_at <= SAME_SUBMISSION and sent.is_that_of(latest):
        return latest
    if is_open(latest, now):
        raise VerificationPending
    return None


def _keep(
    made: Verification, provider: IdentityProvider, sent: _Sent, names: Mapping[PhotoKind, str]
) -> list[StoredPhoto]:
    """Write the photos' files. Raises ``ProviderUnavailable``."""
    face, photo_id = PhotoKind.FACE, PhotoKind.PHOTO_ID
    try:
        kept = [photos.keep(made.receipt_id, face, sent.face, name=names[face], vendor_key=_face_key(provider))]
        if sent.photo_id is not None:
            id_key = photos.fresh_id_key() if provider.wants_copies else None
            made.photo_id_key = id_key.wrapped if id_key else ""
            kept.append(photos.keep(made.receipt_id, photo_id, sent.photo_id, name=names[photo_id], vendor_key=id_key))
        return kept
    # Storages raise what their service's library raises, and keys may be missing: the learner can come back later.
    except Exception as error:
        logger.error("Photos cannot be kept: provider=%s error=%s", provider.name, type(error).__name__)
        raise ProviderUnavailable from error


def _face_key(provider: IdentityProvider) -> VendorKey | None:
    return photos.face_key() if provider.wants_copies else None


def _commit(made: Verification, kept: list[StoredPhoto], sent: _Sent, word: OutboxMessage) -> Verification:
    with transaction.atomic():
        # Two requests of one learner take turns here, so that the second one sees the first one's verification.
        get_user_model()._default_manager.select_for_update().get(pk=made.user_id)
        under_way = _under_way(made.user, sent)
        if under_way is not None:
            return under_way
        leftovers.take_back(word)
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
    # Of old releases nobody knows who reviewed; from now on it is whoever is asked, with the rules of their reviews.
    provider = held.provider or config.provider
    transitions.write(held, {"queued_at": timezone.now(), "provider": provider})
    outbox.write([outbox.call(SUBMIT, provider, held.pk)])


def _for_testing(user: Any, provider: IdentityProvider, full_name: str) -> Verification:
    """No photo is kept and nobody is asked (contract §2.9)."""
    with transaction.atomic():
        made = Verification.objects.create(
            user=user, name=full_name, provider=provider.name, photo_id_key=TEST_KEY, queued_at=timezone.now()
        )
        verifications.ready(made.pk, name=lms.profiles().get_full_name(user))
        outbox.write([outbox.mail(SUBMITTED_MAIL, made.pk)])
        return verifications.submitted(made.pk).verification
