"""
The API's document (OpenAPI), and a page to read it on.

The document is written when this library is made, from its views (``make openapi``), and served as it is: a site's own
settings of the generator neither change it nor are changed by it.
"""

from pathlib import Path

from django.apps import apps
from django.http import Http404
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.openapi import written
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.inbox import FirstRenderer

PATH = Path(__file__).with_name("openapi.yaml")
ROUTE = "edx_proctoring/v1/openapi"
# The app that carries the page's scripts, so that it needs no other machine.
SCRIPTS_APP = "drf_spectacular_sidecar"


class DocumentView(ProctoringAPIView):
    """The document, for the place where the site mounts these routes."""

    schema = None  # type: ignore[assignment]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = FirstRenderer

    def get(self, request: Request) -> Response:
        """OpenAPI 3.1 as JSON."""
        prefix = reverse("edx_proctoring:openapi").removesuffix(f"/{ROUTE}")
        return Response(written(PATH) | {"servers": [{"url": prefix or "/"}]})


class DocsView(ProctoringAPIView):
    """A page for people to read the document on and to try it out; only where its scripts are installed."""

    schema = None  # type: ignore[assignment]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = FirstRenderer

    def get(self, request: Request) -> HttpResponseBase:
        """A page."""
        if not apps.is_installed(SCRIPTS_APP):
            raise Http404(_("This page needs {app} among the site's apps.").format(app=SCRIPTS_APP))
        return TemplateResponse(request._request, "proctoring/openapi.html")
