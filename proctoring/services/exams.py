"""Exams: created and changed by the LMS's publishing, told to their vendor after commit."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from proctoring.backends.base import ProctoringBackendProvider
from proctoring.conf import config
from proctoring.exceptions import ProctoredExamAlreadyExists, ProctoredExamNotFoundException
from proctoring.models import CourseHold, OutboxMessage, ProctoredExam, ProctoredExamStudentAttempt
from proctoring.serializers import exam_dict
from proctoring.services import access, allowances, clock, events, mail, outbox, timing, vendors
from proctoring.services.references import key_of
from proctoring.services.vendors import backend_name, backend_of
from proctoring.statuses import IN_PROGRESS, PRE_START

logger = logging.getLogger(__name__)


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
    exam = _for_update().filter(pk=key_of(exam_id)).first()
    if exam is None:
        raise ProctoredExamNotFoundException
    return exam


def held_in_course(course_id: str) -> "QuerySet[ProctoredExam]":
    """The course's exams, active or not, as :func:`held`; in the order of their ids, in which everybody takes them."""
    return _for_update().filter(course_id=course_id).order_by("pk")


def hold_course(course_id: str) -> None:
    """Keep everybody else from adding exams to the course until the running transaction ends."""
    # MySQL and MariaDB find out for themselves which of the constraints is meant.
    names_target = connection.features.supports_update_conflicts_with_target
    CourseHold.objects.bulk_create(
        [CourseHold(course_id=course_id)],
        update_conflicts=True,
        update_fields=["course_id"],
        unique_fields=["course_id"] if names_target else None,
    )


def _for_update() -> "QuerySet[ProctoredExam]":
    return ProctoredExam.objects.select_for_update(no_key=connection.features.has_select_for_no_key_update)


def readable_in_course(user: Any, course_id: str) -> "QuerySet[ProctoredExam]":
    """
    The course's active exams that the user may read, oldest first (contract rest.md §9.1 S13).

    The host's permission is about one exam, so it is asked for each proctored one, of whoever is not staff.
    """
    exams = ProctoredExam.get_all_exams_for_course(course_id, active_only=True)
    if access.is_course_staff(user, course_id):
        return exams
    permitted = [exam.pk for exam in exams.filter(is_proctored=True) if access.may_take(user, exam)]
    return exams.filter(Q(is_proctored=False) | Q(pk__in=permitted))


def create(**columns: Any) -> ProctoredExam:
    """
    A new exam: ``course_id``, ``content_id``, ``exam_name``, ``time_limit_mins`` and what else is said of its columns.
    Without a ``backend`` it gets the default one, for good.

    Raises ``ProctoredExamAlreadyExists``, also for the slower one of two at the same time.
    """
    with transaction.atomic():
        hold_course(columns["course_id"])
        return add(**columns)


def add(*, course_id: str, content_id: str, **columns: Any) -> ProctoredExam:
    """:func:`create` in a course that is held."""
    columns["backend"] = columns.get("backend") or config.backends.get("DEFAULT")
    columns["due_date"] = timing.aware(columns.get("due_date"))
    try:
        with transaction.atomic():
            exam = ProctoredExam.objects.create(course_id=course_id, content_id=content_id, **columns)
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
        if change(exam, changes):
            move_deadlines([exam])
    return exam


def change(exam: ProctoredExam, changes: Mapping[str, Any]) -> bool:
    """
    Write ``changes`` to an exam that is held. Whether they mean another time for those who are sitting it, whose
    deadlines are then to be moved in the same transaction.
    """
    limit, due_date = exam.time_limit_mins, exam.due_date
    for name, value in changes.items():
        setattr(exam, name, timing.aware(value) if name == "due_date" else value)
    exam.save()
    if exam.time_limit_mins != limit:
        allowances.follow_time_limit(exam)
    events.emit(exam, "updated")
    return (exam.time_limit_mins, exam.due_date) != (limit, due_date)


def move_deadlines(exams: Collection[ProctoredExam]) -> None:
    """
    Give those who are sitting ``exams`` the time that the exams have now.

    Attempts that have not started are held too: one that starts at this moment waits, and sees the new time.
    """
    if not exams:
        return
    attempts = ProctoredExamStudentAttempt.objects.select_for_update().filter(
        proctored_exam__in=exams, status__in=PRE_START | IN_PROGRESS
    )
    taken = set(attempts.order_by("pk").values_list("proctored_exam_id", flat=True))
    for exam in exams:
        if exam.pk in taken:
            clock.reschedule_all(exam)


def total_minutes(exam: ProctoredExam, user_id: int) -> int:
    """Whole minutes the learner has for the exam, what an earlier attempt had left counted (contract §2.8)."""
    attempt = ProctoredExamStudentAttempt.objects.get_current_exam_attempt(exam.pk, user_id)
    return timing.allowed_minutes(exam, user_id, None, attempt.time_remaining_seconds if attempt else None)


def proctoring_settings(exam: ProctoredExam) -> dict[str, Any]:
    """
    What the learning front end shows around the exam (contract python.md §4.2).

    May ask the vendor, so never within a transaction. Raises ``BackendProviderNotConfigured``.
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
        "exam_proctoring_backend": _vendors_document(provider),
        "provider_tech_support_email": provider.tech_support_email,
        "provider_tech_support_phone": provider.tech_support_phone,
        "provider_name": provider.verbose_name,
        "learner_notification_from_email": provider.learner_notification_from_email,
        "integration_specific_email": vendors.integration_specific_email(provider),
        "proctoring_escalation_email": mail.escalation_email(exam.course_id),
    }


def _vendors_document(provider: ProctoringBackendProvider) -> Mapping[str, Any] | None:
    """What the vendor says of itself; None where it says nothing, empty where it cannot be asked."""
    try:
        return provider.get_proctoring_config()
    # Plugins raise whatever their vendor's library raises. Whom to ask for help is what a learner needs to see then.
    except Exception as error:
        logger.warning("A vendor gave no configuration: error=%s", type(error).__name__)
        return {}


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
