"""Doing what waits in the outbox: requests to providers, mail, announcements to the host."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from proctoring.common.courier import Courier, Patience
from verify_student.backends import provider_named
from verify_student.backends.base import IdentityProvider
from verify_student.backends.types import PhotoRequest, ProviderRefused
from verify_student.conf import config
from verify_student.exceptions import VerificationBaseException
from verify_student.models import Contact, OutboxMessage, PhotoKind, SoftwareSecurePhotoVerification
from verify_student.services import backfill, consequences, mail, photos, retirement, verifications
from verify_student.services.photos import leftovers
from verify_student.services.submission import SUBMIT
from verify_student.statuses import IDVerificationStatus as Status

logger = logging.getLogger(__name__)

Verification = SoftwareSecurePhotoVerification
CALLBACK_ROUTE = "verify_student_results_callback"
TO_BE_ASKED = frozenset({Status.ready, Status.must_retry})


def submit_to_provider(payload: Mapping[str, Any]) -> None:
    """
    Ask the provider for a review, with links whose life begins now. What was decided or taken over meanwhile is left.

    A provider that refuses makes the verification wait for a new try of ours (contract §2.7); whatever else happens is
    raised, and tried again (W19).
    """
    found = Verification.objects.select_related("user", "copy_id_photo_from").filter(pk=payload["verification_id"])
    verification = found.first()
    if verification is None or verification.status not in TO_BE_ASKED:
        return
    provider = provider_named(verification.provider or config.provider)
    try:
        provider.submit(_request(verification, provider))
    except ProviderRefused as error:
        logger.error("A provider refused a verification: verification=%s http=%s", verification.pk, error.http_status)
        verifications.must_retry(verification.pk, _("The provider did not take the request."))
        return
    verifications.submitted(verification.pk)


def give_up_submission(payload: Mapping[str, Any]) -> None:
    """The provider could not be reached for a whole day: operators see it, and the learner goes on waiting."""
    logger.error("A verification could not be handed to its provider: verification=%s", payload["verification_id"])
    try:
        verifications.must_retry(payload["verification_id"], _("The provider could not be reached."))
    except VerificationBaseException as refusal:
        # Gone meanwhile, with its learner: nobody waits, and nobody else's message has to.
        logger.warning(
            "A verification waits no longer: verification=%s code=%s", payload["verification_id"], refusal.code
        )


def _request(verification: Verification, provider: IdentityProvider) -> PhotoRequest:
    known = {
        "receipt_id": verification.receipt_id,
        "name": verification.name,
        "callback_url": f"{config.site_root}{_callback_path()}",
    }
    if not provider.wants_copies:
        return PhotoRequest(**known)
    id_source = verification.copy_id_photo_from or verification
    return PhotoRequest(
        **known,
        face_link=photos.link(verification, PhotoKind.FACE),
        face_key=photos.face_key().wrapped,
        id_link=photos.link(id_source, PhotoKind.PHOTO_ID),
        id_key=id_source.photo_id_key,
    )


def _callback_path() -> str:
    try:
        return reverse(CALLBACK_ROUTE)
    except NoReverseMatch:
        # A worker's process may have the host's tasks and none of its addresses.
        return "/verify_student/results_callback"


def _patience() -> Patience:
    return Patience(
        base=timedelta(seconds=config.outbox_retry_base_seconds), max_age=timedelta(hours=config.outbox_max_age_hours)
    )


courier = Courier(
    OutboxMessage,
    effects={},
    calls={
        SUBMIT: submit_to_provider,
        **mail.HANDLERS,
        **retirement.HANDLERS,
        **leftovers.HANDLERS,
        **consequences.HANDLERS,
        **backfill.HANDLERS,
    },
    patience=_patience,
    contacts=Contact,
    given_up={SUBMIT: give_up_submission},
)
