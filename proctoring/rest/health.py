"""
How things stand, for those who watch the site: one word for anybody, and metrics for Prometheus.

Both ask what the page for operators asks (``common.operations``).
"""

import hmac
import logging
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.authentication import BaseAuthentication
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.operations import Level, as_data, gather, worst
from proctoring.common.operations.metrics import FORMAT, rendered
from proctoring.conf import config
from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.inbox import FirstRenderer
from proctoring.rest.shapes import HealthShape

logger = logging.getLogger(__name__)

PERMISSION = "proctoring.view_operations"
# Strangers may ask as often as they like; the database is asked this often, in seconds.
FRESH = 15
CACHE_KEY = "proctoring.health"


@method_decorator(never_cache, name="dispatch")
class StandingView(ProctoringAPIView):
    """A view about the site itself."""

    renderer_classes = [JSONRenderer]
    content_negotiation_class = FirstRenderer


class HealthView(StandingView):
    """Whoever asks gets one word; there unless ``HEALTH_ENDPOINT`` is off."""

    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not config.health_endpoint:
            raise Http404
        super().initial(request, *args, **kwargs)

    @extend_schema(
        responses={
            200: OpenApiResponse(HealthShape, "Work is being done, even if somebody should look at something."),
            503: OpenApiResponse(HealthShape, "Something is broken."),
        }
    )
    def get(self, request: Request) -> Response:
        """Whether work is being done; and what is not, for staff who may see that."""
        told = as_data(gather()) if request.user.has_perm(PERMISSION) else {"status": _level()}
        broken = told["status"] == Level.BROKEN
        return Response(told, status.HTTP_503_SERVICE_UNAVAILABLE if broken else status.HTTP_200_OK)


class MetricsView(StandingView):
    """There where ``METRICS`` is on."""

    has_token = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not config.metrics:
            raise Http404
        super().initial(request, *args, **kwargs)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        self.has_token = _shows_token(request)
        return super().initialize_request(request, *args, **kwargs)

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Our token is nobody's account, and other ways to sign in would trip over it.
        return [] if self.has_token else super().get_authenticators()

    def get_permissions(self) -> Sequence[Any]:
        return [] if self.has_token else super().get_permissions()

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """What was counted, and how things stand now, in the text format of Prometheus."""
        if not self.has_token and not request.user.has_perm(PERMISSION):
            raise ProctoredExamPermissionDenied
        return HttpResponse(rendered(gather()), content_type=FORMAT)


def _shows_token(request: HttpRequest) -> bool:
    """Whether there is a ``METRICS_TOKEN``, and the request has it."""
    shown, token = request.headers.get("Authorization", ""), config.metrics_token
    return bool(token) and hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())


def _level() -> Level:
    """How bad it is, as of a moment ago."""
    known = _remembered()
    if known is not None:
        return Level(known)
    level = worst(report.level for report in gather())
    _remember(level)
    return level


def _remembered() -> str | None:
    try:
        known: str | None = cache.get(CACHE_KEY)
    # Whatever a cache raises while it is away: the question is about the rest.
    except Exception as error:
        logger.error("How things stand is not remembered: the cache failed with %s", type(error).__name__)
        return None
    return known


def _remember(level: Level) -> None:
    try:
        cache.set(CACHE_KEY, str(level), timeout=FRESH)
    except Exception as error:
        logger.error("How things stand is not remembered: the cache failed with %s", type(error).__name__)
