"""What the vendor tells us about verifications (contract §3). Bodies are never shown again, nor logged (W23, W24)."""

import logging
from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request

from proctoring.common.errors import DomainError
from proctoring.common.signing import SignatureError
from verify_student.backends.software_secure.results import check_access_key, document_of
from verify_student.backends.types import Message
from verify_student.conf import SOFTWARE_SECURE, config
from verify_student.exceptions import VerificationBaseException, VerificationNotFound
from verify_student.rest.base import BodyTooLarge, IdentityAPIView, PlainTextRefusals, plain_text, refuse_unreadable
from verify_student.rest.shapes import JSON, RESULT, UNDERSTOOD
from verify_student.services import inbox

logger = logging.getLogger(__name__)

OK = "OK!"
MAX_BODY = 100_000


class NotAuthorized(VerificationBaseException):
    """The header ``Authorization`` is missing or has another form than the vendor's (W22)."""

    code = "authorization_malformed"
    default_message = _("Authorization is missing or malformed")


class AccessKeyInvalid(VerificationBaseException):
    code = "access_key_invalid"
    default_message = _("Access key invalid")


class ResultsCallbackView(PlainTextRefusals, IdentityAPIView):
    """The vendor has reviewed a verification. It has no account here: its access key and its signature count."""

    permission_classes = []
    usual_refusals = (400, 403, 413, 415, 429, 500)

    def authentication_paths(self) -> Sequence[str]:
        return ()

    @extend_schema(request={JSON: RESULT}, responses=UNDERSTOOD)
    def post(self, request: Request) -> HttpResponse:
        """Keep the result and apply it; ``OK!``, also when it has been applied before."""
        refuse_unreadable(request, MAX_BODY)
        message = Message(headers=dict(request.headers), body=request.body)
        if len(message.body) > MAX_BODY:
            raise BodyTooLarge
        document_of(message.body)
        _require_access_key(message)
        inbox.receive(message, SOFTWARE_SECURE)
        return plain_text(OK)

    def refusal_status(self, error: DomainError) -> int:
        if isinstance(error, VerificationNotFound):
            return status.HTTP_400_BAD_REQUEST
        return super().refusal_status(error)

    def refusal(self, error: DomainError) -> object:
        if isinstance(error, VerificationNotFound):
            return {"detail": _("edX ID not found")}
        return super().refusal(error)


def _require_access_key(message: Message) -> None:
    """Whose message it is; whether they have signed it is judged when it is received."""
    headers = {name.lower(): value for name, value in message.headers.items()}
    access_key = config.software_secure.get("API_ACCESS_KEY")
    if not access_key:
        logger.error("A result came in, but no access key of the vendor is configured.")
        raise AccessKeyInvalid
    try:
        check_access_key(headers, str(access_key))
    except SignatureError as error:
        logger.warning("A result was refused: reason=%s", error.reason)
        refusal = NotAuthorized() if error.reason == "malformed" else AccessKeyInvalid()
        raise refusal from None
