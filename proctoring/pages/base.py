"""What every page has: who may see it, and what is said where that is refused."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.generic import TemplateView

from proctoring.conf import config
from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.pages.tabs import tabs_of
from proctoring.services import access, preferences


class Page(LoginRequiredMixin, TemplateView):
    """
    A page for somebody who is signed in, in the viewer's time zone; not there where special exams are switched off.

    ``part_name`` is the template of the part that htmx asks for, where it is another one than the whole page.
    """

    part_name = ""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Services open their own transactions, and talk to vendors outside of them."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not config.enabled:
            raise Http404
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        try:
            self.authorise(request.user)
        except ProctoredExamPermissionDenied:
            raise PermissionDenied from None
        with timezone.override(preferences.zone_of(request.user.pk)):
            response = super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        add_never_cache_headers(response)
        return response

    def authorise(self, user: Any) -> None:
        """Raise ``ProctoredExamPermissionDenied`` where ``user`` may not see the page."""
        raise NotImplementedError

    def get_template_names(self) -> list[str]:
        asks_for_part = self.request.headers.get("HX-Request") == "true"
        if asks_for_part and self.part_name and "HX-Boosted" not in self.request.headers:
            return [self.part_name]
        return super().get_template_names()


class CoursePage(Page):
    """A page for the staff of the course that its address names; whoever is none learns nothing of the course."""

    # The tab of the course's pages that it is.
    tab = ""

    def authorise(self, user: Any) -> None:
        access.require_course_staff(user, self.course_id)

    @property
    def course_id(self) -> str:
        """The course that the address names."""
        return str(self.kwargs["course_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs = tabs_of(self.course_id, self.tab)
        return super().get_context_data(**{"course_id": self.course_id, "tabs": tabs} | kwargs)
