"""Handing in photos, and where the learner stands (contract §4.2, §4.3)."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseRedirect
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.openapi import Nothing
from verify_student.conf import config
from verify_student.rest.base import PlainTextRefusals, SignedInView, refuse_unreadable
from verify_student.rest.shapes import PhotosShape, StatusShape, UploadedPhotosShape
from verify_student.rest.throttles import SubmissionThrottle
from verify_student.services import intake, location, standing, user_status
from verify_student.statuses import IDVerificationStatus as Status

# Of a form with two photos: base64, its signs escaped for a form, and the other fields.
FORM_OVERHEAD, OTHER_FIELDS = 1.5, 100_000
FORMS = {"application/x-www-form-urlencoded": PhotosShape, "multipart/form-data": UploadedPhotosShape}


class SubmitPhotosView(PlainTextRefusals, SignedInView):
    """Form fields ``face_image``, ``photo_id_image`` and ``full_name``; each photo is a data URL or a file."""

    throttle_classes = [SubmissionThrottle]
    usual_refusals = (400, 403, 413, 415, 429, 503)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        refuse_unreadable(request, int(2 * config.max_photo_bytes * FORM_OVERHEAD) + OTHER_FIELDS)
        super().initial(request, *args, **kwargs)

    @extend_schema(request=FORMS, responses=Nothing)
    def post(self, request: Request) -> Response:
        """Judge the photos, keep them and have them reviewed."""
        # Read by Django, once: the check against forged requests has read the form already.
        form = request._request
        handed = intake.Handed(
            face=_photo(form, "face_image"),
            photo_id=_photo(form, "photo_id_image"),
            full_name=form.POST.get("full_name", ""),
        )
        intake.take_in(request.user, handed)
        return Response({})


class StatusView(SignedInView):
    """Whether the learner is verified, until when, and whether they may hand in photos."""

    @extend_schema(responses=StatusShape)
    def get(self, request: Request) -> Response:
        """``status``, ``can_verify`` and, of an approval that ends, ``expires``."""
        learner = standing.of_user(request.user)
        status, until = user_status.of(learner)["status"], learner.expiration([Status.approved])
        answer = {"status": status, "can_verify": user_status.can_verify(status, until)}
        return Response(answer | ({"expires": until} if until else {}))


class ReverifyView(SignedInView):
    """The address in old mails and pages."""

    @extend_schema(responses={302: OpenApiResponse(description="To wherever learners hand in photos.")})
    def get(self, request: Request) -> HttpResponseRedirect:
        """To wherever learners hand in photos."""
        return HttpResponseRedirect(location.verify_location())


def _photo(form: Any, name: str) -> str | bytes | None:
    if name in form.POST:
        return str(form.POST[name])
    file = form.FILES.get(name)
    return _content(file) if file else None


def _content(file: "UploadedFile[Any]") -> bytes:
    """The file's bytes, and one more than is taken of one that is too large."""
    content: bytes = file.read(config.max_photo_bytes + 1)
    return content
