"""A course's attempts, one row for each learner and exam (contract rest.md §5.6)."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.rest.answers import PAGE
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.pagination import clamped_page, pagination_info
from proctoring.rest.shapes import GroupedAttemptsShape
from proctoring.services import access, listings
from proctoring.services.course_pairs import CoursePairs, SearchedPairs


class GroupedAttemptsView(ProctoringAPIView):
    """Routes 9 and 10."""

    @extend_schema(parameters=[PAGE], responses=GroupedAttemptsShape)
    def get(self, request: Request, course_id: str, search_by: str = "") -> Response:
        """A page of 25: the latest attempt of each learner at each exam, newest first, with all of their attempts."""
        access.require_course_staff(request.user, course_id)
        pairs = SearchedPairs(course_id, search_by) if search_by else CoursePairs(course_id)
        page = clamped_page(pairs, request)
        return Response(
            {
                "proctored_exam_attempts": listings.grouped(page.object_list),
                "pagination_info": pagination_info(page),
                "attempt_url": _path(course_id, search_by),
            }
        )


def _path(course_id: str, search_by: str) -> str:
    """Path of the same list, whose pages clients ask for themselves."""
    if not search_by:
        return reverse("edx_proctoring:proctored_exam.attempts.grouped.course", kwargs={"course_id": course_id})
    searched = {"course_id": course_id, "search_by": search_by}
    return reverse("edx_proctoring:proctored_exam.attempts.grouped.search", kwargs=searched)
