"""What the API's document says about every operation, whatever its view says."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from proctoring.common import openapi as common
from proctoring.common.openapi import LOCATION, RETRY_AFTER, SESSION, TOKEN, DocumentedOperation, Responses, refusals
from verify_student.rest.shapes import TEXT, text_refusals

ACCESS_KEY = "access_key"
SECURITY_SCHEMES: dict[str, Any] = {
    **common.SECURITY_SCHEMES,
    ACCESS_KEY: {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": (
            "The vendor's: a word, a blank, the access key, a colon and the signature. Sites that demand the signature "
            "demand `Date` too, of the last five minutes."
        ),
    },
}
TO_SIGN_IN: Responses = {302: OpenApiResponse(description="The caller is nobody: to the sign-in page, and back here.")}


class OperationSchema(DocumentedOperation):
    """An operation of this door: how callers prove who they are, and what every view of its kind may answer."""

    prefix = "/verify_student/"

    def get_auth(self) -> list[dict[str, Any]]:
        # Who needs no account is the vendor.
        return [{SESSION: []}, {TOKEN: []}] if self._own_view.permission_classes else [{ACCESS_KEY: []}]

    def get_override_parameters(self) -> list[Any]:
        return [RETRY_AFTER, LOCATION]

    def usual_answers(self) -> Responses:
        view = self._own_view
        refused = text_refusals if view.refuses_in == TEXT else refusals
        return refused(*view.usual_refusals) | (TO_SIGN_IN if view.sends_to_sign_in else {})
