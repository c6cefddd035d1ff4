"""What the API's document says about every operation, whatever its view says."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from proctoring.rest.answers import Responses, refusals
from proctoring.rest.once import HEADER, REPLAYED_HEADER
from proctoring.rest.throttles import CALLBACK

PREFIX = "/edx_proctoring/"
SESSION, TOKEN, SIGNATURE = "session", "token", "signature"
SECURITY_SCHEMES: dict[str, Any] = {
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The platform's session; what changes something needs its CSRF token too, in `X-CSRFToken`.",
    },
    TOKEN: {"type": "http", "scheme": "bearer", "description": "An access token of the platform."},
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
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, description="Seconds to wait.", required=True, response=[429]
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


class OperationSchema(AutoSchema):
    """
    An operation of this door: how callers prove who they are, and what every view may answer.

    A view for vendors takes signatures too, and no keys.
    """

    @property
    def _own_view(self) -> Any:
        """A view of ours."""
        return self.view

    @property
    def _changes(self) -> bool:
        return self.method not in SAFE_METHODS

    @property
    def _is_for_vendors(self) -> bool:
        return bool(self._own_view.throttle_scope == CALLBACK)

    def get_auth(self) -> list[dict[str, Any]]:
        signed_in: list[dict[str, Any]] = [{SESSION: []}, {TOKEN: []}]
        if not self._is_for_vendors:
            return signed_in
        return [*(signed_in if self._own_view.authentication_paths() else []), {SIGNATURE: []}]

    def get_operation_id(self) -> str:
        # Of the whole path: several routes share a view, and several a beginning.
        return "_".join([self.method.lower(), *re.findall(r"\w+", self.path.removeprefix(PREFIX))])

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_override_parameters(self) -> list[Any]:
        parameters = [RETRY_AFTER]
        if "{course_id}" in self.path:
            parameters.append(COURSE_ID)
        if self._changes and not self._is_for_vendors:
            parameters += [KEY, REPLAYED]
        return parameters

    def get_serializer_name(self, serializer: Any, direction: Direction) -> str:
        return super().get_serializer_name(serializer, direction).removesuffix("Shape")

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

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        # What a view says about its answers comes from a decorator that asks nobody else, so it is completed here.
        said: dict[str, Any] = super()._get_response_bodies(direction)
        for code, answer in self._everywhere().items():
            usual = self._get_response_for_code(answer, str(code), direction=direction)  # type: ignore[no-untyped-call]
            said[str(code)] = _either(said[str(code)], usual) if str(code) in said else usual
        return dict(sorted(said.items()))

    def _everywhere(self) -> Responses:
        answers = dict(OF_EVERYTHING)
        if self._changes:
            answers |= OF_CHANGES
        if self._changes and not self._is_for_vendors:
            answers |= OF_KEYS
        return answers


def _either(own: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    """A view's own answer, or what every view may answer with the same status; an answer without a body stays so."""
    if "content" not in own:
        return own
    content = {
        media_type: {**body, "schema": _any_of(body["schema"], usual["content"][media_type]["schema"])}
        for media_type, body in own["content"].items()
    }
    return {**usual, **own, "content": content}


def _any_of(own: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    return own if own == usual else {"anyOf": [own, usual]}
