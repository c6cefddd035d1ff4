"""What an API's document says about every operation, whatever its view says."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter

from proctoring.common.openapi.answers import Responses

SESSION, TOKEN = "session", "token"
SECURITY_SCHEMES: dict[str, Any] = {
    SESSION: {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The platform's session; what changes something needs its CSRF token too, in `X-CSRFToken`.",
    },
    TOKEN: {"type": "http", "scheme": "bearer", "description": "An access token of the platform."},
}
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, description="Seconds to wait.", required=True, response=[429]
)


class DocumentedOperation(AutoSchema):
    """
    An operation of one of our doors: its id, its group, and what every view of the door may answer.

    ``prefix`` is what all paths of the door begin with; ids leave it out.
    """

    prefix: str

    @property
    def _own_view(self) -> Any:
        """A view of ours."""
        return self.view

    def usual_answers(self) -> Responses:
        """What the view may answer like every other one."""
        raise NotImplementedError

    def get_operation_id(self) -> str:
        # Of the whole path: several routes share a view, and several a beginning.
        return "_".join([self.method.lower(), *re.findall(r"\w+", self.path.removeprefix(self.prefix))])

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_serializer_name(self, serializer: Any, direction: Direction) -> str:
        return super().get_serializer_name(serializer, direction).removesuffix("Shape")

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        # What a view says about its answers comes from a decorator that asks nobody else, so it is completed here.
        said: dict[str, Any] = super()._get_response_bodies(direction)
        for code, usual in self._usual_bodies(direction).items():
            said[code] = _either(said[code], usual) if code in said else usual
        return dict(sorted(said.items()))

    def _usual_bodies(self, direction: Direction) -> dict[str, dict[str, Any]]:
        bodies = {}
        for key, answer in self.usual_answers().items():
            code, *media_types = map(str, key) if isinstance(key, tuple) else [str(key)]
            bodies[code] = self._get_response_for_code(answer, code, media_types, direction)  # type: ignore[no-untyped-call]
        return bodies


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
