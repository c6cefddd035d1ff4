"""A learner's attempts (contract rest.md §5.3-5.5, §5.7)."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from proctoring.conf import config
from proctoring.exceptions import ProctoredExamPermissionDenied
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.rest.answers import EMPTY, refusals, texts
from proctoring.rest.base import ProctoringAPIView, empty
from proctoring.rest.conditional import CONDITIONAL, UNCHANGED, revalidated
from proctoring.rest.fields import MAX_ID, fields_of, flag_field, id_field
from proctoring.rest.shapes import (
    TIMER_OR_NONE,
    ActionShape,
    AttemptIdShape,
    NewAttemptShape,
    PolledAttemptShape,
    WantedActionShape,
)
from proctoring.serializers import attempt_dict
from proctoring.services import (
    access,
    attempts,
    exams,
    learning,
    presence,
    removal,
    resetting,
    resuming,
    starting_over,
    timing,
)

logger = logging.getLogger(__name__)

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
REPORT_ERROR = "error"
# How much of a learner's report the log takes.
MAX_DETAIL = 200
NO_TIMER = {"in_timed_exam": False, "is_proctored": False}


class AttemptCollectionView(ProctoringAPIView):
    """Route 6."""

    @extend_schema(responses=TIMER_OR_NONE)
    def get(self, request: Request) -> Response:
        """The caller's timer, in whatever course it runs; without one only that there is none."""
        learner: Any = request.user
        return Response(learning.active_attempt_data(learner.pk, is_learning_mfe=False) or NO_TIMER)

    @extend_schema(request=NewAttemptShape, responses={200: AttemptIdShape, **refusals(400, 502)})
    def post(self, request: Request) -> Response:
        """Create an attempt for the caller; ``{"exam_attempt_id": int}``."""
        fields = fields_of(request)
        exam = exams.by_id(id_field(fields, "exam_id"))
        start_clock, proctored = flag_field(fields, "start_clock"), flag_field(fields, "attempt_proctored")
        learner: Any = request.user
        if proctored and not access.may_take(learner, exam):
            raise ProctoredExamPermissionDenied
        if exam.is_proctored and not proctored:
            attempt = attempts.decline(attempts.create(exam, learner, proctored=False))
        elif start_clock and not proctored:
            # With proctoring there is a set-up first, and nothing to start before.
            attempt = attempts.create_started(exam, learner)
        else:
            attempt = attempts.create(exam, learner, proctored=proctored)
        return Response({"exam_attempt_id": attempt.pk})


class AttemptView(ProctoringAPIView):
    """Route 7."""

    @extend_schema(parameters=CONDITIONAL, responses={200: PolledAttemptShape, **UNCHANGED, **refusals(400)})
    @revalidated
    def get(self, request: Request, attempt_id: int) -> Response:
        """The caller's attempt with the time that is left now."""
        learner: Any = request.user
        attempt = attempts.own(attempt_id, learner)
        presence.seen(attempt.pk)
        seconds = timing.time_remaining_seconds(attempt)
        live = {"time_remaining_seconds": seconds, "accessibility_time_string": timing.spoken_time_left(seconds)}
        return Response(attempt_dict(attempt) | live)

    @extend_schema(request=WantedActionShape, responses={200: ActionShape, **refusals(400, 502)})
    def put(self, request: Request, attempt_id: int) -> Response:
        """Carry out ``action``; ``{"exam_attempt_id": int}``, or ``false`` for an error report that changed nothing."""
        fields = fields_of(request)
        attempt, name = attempts.by_id(attempt_id), str(fields.get("action"))
        if name == APPROVE_RESUME:
            return self._approve_resume(request, attempt, fields)
        if fields.get("user_id"):
            raise ProctoredExamPermissionDenied
        access.require_owner(request.user, attempt)
        if name not in ACTIONS:
            raise ParseError(_("This action is not known."))
        if name == REPORT_ERROR:
            _log_report(attempt, fields.get("detail"))
        moved = ACTIONS[name](attempt)
        return Response({"exam_attempt_id": moved.pk if moved else False})

    @extend_schema(request=None, responses={200: EMPTY, **refusals(400, 502)})
    def delete(self, request: Request, attempt_id: int) -> Response:
        """Remove the attempt, here and at its vendor: for staff of its course."""
        staff: Any = request.user
        attempt = attempts.by_id(attempt_id)
        access.require_staff_of_exam(staff, attempt.proctored_exam)
        removal.remove(attempt.pk, by=staff)
        return empty()

    def _approve_resume(self, request: Request, attempt: Attempt, fields: Mapping[str, Any]) -> Response:
        staff: Any = request.user
        access.require_staff_of_exam(staff, attempt.proctored_exam)
        # Without a name the caller means an attempt of their own, as clients of this route know it.
        owner = id_field(fields, "user_id") if fields.get("user_id") else staff.pk
        if owner != attempt.user_id:
            raise ProctoredExamPermissionDenied
        return Response({"exam_attempt_id": resuming.approve(attempt.pk, by=staff).pk})


class ReviewStatusView(ProctoringAPIView):
    """Route 8."""

    @extend_schema(request=None, responses={200: EMPTY, **refusals(400, 404)})
    def put(self, request: Request, attempt_id: int) -> Response:
        """The learner has seen the result, and wants to see the exam again after its due date."""
        if not config.viewable_past_due:
            raise NotFound
        attempt = attempts.by_id(attempt_id)
        access.require_owner(request.user, attempt)
        attempts.edit(attempt.pk, is_status_acknowledged=True)
        return empty()


class ResetAttemptsView(ProctoringAPIView):
    """Route 11."""

    @extend_schema(request=None, responses={200: EMPTY, **texts(404), **refusals(502)})
    def delete(self, request: Request, exam_id: int, user_id: int) -> Response:
        """Remove all attempts of a learner at an exam: for staff of the exam's course."""
        staff: Any = request.user
        exam = ProctoredExam.get_exam_by_id(exam_id)
        if exam is None:
            access.require_site_staff(staff)
        else:
            access.require_staff_of_exam(staff, exam)
        # Longer numbers than that are nobody's.
        if exam is None or user_id > MAX_ID or not starting_over.remove_all(exam.pk, user_id, by=staff):
            return Response(_("This learner has no attempts at this exam."), status=404)
        return empty()


def _log_report(attempt: Attempt, detail: object) -> None:
    """In one line, and no more than a line, whatever the browser sends."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(detail or "")[:MAX_DETAIL])
    logger.warning("A browser reports an error: attempt=%s detail=%s", attempt.pk, text)
