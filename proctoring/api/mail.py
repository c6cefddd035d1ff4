"""The mail about an attempt, not yet sent (contract python.md §4.10, §7)."""

from typing import Any

from django.core.mail import EmailMultiAlternatives

from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import mail


def create_proctoring_attempt_status_email(
    exam_attempt_obj: ProctoredExamStudentAttempt, course_name: str | None, course_id: Any
) -> EmailMultiAlternatives | None:
    """
    The unsent mail that the attempt's status calls for; None for a status without one, for practice, without
    proctoring, and for a learner without an address.

    ``course_id`` is a text or a course key.
    """
    if not mail.is_due(exam_attempt_obj):
        return None
    return mail.status_email(exam_attempt_obj, exam_attempt_obj.status, course_name, str(course_id))
