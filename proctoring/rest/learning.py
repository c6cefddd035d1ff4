"""What a learner is sitting now, and an exam as the learning micro-frontend shows it (contract rest.md §5.11-5.13)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.rest.answers import FOR_LEARNING_MFE, PAGED, refusals
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.conditional import CONDITIONAL, UNCHANGED, revalidated
from proctoring.rest.fields import fields_of, for_learning_mfe, id_field, text_field
from proctoring.rest.pagination import asked_for, complete_list, counted
from proctoring.rest.parsers import NUL
from proctoring.rest.shapes import ACTIVE_EXAMS, TIMER_OR_NOTHING, ExamAttemptsShape
from proctoring.services import access, learning, listings

OF_ANYBODY = OpenApiParameter("user_id", int, description="Another learner; for staff of the site only.")
ASKED_FOR = [
    OpenApiParameter("user_id", int, description="The caller by default; others for staff only."),
    OpenApiParameter("course_id", str, description="In this course only; staff of a course have to name it."),
]
CONTENT_ID = OpenApiParameter("content_id", str, description="Usage key of the exam's part of the course.")


class ActiveExamsView(ProctoringAPIView):
    """Route 17."""

    @extend_schema(
        parameters=[*ASKED_FOR, *PAGED, *CONDITIONAL], responses={200: ACTIVE_EXAMS, **UNCHANGED, **refusals(400)}
    )
    @revalidated
    def get(self, request: Request) -> HttpResponseBase:
        """
        Exam, attempt and allowances of what runs now, newest first: the caller's own, or ``user_id``'s.

        Others' are for staff: of the whole site, or of the course that is asked for.
        """
        asked, caller = _asked(request), _caller(request)
        user_id = id_field(asked, "user_id") if "user_id" in asked else caller.pk
        course_id = text_field(asked, "course_id") if "course_id" in asked else None
        if user_id != caller.pk and course_id:
            access.require_course_staff(caller, course_id)
        elif user_id != caller.pk:
            access.require_site_staff(caller)
        is_own = user_id == caller.pk
        found = listings.own_active(caller, course_id) if is_own else listings.active(user_id, course_id)
        active = [one.as_dict() for one in found]
        page = asked_for(active, request)
        return complete_list(active) if page is None else Response({"results": list(page), **counted(page)})


class ExamAttemptsView(ProctoringAPIView):
    """Route 18."""

    @extend_schema(
        parameters=[CONTENT_ID, FOR_LEARNING_MFE, OF_ANYBODY, *CONDITIONAL],
        responses={200: ExamAttemptsShape, **UNCHANGED, **refusals(400)},
    )
    @revalidated
    def get(self, request: Request, course_id: str) -> Response:
        """``exam``, and ``active_attempt`` in any course; each is empty where there is none."""
        user_id = _whose(request)
        if user_id != request.user.pk:
            access.learner(user_id)
        # Clients quote the usage key once for themselves and once for the query string.
        content_id = unquote(request.query_params.get("content_id", "")).replace(NUL, "")
        answer = learning.exam_and_active_attempt(
            user_id, course_id, content_id, reader=request.user, is_learning_mfe=for_learning_mfe(request)
        )
        return Response(answer)


class ActiveAttemptView(ProctoringAPIView):
    """Route 19."""

    @extend_schema(parameters=[OF_ANYBODY], responses={200: TIMER_OR_NOTHING, **refusals(400)})
    def get(self, request: Request) -> Response:
        """Timer payload of the newest attempt in progress, with addresses of the learning micro-frontend; or empty."""
        return Response(learning.active_attempt_data(_whose(request), is_learning_mfe=True))


def _caller(request: Request) -> Any:
    return request.user


def _whose(request: Request) -> int:
    """The caller, or the learner that staff of the whole site name; for others naming anybody is a 403."""
    if not request.query_params.get("user_id"):
        return int(_caller(request).pk)
    access.require_site_staff(request.user)
    return id_field(request.query_params, "user_id")


def _asked(request: Request) -> Mapping[str, Any]:
    """What the query string says, or else the body, which is where clients had to put it (contract rest.md §5.11)."""
    body, query = fields_of(request), request.query_params
    given = {name: query.get(name) or body.get(name) for name in ("user_id", "course_id")}
    return {name: value for name, value in given.items() if value not in (None, "")}
