"""
Methods of a photo verification (contract §1.7). Each asks what the row in memory says, and then the database; the row
in memory is fresh afterwards. A move that is not allowed raises ``VerificationException``.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction

from verify_student import lms
from verify_student.conf import config
from verify_student.exceptions import PhotoNotAvailable
from verify_student.models import PhotoKind, SoftwareSecurePhotoVerification
from verify_student.services import handing_in, photos, reasons, transitions, verifications
from verify_student.statuses import DECIDED, HAS_PHOTOS, Actor
from verify_student.statuses import IDVerificationStatus as Status

Verification = SoftwareSecurePhotoVerification

DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class FakeResponse:
    """What the vendor would have answered, in auto-verify test mode."""

    status_code: int = 200
    ok: bool = True
    text: str = ""


def upload_face_image(self: Verification, img_data: bytes) -> None:
    """Keep the photo of the learner."""
    handing_in.take_face(self, img_data)


def upload_photo_id_image(self: Verification, img_data: bytes) -> None:
    """Keep the photo of the ID."""
    handing_in.take_photo_id(self, img_data)


def download_face_image(self: Verification) -> bytes | None:
    """The photo of the learner; None where it is gone or cannot be read."""
    return _download(self, PhotoKind.FACE)


def download_photo_id_image(self: Verification) -> bytes | None:
    """The photo of the ID; None where it is gone or cannot be read."""
    return _download(self, PhotoKind.PHOTO_ID)


def mark_ready(self: Verification) -> None:
    """The photos are there; a name that is still blank becomes the profile's."""
    verifications.require(self, Status.created)
    with transaction.atomic():
        if self._state.adding:
            self.save(force_insert=True)
        elif self.name:
            transitions.write(self, {"name": self.name})
        verifications.ready(self.pk, name=lms.profiles().get_full_name(self.user))
    self.refresh_from_db()


def submit(self: Verification, copy_id_photo_from: Verification | None = None) -> FakeResponse | None:
    """Have the provider asked, once the running transaction has committed."""
    handing_in.ask_provider(self, copy_id_photo_from)
    self.refresh_from_db()
    return FakeResponse() if config.auto_verify_for_testing else None


def mark_submit(self: Verification) -> None:
    """The provider has the request."""
    verifications.require(self, Status.ready, Status.must_retry)
    verifications.submitted(self.pk)
    self.refresh_from_db()


def mark_must_retry(self: Verification, error: str = "") -> None:
    """The request has to be made again; a blank ``error`` leaves what is known (W20)."""
    verifications.require(self, Status.ready, Status.must_retry, Status.submitted)
    if self.status != Status.must_retry:
        verifications.must_retry(self.pk, error)
        self.refresh_from_db()


def approve(self: Verification, user_id: Any = None, service: str = "") -> None:
    """``user_id`` is the reviewer, as a row or an id (W60)."""
    verifications.require(self, Status.submitted, Status.must_retry, *DECIDED)
    reviewer = _account(user_id)
    verifications.approve(self.pk, actor=_actor(reviewer), reviewer=reviewer, service=service)
    self.refresh_from_db()


def deny(
    self: Verification, error_msg: str, error_code: str = "", reviewing_user: Any = None, reviewing_service: str = ""
) -> None:
    """With reasons as the provider gives them; again with others replaces them."""
    verifications.require(self, Status.submitted, Status.must_retry, *DECIDED)
    reviewer = _account(reviewing_user)
    verifications.deny(
        self.pk, error_msg, actor=_actor(reviewer), code=error_code, reviewer=reviewer, service=reviewing_service
    )
    self.refresh_from_db()


def system_error(
    self: Verification, error_msg: str, error_code: str = "", reviewing_user: Any = None, reviewing_service: str = ""
) -> None:
    """The provider's system failed; what has been decided stays."""
    verifications.require(self, Status.submitted, Status.must_retry, *DECIDED)
    with transaction.atomic():
        outcome = verifications.system_error(self.pk, error_msg, code=error_code, service=reviewing_service)
        if outcome.changed:
            transitions.write(outcome.verification, {"reviewing_user": _account(reviewing_user)})
    self.refresh_from_db()


def parsed_error_msg(self: Verification) -> list[str]:
    """Codes of the reasons for a denial (contract §3.4)."""
    return reasons.codes_of(self.error_msg)


def _download(verification: Verification, kind: PhotoKind) -> bytes | None:
    verifications.require(verification, *HAS_PHOTOS)
    try:
        return photos.read(verification, kind, by=None, purpose=DOWNLOAD).content
    except PhotoNotAvailable:
        return None


def _account(given: Any) -> Any:
    if given is None or isinstance(given, models.Model):
        return given
    return get_user_model()._default_manager.get(pk=given)


def _actor(reviewer: Any) -> Actor:
    return Actor.SYSTEM if reviewer is None else Actor.STAFF
