"""Exams (contract rest.md §5.1)."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.exceptions import ProctoredExamAlreadyExists
from proctoring.models import ProctoredExam
from proctoring.rest.answers import PAGED, refusals
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.exam_bodies import NON_FIELD_ERRORS, ChangedExam, ExamChangesShape, NewExam
from proctoring.rest.fields import fields_of, id_field, query_id, text_field
from proctoring.rest.pagination import listed
from proctoring.rest.shapes import EXAM_ERRORS, EXAMS, ExamIdShape, ExamShape
from proctoring.serializers import exam_dict
from proctoring.services import access, exams

NAMED_BY = [
    OpenApiParameter("exam_id", int, description="The exam; or else its place, by the other two."),
    OpenApiParameter("course_id", str),
    OpenApiParameter("content_id", str),
]


class ExamView(ProctoringAPIView):
    """Route 1."""

    @extend_schema(parameters=NAMED_BY, responses={200: ExamShape, **refusals(400)})
    def get(self, request: Request) -> Response:
        """The exam that the query names by ``exam_id``, or by ``course_id`` and ``content_id``."""
        exam_id, place = query_id(request, "exam_id"), request.query_params
        if exam_id is not None:
            return _shown(request, exams.by_id(exam_id))
        named = exams.by_content_id(text_field(place, "course_id"), text_field(place, "content_id"))
        return _shown(request, named)

    @extend_schema(request=NewExam, responses={200: ExamIdShape, 400: EXAM_ERRORS})
    def post(self, request: Request) -> Response:
        """Make an exam; ``{"exam_id": int}``."""
        access.require_site_staff(request.user)
        body = NewExam(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            exam = exams.create(**body.validated_data)
        except ProctoredExamAlreadyExists as error:
            raise ValidationError({NON_FIELD_ERRORS: [error.detail]}) from error
        return Response({"exam_id": exam.pk})

    @extend_schema(request=ExamChangesShape, responses={200: ExamIdShape, **refusals(400)})
    def put(self, request: Request) -> Response:
        """Change the exam ``exam_id``; ``{"exam_id": int}``."""
        access.require_site_staff(request.user)
        fields = fields_of(request)
        exam_id, body = id_field(fields, "exam_id"), ChangedExam(data=fields, partial=True)
        if not body.is_valid():
            name = next(iter(body.errors))
            raise ParseError(_("The field {name} cannot have this value.").format(name=name))
        return Response({"exam_id": exams.update(exam_id, **body.validated_data).pk})


class ExamByIdView(ProctoringAPIView):
    """Route 2."""

    @extend_schema(responses={200: ExamShape, **refusals(400)})
    def get(self, request: Request, exam_id: int) -> Response:
        """The exam."""
        return _shown(request, exams.by_id(exam_id))


class ExamByContentView(ProctoringAPIView):
    """Route 3."""

    @extend_schema(responses={200: ExamShape, **refusals(400)})
    def get(self, request: Request, course_id: str, content_id: str) -> Response:
        """The exam of a part of a course."""
        return _shown(request, exams.by_content_id(course_id, content_id))


class ExamsOfCourseView(ProctoringAPIView):
    """Route 4."""

    @extend_schema(parameters=PAGED, responses={200: EXAMS, **refusals(400)})
    def get(self, request: Request, course_id: str) -> HttpResponseBase:
        """The course's active exams that the caller may read, oldest first; or the page that is asked for."""
        return listed(exams.readable_in_course(request.user, course_id), exam_dict, request)


def _shown(request: Request, exam: ProctoredExam) -> Response:
    access.require_reader_of_exam(request.user, exam)
    return Response(exam_dict(exam))
