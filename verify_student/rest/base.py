"""What the views of this door have."""

import codecs
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, NotAuthenticated, ParseError, PermissionDenied, UnsupportedMediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from proctoring.common.drf import DomainAPIView
from verify_student.conf import config
from verify_student.rest.schema import OperationSchema
from verify_student.rest.shapes import JSON, TEXT

PLAIN = f"{TEXT}; charset=utf-8"
# Encodings of forms. There are others, some of which are no encodings of text.
ENCODINGS = frozenset({"utf-8", "ascii", "iso8859-1"})


class BodyTooLarge(APIException):
    """More than is read into memory."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("The body is too large.")


class OnlyRenderer(DefaultContentNegotiation):
    """Answers in its one way, whatever the caller says it takes."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class IdentityAPIView(DomainAPIView):
    """
    A view of this app, with the site's authentication.

    For the API's document: ``usual_refusals`` are the statuses that every operation may be refused with, written in
    ``refuses_in``; and whether ``sends_to_sign_in`` whoever is nobody.
    """

    schema = OperationSchema()
    usual_refusals: Sequence[int] = (403, 429)
    refuses_in = JSON
    sends_to_sign_in = False
    renderer_classes = [JSONRenderer]
    content_negotiation_class = OnlyRenderer

    def authentication_paths(self) -> Sequence[str]:
        return config.api_authentication_classes


class SignedInView(IdentityAPIView):
    """A view that browsers open: whoever is nobody is sent to the sign-in page and comes back (contract §4)."""

    sends_to_sign_in = True
    session_user: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # What signing in finds takes its place.
        self.session_user = getattr(request._request, "user", None)
        super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Any:
        if not isinstance(exc, NotAuthenticated):
            return super().handle_exception(exc)
        if self.session_user is not None and self.session_user.is_authenticated:
            # Signed in, but suspended: the sign-in page would send them back here, for ever.
            return super().handle_exception(PermissionDenied())
        return redirect_to_login(self.request.get_full_path())


class PlainTextRefusals(DomainAPIView):
    """Refusals in plain text, without anything that the request said (W23)."""

    refuses_in = TEXT

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, RequestDataTooBig):
            exc = BodyTooLarge()
        elif isinstance(exc, UnreadablePostError):
            exc = ParseError()
        answer = super().handle_exception(exc)
        said = getattr(answer, "data", None)
        # Without data it leads somewhere else.
        return answer if said is None else plain_text(str(said["detail"]), answer.status_code, dict(answer.items()))


def plain_text(text: str, code: int = status.HTTP_200_OK, headers: dict[str, str] | None = None) -> HttpResponse:
    """A text that no browser takes for a page."""
    kept = {name: value for name, value in (headers or {}).items() if name in {"Retry-After", "Vary"}}
    return HttpResponse(text, status=code, content_type=PLAIN, headers={"X-Content-Type-Options": "nosniff", **kept})


def refuse_unreadable(request: Request, most: int) -> None:
    """
    Refuse bodies of more than ``most`` bytes (413), lengths (400) and encodings (415) that are none, before anybody
    reads them.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise ParseError
    if int(length) > most:
        raise BodyTooLarge
    encoding = request._request.encoding
    if encoding and codecs.lookup(encoding).name not in ENCODINGS:
        raise UnsupportedMediaType(request.content_type)
