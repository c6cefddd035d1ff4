"""The API's document (OpenAPI), as it was written when this library was made (``make openapi``)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import NoReverseMatch, reverse
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.openapi import written
from verify_student.rest.base import IdentityAPIView

PATH = Path(__file__).with_name("openapi.yaml")
# Where the document has the routes (contract §4), and a route of each place that tells where the site has them.
PLACES: dict[str, tuple[str, dict[str, str], str]] = {
    "/verify_student/": ("verification_status_api", {}, "status/"),
    "/api/user/v1/accounts/": ("verification_status", {"username": "x"}, "x/verification_status/"),
}


class DocumentView(IdentityAPIView):
    """The document, for the places where the site mounts these routes."""

    schema = None  # type: ignore[assignment]

    def get(self, request: Request) -> Response:
        """OpenAPI 3.1 as JSON."""
        document = written(PATH)
        return Response(document | {"servers": [{"url": "/"}], "paths": dict(_mounted(document["paths"]))})


def _mounted(paths: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Routes that the site has not mounted are left out."""
    for place, (route, arguments, ending) in PLACES.items():
        try:
            here = reverse(route, kwargs=arguments).removesuffix(ending)
        except NoReverseMatch:
            continue
        yield from ((here + path.removeprefix(place), item) for path, item in paths.items() if path.startswith(place))
