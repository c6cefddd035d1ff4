"""What the learning front end shows around an exam (contract rest.md §5.14, §5.15)."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.rest.answers import refusals
from proctoring.rest.base import ProctoringAPIView
from proctoring.rest.shapes import ReviewPolicyShape, SettingsShape
from proctoring.services import access, exams, policies


class ProctoringSettingsView(ProctoringAPIView):
    """Route 20."""

    @extend_schema(responses={200: SettingsShape, **refusals(400, 500)})
    def get(self, request: Request, exam_id: int) -> Response:
        """Whom to ask for help, and how the exam's vendor works."""
        exam = exams.by_id(exam_id)
        access.require_reader_of_exam(request.user, exam)
        return Response(exams.proctoring_settings(exam))


class ReviewPolicyView(ProctoringAPIView):
    """Route 21."""

    @extend_schema(responses={200: ReviewPolicyShape})
    def get(self, request: Request, exam_id: int) -> Response:
        """What the reviewers are told; null where there is nothing, or no such exam."""
        try:
            exam = exams.by_id(exam_id)
        except ProctoredExamNotFoundException:
            return Response({"review_policy": None})
        access.require_reader_of_exam(request.user, exam)
        return Response({"review_policy": policies.text_for(exam)})
