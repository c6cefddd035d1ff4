"""A process that has the route to the instructors' dashboard and nothing else, as a course-authoring host has."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest, **parts: Any) -> HttpResponse:
    """Any page."""
    return HttpResponse()


api_urls = ([path("dashboard/<str:course_id>/<int:exam_id>", page, name="instructor_dashboard_exam")], "edx_proctoring")
urlpatterns = [path("api/", include(api_urls))]
