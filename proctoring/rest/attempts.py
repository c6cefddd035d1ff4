"""A learner's attempts (contract rest.md §5.3, §5.4)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.rest.base import ProctoringAPIView, fields_of, flag_field, id_field
from proctoring.serializers import attempt_dict
from proctoring.services import access, attempts, exams, resetting, resuming, timing

Attempt = ProctoredExamStudentAttempt

# What a learner does to an attempt of their own.
ACTIONS: dict[str, Callable[[Attempt], Attempt | None]] = {
    "start": attempts.start,
    "stop": attempts.stop,
    "submit": attempts.submit,
    "click_download_software": attempts.click_download,
    "decline": attempts.decline,
    "error": attempts.report_error,
    "reset_attempt": lambda attempt: resetting.reset(attempt.proctored_exam, attempt.user_id, by=attempt.user),
}
APPROVE_RESUME = "mark_ready_to_resume"


class AttemptCollectionView(ProctoringAPIView):
    """Route 6."""

    def post(self, request: Request) -> Response:
        """Create an attempt for the caller; ``{"exam_attempt_id": int}``."""
        fields = fields_of(request)
        exam = exams.by_id(id_field(fields, "exam_id"))
        start_clock, proctored = flag_field(fields, "start_clock"), flag_field(fields, "attempt_proctored")
        learner: Any = request.user
        if proctored and not access.may_take(learner, exam):
            raise ProctoredExamPermissionDenied
        attempt = attempts.create(exam, learner, proctored=proctored)
        if exam.is_proctored and not proctored:
            attempts.decline(attempt)
        elif start_clock and not proctored:
            # With proctoring there is a set-up first, and nothing to start before.
            attempts.start(attempt)
        return Response({"exam_attempt_id": attempt.pk})


class AttemptView(ProctoringAPIView):
    """Route 7."""

    def get(self, request: Request, attempt_id: int) -> Response:
        """The caller's attempt with the time that is left now."""
        attempt = self._own(request, attempt_id)
        seconds = timing.time_remaining_seconds(attempt)
        live = {"time_remaining_seconds": seconds, "accessibility_time_string": timing.spoken_time_left(seconds)}
        return Response(attempt_dict(attempt) | live)

    def put(self, request: Request, attempt_id: int) -> Response:
        """Carry out ``action``; ``{"exam_attempt_id": int}``, or ``false`` for an error report that came too late."""
        fields = fields_of(request)
        name = str(fields.get("action"))
        if name == APPROVE_RESUME:
            return self._approve_resume(request, attempts.by_id(attempt_id), fields)
        attempt = self._own(request, attempt_id)
        if fields.get("user_id"):
            raise ProctoredExamPermissionDenied
        action = ACTIONS.get(name)
        if action is None:
            raise ParseError(_("This action is not known."))
        moved = action(attempt)
        return Response({"exam_attempt_id": moved.pk if moved else False})

    def _approve_resume(self, request: Request, attempt: Attempt, fields: Mapping[str, Any]) -> Response:
        staff: Any = request.user
        # Without a name the caller means an attempt of their own, as clients of this route know it.
        owner = id_field(fields, "user_id") if fields.get("user_id") else staff.pk
        if owner != attempt.user_id or not access.is_course_staff(staff, attempt.proctored_exam.course_id):
            raise ProctoredExamPermissionDenied
        return Response({"exam_attempt_id": resuming.approve(attempt.pk, by=staff).pk})

    def _own(self, request: Request, attempt_id: int) -> Attempt:
        attempt = attempts.by_id(attempt_id)
        if attempt.user_id != request.user.pk:
            raise ProctoredExamPermissionDenied
        return attempt
