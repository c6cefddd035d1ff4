"""The least that a signed-in request can be: whoever asks is known, and one row is read by its key."""

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from proctoring.models import ProctoredExamStudentAttempt


class ControlView(APIView):
    """What all other requests are measured against."""

    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]

    def get(self, request: Request, attempt_id: int) -> Response:
        """Three statements: the session, the user, the row."""
        row: dict[str, Any] = ProctoredExamStudentAttempt.objects.values("id", "status").get(pk=attempt_id)
        return Response(row)
