"""
The address that the legacy vendor's browser opens (contract rest.md §5.21). A page for a browser, not for programs.

Whoever has the address acts through it, so it is signed, unless the site allows the vendor to come without signatures.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from proctoring.backends.launch import COOKIE, SIGNATURE_FIELD
from proctoring.common.signing import SignatureError
from proctoring.conf import config
from proctoring.exceptions import StudentExamAttemptDoesNotExistsException
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.rest.throttles import seconds_to_wait
from proctoring.services import launch


@method_decorator([transaction.non_atomic_requests, never_cache], name="dispatch")
class LaunchView(View):
    """Route 27."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        seconds = seconds_to_wait(request, self)
        if seconds is not None:
            return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
        try:
            return super().dispatch(request, *args, **kwargs) if config.enabled else _not_found()
        except StudentExamAttemptDoesNotExistsException:
            return _not_found()
        except SignatureError as error:
            return JsonResponse({"detail": error.detail}, status=error.response_status)

    def get(self, request: HttpRequest, attempt_code: str) -> HttpResponse:
        """Move the attempt on, and send the browser to the exam with a pass for it."""
        attempt = _attempt_at(request, attempt_code)
        launch.enter(attempt)
        response = HttpResponseRedirect(launch.destination(attempt))
        entry = launch.pass_for(attempt)
        response.set_signed_cookie(
            COOKIE,
            entry.value,
            max_age=entry.seconds,
            secure=request.is_secure() or config.scheme == "https",
            httponly=True,
            samesite="Lax",
        )
        return response

    def post(self, request: HttpRequest, attempt_code: str) -> HttpResponse:
        """As a GET, for a page of the host."""
        return self.get(request, attempt_code)

    def head(self, request: HttpRequest, attempt_code: str) -> HttpResponse:
        """Where it leads, and nothing else: programs that look at links are not the vendor's browser."""
        return HttpResponseRedirect(launch.destination(_attempt_at(request, attempt_code)))


def _attempt_at(request: HttpRequest, attempt_code: str) -> ProctoredExamStudentAttempt:
    return launch.attempt_at(attempt_code, request.GET.get(SIGNATURE_FIELD, ""))


def _not_found() -> HttpResponse:
    return HttpResponse(_("There is no such exam attempt."), status=404, content_type="text/plain; charset=utf-8")
