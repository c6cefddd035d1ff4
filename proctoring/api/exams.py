"""Exams and the notes for their reviewers, ids in and dicts out (contract python.md §4.2, §4.3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from proctoring.conf import MINIMUM_TIME
from proctoring.models import ProctoredExam
from proctoring.serializers import exam_dict, policy_dict
from proctoring.services import exams, policies, timing

COLUMNS = frozenset(field.attname for field in ProctoredExam._meta.concrete_fields)


def create_exam(
    course_id: str,
    content_id: str,
    exam_name: str,
    time_limit_mins: int,
    due_date: datetime | None = None,
    is_proctored: bool = True,
    is_practice_exam: bool = False,
    external_id: str | None = None,
    is_active: bool = True,
    hide_after_due: bool = False,
    backend: str | None = None,
) -> int:
    """Create an exam; its id. Raises ``ProctoredExamAlreadyExists``."""
    exam = exams.create(
        course_id=course_id,
        content_id=content_id,
        exam_name=exam_name,
        time_limit_mins=time_limit_mins,
        due_date=due_date,
        is_proctored=is_proctored,
        is_practice_exam=is_practice_exam,
        external_id=external_id,
        is_active=is_active,
        hide_after_due=hide_after_due,
        backend=backend,
    )
    return exam.pk


def update_exam(
    exam_id: int,
    exam_name: str | None = None,
    time_limit_mins: int | None = None,
    due_date: datetime | None = MINIMUM_TIME,
    is_proctored: bool | None = None,
    is_practice_exam: bool | None = None,
    external_id: str | None = None,
    is_active: bool | None = None,
    hide_after_due: bool | None = None,
    backend: str | None = None,
) -> int:
    """
    Change an exam; its id. None leaves a column as it is, except that it clears ``due_date``.

    Raises ``ProctoredExamNotFoundException``.
    """
    columns = {
        "exam_name": exam_name,
        "time_limit_mins": time_limit_mins,
        "is_proctored": is_proctored,
        "is_practice_exam": is_practice_exam,
        "external_id": external_id,
        "is_active": is_active,
        "hide_after_due": hide_after_due,
        "backend": backend,
    }
    changes: dict[str, Any] = {name: value for name, value in columns.items() if value is not None}
    if due_date is not MINIMUM_TIME:
        changes["due_date"] = due_date
    return exams.update(exam_id, **changes).pk


def get_exam_by_id(exam_id: int) -> dict[str, Any]:
    """ExamDict. Raises ``ProctoredExamNotFoundException``."""
    return exam_dict(exams.by_id(exam_id))


def get_exam_by_content_id(course_id: str, content_id: str) -> dict[str, Any]:
    """ExamDict. Raises ``ProctoredExamNotFoundException``."""
    return exam_dict(exams.by_content_id(course_id, content_id))


def get_all_exams_for_course(course_id: str, active_only: bool = False) -> list[dict[str, Any]]:
    """ExamDicts, oldest first; none for a course nobody knows."""
    return [exam_dict(exam) for exam in ProctoredExam.get_all_exams_for_course(course_id, active_only)]


def is_exam_passed_due(exam: Mapping[str, Any], user: Any = None) -> bool:
    """
    Whether the exam of an ExamDict may no longer be begun, by a user or a user's id, or by anybody without one.

    A timed exam without any due date is past due once its course has ended.
    """
    return timing.is_past_due(_exam_of(exam), getattr(user, "pk", user))


def get_total_allowed_time_for_exam(exam: Mapping[str, Any], user_id: int) -> str:
    """The time the learner has for the exam of an ExamDict, in words (contract §2.8, §4.12)."""
    return timing.humanized_time(exams.total_minutes(_exam_of(exam), user_id))


def get_proctoring_settings_by_exam_id(exam_id: int) -> dict[str, Any]:
    """
    What the learning front end shows around the exam; of a proctored one the vendor is asked.

    Keys ``platform_name``, ``contact_us``, ``link_urls``, ``exam_proctoring_backend`` (empty for a timed exam); of a
    proctored one also ``provider_tech_support_email``, ``provider_tech_support_phone``, ``provider_name``,
    ``learner_notification_from_email``, ``integration_specific_email``, ``proctoring_escalation_email``. Raises
    ``ProctoredExamNotFoundException``, ``BackendProviderNotConfigured``.
    """
    return exams.proctoring_settings(exams.by_id(exam_id))


def create_exam_review_policy(exam_id: int, set_by_user_id: int, review_policy: str) -> int:
    """
    Write the notes for an exam's reviewers; the policy's id.

    Raises ``ProctoredExamReviewPolicyAlreadyExists``, ``ProctoredExamNotFoundException``, ``UserNotFoundException``.
    """
    return policies.create(exam_id, set_by_user_id, review_policy).pk


def update_review_policy(exam_id: int, set_by_user_id: int, review_policy: str | None) -> None:
    """
    Replace text and author of an exam's policy; an empty text removes it. Gives nothing back.

    Raises ``ProctoredExamReviewPolicyNotFoundException``, ``UserNotFoundException``.
    """
    policies.update(exam_id, set_by_user_id, review_policy)


def remove_review_policy(exam_id: int) -> None:
    """Remove an exam's policy. Raises ``ProctoredExamReviewPolicyNotFoundException``."""
    policies.remove(exam_id)


def get_review_policy_by_exam_id(exam_id: int) -> dict[str, Any]:
    """PolicyDict. Raises ``ProctoredExamReviewPolicyNotFoundException``."""
    return policy_dict(policies.of_exam(exam_id))


def _exam_of(exam: Mapping[str, Any]) -> ProctoredExam:
    """An exam that is as its ExamDict says, to which callers may have added keys."""
    return ProctoredExam(**{name: value for name, value in exam.items() if name in COLUMNS})
