"""What the API's document says about every operation, whatever its view says."""

from typing import Any

from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from proctoring.common import openapi as common
from proctoring.common.openapi import RETRY_AFTER, SESSION, TOKEN, DocumentedOperation
from proctoring.rest.answers import Responses, refusals
from proctoring.rest.once import HEADER, REPLAYED_HEADER
from proctoring.services.pace import CALLBACK

PREFIX = "/edx_proctoring/"
SIGNATURE = "signature"
SECURITY_SCHEMES: dict[str, Any] = {
    **common.SECURITY_SCHEMES,
    SIGNATURE: {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "A vendor's signature (Standard Webhooks), with `webhook-id` and `webhook-timestamp`.",
    },
}

KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="The caller's name for this request: made again under it, it is not carried out again.",
)
REPLAYED = OpenApiParameter(
    REPLAYED_HEADER,
    {"type": "string", "const": "true"},
    OpenApiParameter.HEADER,
    description="This is the answer that the request got the first time.",
    response=True,
)
COURSE_ID = OpenApiParameter(
    "course_id",
    str,
    OpenApiParameter.PATH,
    description="The course's id as the site writes it, such as `course-v1:org+course+run` or `org/course/run`.",
)

OF_EVERYTHING = refusals(400, 403, 404, 406, 429)
OF_CHANGES = refusals(413, 415)
OF_KEYS = refusals(409, 422)


class OperationSchema(DocumentedOperation):
    """
    An operation of this door: how callers prove who they are, and what every view may answer.

    A view for vendors takes signatures too, and no keys.
    """

    prefix = PREFIX

    @property
    def _changes(self) -> bool:
        return self.method not in SAFE_METHODS

    @property
    def _is_for_vendors(self) -> bool:
        return bool(self._own_view.throttle_scope == CALLBACK)

    def get_auth(self) -> list[dict[str, Any]]:
        signed_in: list[dict[str, Any]] = [{SESSION: []}, {TOKEN: []}]
        if not self._is_for_vendors:
            # Nothing: anybody may ask.
            return signed_in if self._own_view.permission_classes else [*signed_in, {}]
        return [*(signed_in if self._own_view.authentication_paths() else []), {SIGNATURE: []}]

    def get_override_parameters(self) -> list[Any]:
        parameters = [RETRY_AFTER]
        if "{course_id}" in self.path:
            parameters.append(COURSE_ID)
        if self._changes and not self._is_for_vendors:
            parameters += [KEY, REPLAYED]
        return parameters

    def get_request_serializer(self) -> Any:
        # What is deleted is in the address; a view that reads a body all the same says so.
        return None if self.method == "DELETE" else super().get_request_serializer()

    def _get_request_body(self, direction: Direction = "request") -> dict[str, Any] | None:
        # The generator knows of no bodies here; browsers send forms with this method too (contract rest.md §1.5).
        known_as, self.method = self.method, "PUT" if self.method == "DELETE" else self.method
        try:
            body: dict[str, Any] | None = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        finally:
            self.method = known_as
        return body

    def usual_answers(self) -> Responses:
        answers = dict(OF_EVERYTHING)
        if self._changes:
            answers |= OF_CHANGES
        if self._changes and not self._is_for_vendors:
            answers |= OF_KEYS
        return answers
