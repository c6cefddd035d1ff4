"""
What vendors tell us about attempts (contract rest.md §5.18-5.20): the raw bytes, kept before they are judged.

Nothing is kept of a sender that is nobody's voice.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from proctoring.backends.software_secure import exam_code
from proctoring.common.errors import DomainError
from proctoring.common.inbox import Envelope
from proctoring.common.signing import SignatureError
from proctoring.exceptions import (
    ExamNoLongerProctored,
    ProctoredExamPermissionDenied,
    ProctoredExamSuspiciousLookup,
    StudentExamAttemptDoesNotExistsException,
)
from proctoring.rest.answers import FORBIDDEN, NO_LONGER_PROCTORED, OK_TEXT, refusals, texts
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.parsers import BodyTooLarge
from proctoring.rest.shapes import LegacyReviewShape, ReviewShape
from proctoring.services import access, inbox
from proctoring.services.access.signatures import SIGNATURE_HEADER, Speaker, legacy_vendor, sent_at, signed_vendor
from proctoring.services.pace import CALLBACK

OK = "OK"
JSON = "application/json"
UNDERSTOOD = {200: OK_TEXT, **refusals(400, 500)}
DELIVERY_ID_HEADER = "webhook-id"


class Unread(BaseParser):
    """Leaves the body alone: an authentication class that looks for form fields must not stumble over a broken one."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> QueryDict:
        return QueryDict()


class SignedVendorAuthentication(BaseAuthentication):
    """
    After sessions and tokens: the signature of the vendor whose attempt is in the address.

    A signature is no account: the user stays anonymous, and ``request.auth`` says which vendor speaks.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Speaker] | None:
        if SIGNATURE_HEADER not in request.headers:
            return None
        external_id = request.parser_context["kwargs"]["external_id"]
        try:
            return AnonymousUser(), signed_vendor(external_id, request.headers, _raw_body(request))
        except SignatureError as error:
            raise AuthenticationFailed(error.detail) from None


class IsVendor(BasePermission):
    """Somebody who has signed in, and may turn out to speak for a vendor, or a vendor that has signed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.is_authenticated) or isinstance(request.auth, Speaker)


class CallbackView(ProctoringAPIView):
    """One kind of message from a vendor that has signed in with its service account, or signed the message."""

    parser_classes = [Unread]
    permission_classes = [IsVendor]
    throttle_scope = CALLBACK
    kind: str

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [*super().get_authenticators(), SignedVendorAuthentication()]

    def post(self, request: Request, external_id: str) -> Response:
        """Keep the message and apply it; the JSON text ``"OK"``, also when it has been applied before."""
        speaker = request.auth if isinstance(request.auth, Speaker) else _signed_in(request, external_id)
        return _received(request, speaker, self.kind, external_id)


@extend_schema(request=None, responses=UNDERSTOOD | texts(404))
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


@extend_schema(request={JSON: ReviewShape}, responses=UNDERSTOOD | NO_LONGER_PROCTORED | {403: FORBIDDEN})
class ReviewCallbackView(CallbackView):
    """Route 25: the vendor has reviewed the attempt."""

    kind = inbox.REVIEW

    def refusal(self, error: DomainError) -> object:
        if isinstance(error, ExamNoLongerProctored):
            return error.detail
        if isinstance(error, ProctoredExamPermissionDenied):
            return None
        return super().refusal(error)


class FirstRenderer(DefaultContentNegotiation):
    """Answers in one way, whatever the caller says it takes."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class SoftwareSecureReviewView(ProctoringAPIView):
    """
    Route 26: the legacy vendor has reviewed the attempt whose code is in the message.

    It has no account here. The message is signed, or the site takes what is not (contract rest.md §9.1 S3).
    """

    permission_classes = []
    parser_classes = [Unread]
    throttle_scope = CALLBACK
    renderer_classes = [JSONRenderer]
    content_negotiation_class = FirstRenderer

    def authentication_paths(self) -> Sequence[str]:
        return ()

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Whatever the sender says that its body is: JSON shows its encoding itself.
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(request={JSON: LegacyReviewShape}, responses=UNDERSTOOD | NO_LONGER_PROCTORED)
    def post(self, request: Request) -> Response:
        """Keep the message and apply it; the JSON text ``"OK"``, also when it has been applied before."""
        body = _raw_body(request)
        attempt_code = exam_code(body)
        speaker = legacy_vendor(attempt_code, request.headers, body)
        return _received(request, speaker, inbox.LEGACY_REVIEW, attempt_code)

    def refusal(self, error: DomainError) -> object:
        if isinstance(error, ExamNoLongerProctored):
            return error.detail
        if isinstance(error, StudentExamAttemptDoesNotExistsException | ProctoredExamSuspiciousLookup):
            # The same for both: who tries codes does not learn which of them there are.
            return {"detail": _("The review does not belong to an attempt.")}
        return super().refusal(error)


def _signed_in(request: Request, external_id: str) -> Speaker:
    return Speaker(
        backend=access.vendor_speaking(request.user, external_id),
        sender=request.user.get_username(),
        delivery_id=request.headers.get(DELIVERY_ID_HEADER, ""),
        sent_at=sent_at(request.headers),
    )


def _received(request: Request, speaker: Speaker, kind: str, subject: str) -> Response:
    envelope = Envelope(
        source=speaker.backend,
        kind=kind,
        subject=subject,
        body=_raw_body(request),
        sender=speaker.sender,
        delivery_id=speaker.delivery_id,
        sent_at=speaker.sent_at,
    )
    inbox.receive(envelope)
    return Response(OK)


def _raw_body(request: Request) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise BodyTooLarge from None
    except UnreadablePostError:
        raise ParseError from None
