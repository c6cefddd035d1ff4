"""What the platform's retirement of learners calls (contract rest.md §5.23, §5.24)."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.common.errors import DomainError
from proctoring.exceptions import LearnerHeld, ProctoredExamPermissionDenied
from proctoring.rest.answers import EMPTY, FORBIDDEN
from proctoring.rest.base import ProctoringAPIView, empty
from proctoring.rest.shapes import RETIRED_AT_VENDORS
from proctoring.services import access, retirement

HELD_HEADER = "Retention-Hold"


class RetirementView(ProctoringAPIView):
    """For the service that retires learners; anybody else gets no body."""

    def refusal(self, error: DomainError) -> Any:
        return None if isinstance(error, ProctoredExamPermissionDenied) else super().refusal(error)


class BackendRetirementView(RetirementView):
    """Route 30."""

    @extend_schema(
        request=None,
        responses={
            200: OpenApiResponse(RETIRED_AT_VENDORS, "Every vendor has deleted the learner."),
            403: FORBIDDEN,
            500: OpenApiResponse(RETIRED_AT_VENDORS, "A vendor has not. Asked again, only those are asked."),
        },
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Have vendors delete the learner; ``{backend: whether it did}``, with status 500 where one did not."""
        access.require_retirement_service(request.user)
        answers = retirement.at_vendors(user_id, asked_by=f"account {request.user.pk}")
        everybody = all(answers.values())
        return Response(answers, status.HTTP_200_OK if everybody else status.HTTP_500_INTERNAL_SERVER_ERROR)


class UserRetirementView(RetirementView):
    """Route 31."""

    @extend_schema(request=None, responses={204: EMPTY, 403: FORBIDDEN})
    def post(self, request: Request, user_id: int) -> Response:
        """
        Blank what we keep of the learner; while a legal hold keeps it, that is remembered and done when it is lifted,
        and the answer has the header `Retention-Hold: true`.
        """
        access.require_retirement_service(request.user)
        try:
            retirement.erase(user_id, asked_by=f"account {request.user.pk}")
        except LearnerHeld:
            # The route has one answer, and the platform's retirement has nothing more to do: the rest is ours.
            answer = empty(status.HTTP_204_NO_CONTENT)
            answer[HELD_HEADER] = "true"
            return answer
        return empty(status.HTTP_204_NO_CONTENT)
