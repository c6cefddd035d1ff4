"""What a learner sends, judged in the order and the words of contract §2.1, then handed in."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from verify_student import lms
from verify_student.conf import config
from verify_student.exceptions import InvalidImageData, UnsupportedImageFormat, VerificationBaseException
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import photos, submission
from verify_student.services.photos import Photo
from verify_student.services.photos.decoding import PREFIX

MAX_NAME = 255


class IdPhotoMissing(VerificationBaseException):
    """There is no ID photo, and none of an earlier approval."""

    code = "photo_id_missing"
    default_message = _("Photo ID image is required if the user does not have an initial verification attempt.")


class FacePhotoMissing(VerificationBaseException):
    code = "face_missing"
    default_message = _("Missing required parameter face_image")


class NameNotUsable(VerificationBaseException):
    """A name that no column can hold (W16)."""

    code = "name_not_usable"
    default_message = _("Name has to be a text of up to 255 characters.")


@dataclass(frozen=True, slots=True)
class Handed:
    """Each photo as a data URL, or as the bytes of a file, or None where it is not sent; an empty name is none."""

    face: str | bytes | None = field(repr=False)
    photo_id: str | bytes | None = field(repr=False)
    full_name: str = field(default="", repr=False)


def take_in(user: Any, handed: Handed) -> SoftwareSecurePhotoVerification:
    """
    Judge and hand in. Talks to the photo storage, so never within a transaction.

    Raises a ``DomainError`` for what is missing or no photo, and as :func:`verify_student.services.submission.submit`.
    """
    if handed.photo_id is None and submission.earlier_id_photo(user) is None:
        raise IdPhotoMissing
    if handed.face is None:
        raise FacePhotoMissing
    name = handed.full_name.strip()
    if len(name) > MAX_NAME or "\x00" in name:
        raise NameNotUsable
    face = judged(handed.face)
    photo_id = None if handed.photo_id is None else judged(handed.photo_id)
    return submission.submit(user, face=face, photo_id=photo_id, full_name=name)


def expected_name(user: Any) -> str:
    """What the learner's ID presumably says: the name that waits to be confirmed, else that of the profile."""
    return lms.profiles().get_pending_name(user) or lms.profiles().get_full_name(user)


def judged(given: str | bytes) -> Photo:
    """
    The photo of a data URL or a file. Raises ``UnsupportedImageFormat``, ``ImageTooLarge`` and ``InvalidImageData``.
    """
    if config.auto_verify_for_testing:
        return _shaped(given)
    return photos.decode(given) if isinstance(given, str) else photos.decode_file(given)


def _shaped(given: str | bytes) -> Photo:
    """Where photos are neither kept nor sent (contract §2.9), test doubles will do: only their form is looked at."""
    if isinstance(given, str):
        if given and not given.startswith(PREFIX):
            raise UnsupportedImageFormat
        if "," not in given:
            raise InvalidImageData
    return Photo(b"", "")
