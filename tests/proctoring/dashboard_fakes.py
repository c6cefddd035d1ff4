"""A vendor with a dashboard, and a process that has nothing but the way to it."""

from typing import Any

from django.urls import include, path

from proctoring.urls import dashboards
from tests.fakes import WatchingBackend

SHOWS = {"class": "tests.proctoring.dashboard_fakes.ShowingBackend", "verbose_name": "Shower"}
BACKENDS = {
    "DEFAULT": "shower",
    "shower": SHOWS,
    "other": SHOWS | {"verbose_name": "Other"},
    "null": {},
}

# As Studio has it: the last of the two routes, and no other.
studio = ([dashboards[1]], "edx_proctoring")
urlpatterns = [path("api/", include(studio))]


class ShowingBackend(WatchingBackend):
    """A vendor with a dashboard at ``url``."""

    has_dashboard = True

    def forget(self) -> None:
        super().forget()
        self.url: Any = "https://vendor.example/dashboard"

    def get_instructor_url(self, *what: Any, **about: Any) -> Any:
        self._called("dashboard", what, about)
        return self.url
