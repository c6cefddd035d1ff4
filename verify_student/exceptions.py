"""
What the app refuses, each refusal with a stable code and an HTTP status.

Texts carry no names, ids or provider answers: those belong in the log of whoever may read it.
"""

from django.utils.translation import gettext_lazy as _

from proctoring.common.errors import DomainError


class VerificationBaseException(DomainError):
    """Every refusal of this app."""

    code = "verification_error"


class VerificationException(VerificationBaseException):
    """A move that the verification's present status does not allow (contract verify_student.md §1.7)."""

    code = "verification_status"
    default_message = _("This is not possible in the verification's present state.")


class VerificationAttemptInvalidStatus(VerificationBaseException):
    code = "verification_attempt_status"
    default_message = _("This is not a status of a verification.")


class VerificationNotFound(VerificationBaseException):
    code = "verification_not_found"
    http_status = 404
    default_message = _("There is no such verification.")


class LearnerHeld(VerificationBaseException):
    """What is kept of the learner may not be erased now; that it is to be is remembered, and done later."""

    code = "retention_hold"
    http_status = 409
    default_message = _("A legal hold is in the way. The data is erased when it is lifted.")


class VerificationPermissionDenied(VerificationBaseException):
    code = "permission_denied"
    http_status = 403
    default_message = _("You may not do this.")


class InvalidImageData(VerificationBaseException):
    """A photo that is none (contract §2.1)."""

    code = "image_not_valid"
    default_message = _("Image data is not valid.")


class UnsupportedImageFormat(InvalidImageData):
    code = "image_format"
    default_message = _("Image data is in an unsupported format.")


class ImageTooLarge(InvalidImageData):
    code = "image_too_large"
    default_message = _("The image is too large.")


class PhotoNotAvailable(VerificationBaseException):
    """The photo is gone, was never taken, or cannot be read any more."""

    code = "photo_not_available"
    http_status = 404
    default_message = _("This photo is not available (any more).")


class VerificationPending(VerificationBaseException):
    """The learner has handed in photos already, which nobody has looked at yet (weakness W16)."""

    code = "verification_pending"
    default_message = _("Your photos have already been handed in and are being reviewed.")


class MalformedResult(VerificationBaseException):
    """A provider's message that cannot be read as what it claims to be."""

    code = "malformed_result"
    default_message = _("The message could not be read.")


class ProviderUnavailable(VerificationBaseException):
    """The provider of identity verification is not configured, or did not take the request."""

    code = "provider_unavailable"
    http_status = 503
    default_message = _("Identity verification is not available at the moment. Please try again later.")
