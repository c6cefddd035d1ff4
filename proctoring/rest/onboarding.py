"""Onboarding: where a learner stands, and where everybody of a course does (contract rest.md §5.16, §5.17)."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.errors import DomainError
from proctoring.exceptions import BackendProviderOnboardingProfilesException, OnboardingProfilesNotKept
from proctoring.rest.answers import FOR_LEARNING_MFE, PAGE, refusals, texts
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.fields import for_learning_mfe, list_field, text_field
from proctoring.rest.pagination import clamped_page
from proctoring.rest.shapes import CourseOnboardingShape, OnboardingPanelShape
from proctoring.services import access, onboarding


class OnboardingStatusView(ProctoringAPIView):
    """Route 22."""

    @extend_schema(
        parameters=[
            OpenApiParameter("course_id", str, required=True),
            OpenApiParameter("username", str, description="Another learner; for course staff."),
            FOR_LEARNING_MFE,
        ],
        responses={200: OnboardingPanelShape, **refusals(400), **texts(404)},
    )
    def get(self, request: Request) -> Response:
        """Where the caller, or for course staff the learner called ``username``, stands with a course's onboarding."""
        course_id = text_field(request.query_params, "course_id")
        panel = onboarding.panel_of(course_id, self._learner(request, course_id))
        standing = panel.onboarding
        return Response(
            {
                "onboarding_status": standing.status,
                "onboarding_link": panel.link(is_learning_mfe=for_learning_mfe(request)) or None,
                "expiration_date": standing.expiration_text or standing.expiration_date,
                "onboarding_past_due": panel.past_due,
                "onboarding_release_date": _text(panel.choice.release_date),
                "review_requirements_url": panel.review_requirements_url,
            }
        )

    def refusal(self, error: DomainError) -> Any:
        # The one refusal here that is a bare text.
        return error.detail if isinstance(error, OnboardingProfilesNotKept) else super().refusal(error)

    def _learner(self, request: Request, course_id: str) -> Any:
        caller: Any = request.user
        if not request.query_params.get("username"):
            return caller
        username = text_field(request.query_params, "username")
        if username == caller.get_username():
            return caller
        access.require_course_staff(caller, course_id)
        return onboarding.learner_named(username)


class CourseOnboardingView(ProctoringAPIView):
    """Route 23."""

    @extend_schema(
        parameters=[
            PAGE,
            OpenApiParameter("text_search", str, description="A part of a username or an e-mail address."),
            OpenApiParameter("statuses", str, description="Only learners with one of these, with commas between."),
        ],
        responses={200: CourseOnboardingShape, **refusals(400, 404, 503)},
    )
    def get(self, request: Request, course_id: str) -> Response:
        """A page of a course's learners with their onboarding; the vendor's word for it where the switch says so."""
        access.require_course_staff(request.user, course_id)
        backend = onboarding.offered_by(course_id)
        by_vendor = onboarding.courses_by_vendor()
        rows_of = onboarding.rows_by_vendor if by_vendor else onboarding.rows_of_course
        search, statuses = _search(request), list_field(request.query_params, "statuses")
        page = clamped_page(rows_of(course_id, backend, search, statuses), request)
        kept = {"text_search": search, "statuses": ",".join(statuses)}
        address = reverse("edx_proctoring:user_onboarding.status.course", args=[course_id])
        return Response(
            {
                "results": [_row(row) for row in page],
                **_envelope(page, address, {name: value for name, value in kept.items() if value}),
                "use_onboarding_profile_api": by_vendor,
            }
        )

    def refusal_status(self, error: DomainError) -> int:
        if isinstance(error, BackendProviderOnboardingProfilesException):
            return status.HTTP_503_SERVICE_UNAVAILABLE
        return super().refusal_status(error)


def _search(request: Request) -> str | None:
    asked = request.query_params.get("text_search")
    return text_field(request.query_params, "text_search").strip() if asked else None


def _row(row: onboarding.CourseRow) -> dict[str, Any]:
    return {
        "username": row.username,
        "enrollment_mode": row.enrollment_mode,
        "status": row.status,
        "modified": row.modified,
    }


def _envelope(page: "Page[Any]", address: str, query: dict[str, Any]) -> dict[str, Any]:
    """Where the page stands; ``next`` and ``previous`` are paths that keep the ``query``."""

    def path(number: int) -> str:
        return f"{address}?{urlencode(query | {'page': number})}"

    return {
        "count": page.paginator.count,
        "num_pages": page.paginator.num_pages,
        "next": path(page.next_page_number()) if page.has_next() else None,
        "previous": path(page.previous_page_number()) if page.has_previous() else None,
    }


def _text(moment: datetime | None) -> str | None:
    """With ``+00:00``: the clients of this key know no other sign of UTC."""
    return moment.astimezone(UTC).isoformat() if moment else None
