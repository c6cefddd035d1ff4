"""What every view of this door has."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.drf import DomainAPIView
from proctoring.conf import config
from proctoring.models import IdempotentAnswer
from proctoring.rest import once
from proctoring.rest.parsers import PARSERS, as_refusal, refuse_unreadable, refuse_unusable_address
from proctoring.rest.schema import OperationSchema
from proctoring.rest.throttles import AccountThrottle, StrangerThrottle
from proctoring.services import idempotency
from proctoring.services.pace import CALLBACK


class ProctoringAPIView(DomainAPIView):
    """
    A view of this app: the site's authentication, and not there at all where special exams are switched off.

    ``throttle_scope`` is ``CALLBACK`` where vendors call; those views know repeated messages by other means than keys.
    """

    parser_classes = PARSERS
    throttle_classes = [AccountThrottle]
    throttle_scope: str | None = None
    schema = OperationSchema()
    claim: IdempotentAnswer | None = None

    def authentication_paths(self) -> Sequence[str]:
        return config.api_authentication_classes

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
            if self.claim:
                once.settled(self.claim, response)
        except BaseException:
            if self.claim:
                idempotency.release(self.claim)
            raise
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not config.enabled:
            raise Http404
        if self.throttle_scope != CALLBACK:
            refuse_unreadable(request)
        super().initial(request, *args, **kwargs)
        refuse_unusable_address(request, kwargs)
        if self.throttle_scope != CALLBACK:
            self.claim = once.claimed(request)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, once.AnsweredBefore):
            return exc.response
        if isinstance(exc, NotAuthenticated | AuthenticationFailed):
            return super().handle_exception(self._stranger(exc))
        return super().handle_exception(as_refusal(exc))

    def _stranger(self, refusal: Exception) -> Exception:
        """Why somebody without an account is sent away."""
        throttle = StrangerThrottle()
        return refusal if throttle.allow_request(self.request, self) else Throttled(throttle.wait())


def empty(code: int = status.HTTP_200_OK) -> Response:
    """An answer without a body, and so without a content type (contract rest.md §1.5)."""
    return Response(status=code)
