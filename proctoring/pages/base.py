"""What every page has: who may see it, and what is said where that is refused."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page as NumberedPage
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.generic import TemplateView

from proctoring.conf import config
from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.pages import refusals
from proctoring.pages.tabs import tabs_of
from proctoring.services import access, links, preferences

MOST_SEARCHED = 100


@method_decorator(csrf_protect, name="dispatch")
class Page(LoginRequiredMixin, TemplateView):
    """
    A page for somebody who is signed in, in the viewer's time zone; not there where special exams are switched off.

    ``part_name`` is the template of the part that htmx asks for, where it is another one than the whole page.
    """

    part_name = ""
    refusal_name = refusals.TEMPLATE

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Services open their own transactions, and talk to vendors outside of them."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not config.enabled:
            raise Http404
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not request.user.is_active:
            # Some platforms let suspended accounts keep their sessions.
            raise PermissionDenied
        try:
            self.authorise(request.user)
        except ProctoredExamPermissionDenied:
            raise PermissionDenied from None
        with timezone.override(preferences.zone_of(request.user.pk)):
            response = self._too_often() or super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
        add_never_cache_headers(response)
        return response

    def authorise(self, user: Any) -> None:
        """Raise ``ProctoredExamPermissionDenied`` where ``user`` may not see the page."""
        raise NotImplementedError

    def get_template_names(self) -> list[str]:
        if refusals.by_htmx(self.request) and self.part_name and "HX-Boosted" not in self.request.headers:
            return [self.part_name]
        return super().get_template_names()

    def _too_often(self) -> HttpResponse | None:
        return refusals.too_often(self.request, self.request.path, template=self.refusal_name)


class CoursePage(Page):
    """A page for the staff of the course that its address names; whoever is none learns nothing of the course."""

    # The tab of the course's pages that it is.
    tab = ""
    refusal_name = "proctoring/instructor/refused.html"

    def authorise(self, user: Any) -> None:
        access.require_course_staff(user, self.course_id)

    @property
    def course_id(self) -> str:
        """The course that the address names."""
        return str(self.kwargs["course_id"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        course = {"course_id": self.course_id, "course_url": links.course_url(self.course_id)}
        return super().get_context_data(**course | {"tabs": tabs_of(self.course_id, self.tab)} | kwargs)


def searched_for(query: Mapping[str, str]) -> str:
    """What an address looks for; databases know no NUL."""
    return query.get("q", "").replace("\0", "").strip()[:MOST_SEARCHED]


def turned_to(kept: Iterable[tuple[str, Any]], way: str, place: Any) -> str:
    """The address of another page of a list, with what is kept of this one's as far as there is any."""
    return "?" + urlencode([*((name, value) for name, value in kept if value), (way, place)])


def beside(page: NumberedPage[Any], kept: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """The addresses of the pages beside one, for ``pager.html``; empty where there is none."""
    kept = list(kept)
    return {
        "next_url": turned_to(kept, "page", page.next_page_number()) if page.has_next() else "",
        "previous_url": turned_to(kept, "page", page.previous_page_number()) if page.has_previous() else "",
    }
