"""
What goes over the wire (contract §2.5, §3.2, §4), for the API's document and for the tests that compare.

Answers are made by ``verify_student.serializers`` and the services; a shape says what may be in them. A field that is
not required is one that some answers do not have.
"""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema_field, inline_serializer
from rest_framework import serializers

from proctoring.common.openapi import REASONS, PaginationShape, Responses, either
from verify_student.services import user_status
from verify_student.statuses import IDVerificationStatus, VerificationAttemptStatus

Shape = serializers.Serializer[Any]

JSON, TEXT = "application/json", "text/plain"
STANDINGS = [user_status.NONE, user_status.PENDING, user_status.APPROVED, user_status.EXPIRED, user_status.DENIED]
STATUSES = sorted({str(status) for status in (*IDVerificationStatus, *VerificationAttemptStatus)})
KINDS = ["Software Secure", "Manual", "SSO"]


def text_refusals(*codes: int) -> Responses:
    """Refusals in plain text."""
    return {(code, TEXT): OpenApiResponse(OpenApiTypes.STR, REASONS[code]) for code in codes}


@extend_schema_field({"type": "string", "pattern": "^data:image[^,]*,", "description": "A data URL, in base64."})
class PhotoField(serializers.Field[Any, Any, Any, Any]):
    """A photo in a form."""


@extend_schema_field(
    {
        "anyOf": [
            {"type": "string", "format": "binary"},
            {"type": "string", "pattern": "^data:image[^,]*,", "description": "A data URL, in base64."},
        ]
    }
)
class UploadField(PhotoField):
    """A photo in a form of parts."""


class PhotosShape(Shape):
    """
    What a learner hands in. Without a photo of the ID, the one of an earlier approval is used again.

    A name is the one that the photos show; the account's is used where there is none.
    """

    face_image = PhotoField()
    photo_id_image = PhotoField(required=False)
    full_name = serializers.CharField(required=False, allow_blank=True, max_length=255)


class UploadedPhotosShape(PhotosShape):
    """The same, with files."""

    face_image = UploadField()
    photo_id_image = UploadField(required=False)


class StatusShape(Shape):
    """Where the caller stands, and until when an approval counts; without ``expires`` it does not end."""

    status = serializers.ChoiceField(STANDINGS)
    can_verify = serializers.BooleanField()
    expires = serializers.DateTimeField(required=False)


@extend_schema_field({"type": "string", "pattern": "^([0-9]{2}/[0-9]{2}/[0-9]{4})?$"})
class SoonField(serializers.CharField):
    """A day as ``MM/DD/YYYY`` where an approval ends soon, else empty."""


class AccountStatusShape(Shape):
    """Where a learner who has begun stands."""

    is_verified = serializers.BooleanField()
    status = serializers.ChoiceField([standing for standing in STANDINGS if standing != user_status.NONE])
    expiration_datetime = SoonField()


class VerificationShape(Shape):
    """One verification of whatever kind; one without an end never ends."""

    type = serializers.ChoiceField(KINDS)
    status = serializers.ChoiceField(STATUSES)
    expiration_datetime = serializers.DateTimeField(allow_null=True)
    message = serializers.CharField()
    updated_at = serializers.DateTimeField()
    receipt_id = serializers.CharField(allow_null=True)


class VerificationPageShape(Shape):
    """A page of them."""

    results = VerificationShape(many=True)
    count = serializers.IntegerField(min_value=0)
    pagination_info = PaginationShape()


VERIFICATIONS = either("Verifications", VerificationShape(many=True), VerificationPageShape)
"""A list, or a page of it where one is asked for."""

VENDOR_DOCUMENT = inline_serializer(
    "VendorDocument",
    {
        "EdX-ID": serializers.CharField(),
        "ExpectedName": serializers.CharField(),
        "PhotoID": serializers.URLField(),
        "PhotoIDKey": serializers.CharField(),
        "UserPhoto": serializers.URLField(),
        "UserPhotoKey": serializers.CharField(),
    },
)
"""What the vendor is sent, without the address for its answer; keys are wrapped for the vendor, in base64."""


@extend_schema_field(
    {
        "description": (
            "Why, after a `FAIL`: a list of objects with `userPhotoReasons`, `photoIdReasons` or `generalReasons`, "
            "each a list of texts. Anything else is kept too."
        )
    }
)
class ReasonField(serializers.Field[Any, Any, Any, Any]):
    """Any JSON value."""


@extend_schema_field({"type": ["string", "integer"]})
class CodeField(serializers.Field[Any, Any, Any, Any]):
    """The vendor's code."""


RESULT = inline_serializer(
    "Result",
    {
        "EdX-ID": serializers.CharField(max_length=255),
        "Result": serializers.ChoiceField(["PASS", "FAIL", "SYSTEM FAIL"]),
        "Reason": ReasonField(required=False),
        "MessageType": CodeField(required=False),
    },
)
"""What the vendor has found."""

UNDERSTOOD: Responses = {(200, TEXT): {"type": "string", "const": "OK!"}}
"""What the vendor gets for a result that was understood, also when it has been applied before."""

PICTURE: Responses = {
    (200, media_type): OpenApiResponse(OpenApiTypes.BINARY, "The photo.") for media_type in ("image/jpeg", "image/png")
}
