"""What the learner's pages have: somebody who is signed in, their time zone, and a way on that htmx follows too."""

from datetime import tzinfo
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from verify_student.screens import Situation
from verify_student.services import location, preferences, situations

LAYOUT = "verify_student/page.html"
NEXT = "next"


class LearnerPage(LoginRequiredMixin, View):
    """
    A page about whoever is signed in, and nobody else. A course that the address names (``course_id``) is what the
    learner comes for; ``next`` is where the learner goes afterwards.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            # A script would follow to the sign-in page, and take it for an answer.
            return HttpResponse(status=403) if by_htmx(request) else self.handle_no_permission()
        if not request.user.is_active:
            raise PermissionDenied
        zone: tzinfo = preferences.zone_of(request.user)
        with timezone.override(zone):
            response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    @property
    def course_id(self) -> str:
        """The course that the address names; empty without one."""
        return self.request.GET.get(location.COURSE, "")

    def shown(self, template: str, situation: Situation, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page of that template. Parts that a script puts into its page are always welcome: it takes only 200."""
        words = situations.words(situation)
        words["links"]["next"] = self._next()
        context = {**words, "layout": LAYOUT, **more}
        return render(self.request, template, context, status=200 if by_htmx(self.request) else status)

    def led_on(self, url: str) -> HttpResponse:
        """To another page of ours, with what the address says of where the learner comes from."""
        query = self.request.GET.urlencode()
        target = f"{url}?{query}" if query else url
        return HttpResponse(headers={"HX-Redirect": target}) if by_htmx(self.request) else HttpResponseRedirect(target)

    def _next(self) -> str:
        given, host = self.request.GET.get(NEXT, ""), self.request.get_host()
        safe = url_has_allowed_host_and_scheme(given, {host}, require_https=self.request.is_secure())
        return given if safe else ""


def by_htmx(request: HttpRequest) -> bool:
    """Whether a script asks, which puts parts of the answer into the page."""
    return request.headers.get("HX-Request") == "true"
