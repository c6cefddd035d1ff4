"""Exams: created and changed by the LMS's publishing, told to their vendor after commit."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from proctoring.conf import config
from proctoring.exceptions import ProctoredExamAlreadyExists, ProctoredExamNotFoundException
from proctoring.models import OutboxMessage, ProctoredExam
from proctoring.services import outbox
from proctoring.services.vendors import backend_name


def by_id(exam_id: int) -> ProctoredExam:
    """The exam. Raises ``ProctoredExamNotFoundException``."""
    exam = ProctoredExam.get_exam_by_id(exam_id)
    if exam is None:
        raise ProctoredExamNotFoundException
    return exam


def by_content_id(course_id: str, content_id: str) -> ProctoredExam:
    """The exam of a part of a course. Raises ``ProctoredExamNotFoundException``."""
    exam = ProctoredExam.get_exam_by_content_id(course_id, content_id)
    if exam is None:
        raise ProctoredExamNotFoundException
    return exam


def create(
    *,
    course_id: str,
    content_id: str,
    exam_name: str,
    time_limit_mins: int,
    due_date: datetime | None = None,
    **flags: Any,
) -> ProctoredExam:
    """
    A new exam; ``flags`` are its other columns. Without a ``backend`` it gets the default one, for good.

    Raises ``ProctoredExamAlreadyExists``.
    """
    flags["backend"] = flags.get("backend") or config.backends.get("DEFAULT")
    try:
        with transaction.atomic():
            return ProctoredExam.objects.create(
                course_id=course_id,
                content_id=content_id,
                exam_name=exam_name,
                time_limit_mins=time_limit_mins,
                due_date=due_date,
                **flags,
            )
    except IntegrityError:
        raise ProctoredExamAlreadyExists from None


def tell_vendor(exam: ProctoredExam) -> None:
    """Have the exam's vendor told, after commit, what the exam is now."""
    backend = backend_name(exam)[:64]
    message = OutboxMessage(
        kind="vendor.exam", destination=backend, stream=f"exam:{exam.pk}", payload={"exam_id": exam.pk}
    )
    outbox.write([message])
