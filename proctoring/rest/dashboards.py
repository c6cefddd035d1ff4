"""The ways to vendors' dashboards (contract rest.md §5.22)."""

from typing import Any

from django.http import HttpResponseRedirect
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.errors import DomainError
from proctoring.exceptions import DashboardNotFound, SeveralProctoringServices
from proctoring.rest.answers import LOCATION, refusals, texts
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.fields import TRUE_TEXT, text_field
from proctoring.services import access, dashboards

TO_VENDOR = OpenApiResponse(description="The vendor's dashboard; the address holds for a moment and for the caller.")


class DashboardView(ProctoringAPIView):
    """What is missing is said as a bare text, which instructors read in a frame of the course's own page."""

    def refusal(self, error: DomainError) -> Any:
        if isinstance(error, DashboardNotFound | SeveralProctoringServices):
            return error.detail
        return super().refusal(error)

    def handle_exception(self, exc: Exception) -> Response:
        answer: Response = super().handle_exception(exc)
        if isinstance(exc, DashboardNotFound):
            answer["X-Frame-Options"] = "sameorigin"
        return answer


class CourseDashboardView(DashboardView):
    """Route 28."""

    @extend_schema(parameters=[LOCATION], responses={302: TO_VENDOR, **texts(400, 404), **refusals(502)})
    def get(self, request: Request, course_id: str) -> HttpResponseRedirect:
        """To the vendor's dashboard of the course."""
        access.require_course_staff(request.user, course_id)
        return HttpResponseRedirect(dashboards.address_for_course(course_id, request.user))


class ExamDashboardView(DashboardView):
    """Route 29, which Studio has too."""

    @extend_schema(
        parameters=[
            OpenApiParameter("attempt", str, description="The vendor's id of an attempt at the exam."),
            OpenApiParameter("config", str, description="`true`: the exam's configuration."),
            LOCATION,
        ],
        responses={302: TO_VENDOR, **refusals(400, 502), **texts(404)},
    )
    def get(self, request: Request, course_id: str, exam_id: str) -> HttpResponseRedirect:
        """To the vendor's dashboard of an exam, of one of its attempts, or of the exam's configuration."""
        access.require_course_staff(request.user, course_id)
        query = request.query_params
        address = dashboards.address_for_exam(
            course_id,
            exam_id,
            request.user,
            attempt=text_field(query, "attempt") if query.get("attempt") else None,
            configuration=query.get("config", "").lower() == TRUE_TEXT,
        )
        return HttpResponseRedirect(address)
