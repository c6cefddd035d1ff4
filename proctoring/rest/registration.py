"""Registering all exams of a course at once (contract rest.md §5.2)."""

from http import HTTPStatus

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.rest.answers import refusals
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.exam_bodies import PublishedExam
from proctoring.rest.fields import text_field
from proctoring.rest.shapes import REGISTRATION_ERRORS, ExamIdShape
from proctoring.services import access, publishing


class RegistrationView(ProctoringAPIView):
    """Route 5."""

    @extend_schema(
        request=PublishedExam(many=True),
        responses={200: ExamIdShape(many=True), 422: REGISTRATION_ERRORS, **refusals(400)},
    )
    def patch(self, request: Request, course_id: str) -> Response:
        """Make the list the course's exams; ``[{"exam_id": int}]`` in its order. What is wrong with it is a 422."""
        access.require_site_staff(request.user)
        course_id = text_field({"course_id": course_id}, "course_id")
        body = PublishedExam(data=request.data, many=True)
        if not body.is_valid():
            return Response(body.errors, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return Response([{"exam_id": exam.pk} for exam in publishing.publish(course_id, body.validated_data)])
