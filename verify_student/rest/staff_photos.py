"""
Staff look at photos and at what the vendor is sent (contract §4.4). Every look is recorded before it happens (W31).
"""

from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from verify_student.conf import config
from verify_student.exceptions import VerificationPermissionDenied
from verify_student.models import PhotoKind
from verify_student.rest.base import PlainTextRefusals, SignedInView
from verify_student.rest.shapes import PICTURE, VENDOR_DOCUMENT
from verify_student.serializers import photo_headers
from verify_student.services import access, looking, verifications

PURPOSE = "decrypt"
USUAL_REFUSALS = (403, 404, 429)


@method_decorator(never_cache, name="dispatch")
class PhotoUrlsView(PlainTextRefusals, SignedInView):
    """What the vendor is sent, without the address for its answer."""

    usual_refusals = USUAL_REFUSALS

    @extend_schema(responses=VENDOR_DOCUMENT)
    def get(self, request: Request, receipt_id: str) -> Response:
        """Links that live five days, and the wrapped keys of what they lead to."""
        access.require_photo_tools(request.user)
        verification = verifications.by_receipt(receipt_id)
        return Response(looking.links(verification, by=request.user), headers={"Cache-Control": "no-store"})


@method_decorator(never_cache, name="dispatch")
class DecryptedPhotoView(PlainTextRefusals, SignedInView):
    """One photo, on sites that hold the vendor's private key: elsewhere nobody but the vendor is to see it."""

    usual_refusals = USUAL_REFUSALS
    kind: PhotoKind = PhotoKind.FACE

    @extend_schema(responses=PICTURE)
    def get(self, request: Request, receipt_id: str) -> HttpResponse:
        """The photo as an image of its own type."""
        access.require_photo_tools(request.user)
        if not config.software_secure.get("RSA_PRIVATE_KEY"):
            raise VerificationPermissionDenied
        verification = verifications.by_receipt(receipt_id)
        photo = looking.look(verification, self.kind, by=request.user, purpose=PURPOSE)
        return HttpResponse(photo.content, headers=photo_headers(self.kind, photo.content_type))
