"""What vendors tell us about attempts (contract rest.md §5.18, §5.19): the raw bytes, kept before they are judged."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http.request import UnreadablePostError
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.errors import DomainError
from proctoring.common.inbox import Envelope
from proctoring.exceptions import (
    ExamNoLongerProctored,
    ProctoredExamPermissionDenied,
    StudentExamAttemptDoesNotExistsException,
)
from proctoring.rest.base import ProctoringAPIView
from proctoring.services import access, inbox

OK = "OK"
DELIVERY_ID_HEADER = "webhook-id"


class BodyTooLarge(APIException):
    """More than the site reads into memory."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The message is too large."


class Unread(BaseParser):
    """Leaves the body alone: an authentication class that looks for form fields must not stumble over a broken one."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {}


class CallbackView(ProctoringAPIView):
    """One kind of message from a vendor that has signed in with its service account."""

    parser_classes = [Unread]
    kind: str

    def post(self, request: Request, external_id: str) -> Response:
        """Keep the message and apply it; the JSON text ``"OK"``, also when it has been applied before."""
        envelope = Envelope(
            source=access.vendor_speaking(request.user, external_id),
            kind=self.kind,
            subject=external_id,
            body=_raw_body(request),
            sender=request.user.get_username(),
            delivery_id=request.headers.get(DELIVERY_ID_HEADER, ""),
        )
        inbox.receive(envelope)
        return Response(OK)


class ReadyCallbackView(CallbackView):
    """Route 24: the vendor's software is up."""

    kind = inbox.READY

    def refusal(self, error: DomainError) -> object:
        if isinstance(error, StudentExamAttemptDoesNotExistsException):
            return error.detail
        return super().refusal(error)

    def refusal_status(self, error: DomainError) -> int:
        if isinstance(error, StudentExamAttemptDoesNotExistsException):
            return status.HTTP_404_NOT_FOUND
        return super().refusal_status(error)


class ReviewCallbackView(CallbackView):
    """Route 25: the vendor has reviewed the attempt."""

    kind = inbox.REVIEW

    def refusal(self, error: DomainError) -> object:
        if isinstance(error, ExamNoLongerProctored):
            return error.detail
        if isinstance(error, ProctoredExamPermissionDenied):
            return None
        return super().refusal(error)


def _raw_body(request: Request) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise BodyTooLarge from None
    except UnreadablePostError:
        raise ParseError from None
