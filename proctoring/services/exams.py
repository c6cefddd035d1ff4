"""Exams: created and changed by the LMS's publishing, told to their vendor after commit."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from proctoring.conf import config
from proctoring.exceptions import ProctoredExamAlreadyExists, ProctoredExamNotFoundException
from proctoring.models import OutboxMessage, ProctoredExam, ProctoredExamStudentAttempt
from proctoring.serializers import exam_dict
from proctoring.services import allowances, clock, events, mail, outbox, timing, vendors
from proctoring.services.references import key_of
from proctoring.services.vendors import backend_name, backend_of
from proctoring.statuses import IN_PROGRESS, PRE_START


def by_id(exam_id: int) -> ProctoredExam:
    """The exam. Raises ``ProctoredExamNotFoundException``."""
    exam = ProctoredExam.get_exam_by_id(key_of(exam_id))
    if exam is None:
        raise ProctoredExamNotFoundException
    return exam


def by_content_id(course_id: str, content_id: str) -> ProctoredExam:
    """The exam of a part of a course. Raises ``ProctoredExamNotFoundException``."""
    exam = ProctoredExam.get_exam_by_content_id(course_id, content_id)
    if exam is None:
        raise ProctoredExamNotFoundException
    return exam


def held(exam_id: int) -> ProctoredExam:
    """
    The exam, held until the running transaction ends; learners go on beginning attempts at it where the database can
    tell. Raises ``ProctoredExamNotFoundException``.
    """
    exams = ProctoredExam.objects.select_for_update(no_key=connection.features.has_select_for_no_key_update)
    exam = exams.filter(pk=key_of(exam_id)).first()
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

    Raises ``ProctoredExamAlreadyExists``, also for the slower one of two at the same time.
    """
    flags["backend"] = flags.get("backend") or config.backends.get("DEFAULT")
    try:
        with transaction.atomic():
            exam = ProctoredExam.objects.create(
                course_id=course_id,
                content_id=content_id,
                exam_name=exam_name,
                time_limit_mins=time_limit_mins,
                due_date=due_date,
                **flags,
            )
    except IntegrityError:
        if ProctoredExam.get_exam_by_content_id(course_id, content_id) is None:
            raise
        raise ProctoredExamAlreadyExists from None
    events.emit(exam, "created")
    return exam


def update(exam_id: int, **changes: Any) -> ProctoredExam:
    """
    The exam with ``changes``, its columns by name. Learners who are sitting it get the time that this means.

    Raises ``ProctoredExamNotFoundException``.
    """
    with transaction.atomic():
        exam = held(exam_id)
        limit, due_date = exam.time_limit_mins, exam.due_date
        for name, value in changes.items():
            setattr(exam, name, value)
        exam.save()
        if exam.time_limit_mins != limit:
            allowances.follow_time_limit(exam)
        if (exam.time_limit_mins, exam.due_date) != (limit, due_date):
            _move_deadlines(exam)
        events.emit(exam, "updated")
    return exam


def total_minutes(exam: ProctoredExam, user_id: int) -> int:
    """Whole minutes the learner has for the exam, what an earlier attempt had left counted (contract §2.8)."""
    attempt = ProctoredExamStudentAttempt.objects.get_current_exam_attempt(exam.pk, user_id)
    return timing.allowed_minutes(exam, user_id, None, attempt.time_remaining_seconds if attempt else None)


def proctoring_settings(exam: ProctoredExam) -> dict[str, Any]:
    """
    What the learning front end shows around the exam (contract python.md §4.2).

    May ask the vendor, so never within a transaction. Raises ``BackendProviderNotConfigured`` and what the vendor's
    plugin raises.
    """
    shown: dict[str, Any] = {
        "platform_name": config.platform_name,
        "contact_us": config.contact_email,
        "link_urls": config.link_urls,
        "exam_proctoring_backend": {},
    }
    provider = backend_of(exam)
    if provider is None:
        return shown
    return shown | {
        "exam_proctoring_backend": provider.get_proctoring_config(),
        "provider_tech_support_email": provider.tech_support_email,
        "provider_tech_support_phone": provider.tech_support_phone,
        "provider_name": provider.verbose_name,
        "learner_notification_from_email": provider.learner_notification_from_email,
        "integration_specific_email": vendors.integration_specific_email(provider),
        "proctoring_escalation_email": mail.escalation_email(exam.course_id),
    }


def tell_vendor(exam: ProctoredExam) -> None:
    """Have the exam's vendor told, after commit, what the exam is now."""
    _tell("vendor.exam", exam, backend_name(exam), {"exam_id": exam.pk})


def leave_vendor(before: ProctoredExam, exam: ProctoredExam) -> None:
    """
    Where ``exam``, about to be saved, has another vendor than ``before``: the old one is told, after commit, that the
    exam is over, and its id of the exam is not taken to the new one.
    """
    if backend_name(before) == backend_name(exam):
        return
    if not before.external_id:
        return
    if exam.external_id == before.external_id:
        exam.external_id = None
    if before.is_proctored:
        due_date = before.due_date.isoformat() if before.due_date else None
        document = exam_dict(before) | {"is_active": False, "due_date": due_date}
        _tell("vendor.exam_left", before, backend_name(before), {"backend": backend_name(before), "exam": document})


def _tell(kind: str, exam: ProctoredExam, backend: str, payload: dict[str, Any]) -> None:
    stream = f"{kind.removeprefix('vendor.')}:{exam.pk}"
    outbox.write([OutboxMessage(kind=kind, destination=backend[:64], stream=stream, payload=payload)])


def _move_deadlines(exam: ProctoredExam) -> None:
    """Attempts that have not started are held too: one that starts at this moment waits, and sees the new time."""
    attempts = ProctoredExamStudentAttempt.objects.select_for_update().filter(proctored_exam=exam)
    if list(attempts.filter(status__in=PRE_START | IN_PROGRESS).order_by("pk").values_list("pk", flat=True)):
        clock.reschedule_all(exam)
