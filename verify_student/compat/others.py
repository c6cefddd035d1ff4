"""Methods of the other tables (contract §1.4, §1.6, §1.8, §1.9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from verify_student.models import SSOVerification, SSPVerificationRetryConfig
from verify_student.services import deadlines, reminders, retirement, retry_config, sso


def send_approval_signal(self: SSOVerification, approved_by: str = "None") -> None:
    """Tell the host that the learner is verified."""
    sso.announce_approval(self, approved_by)


def retire_photos(user_id: int) -> bool:
    """Blank a learner's photo verifications; whether there were any."""
    return retirement.retire_photos(user_id)


def retire_attempts(user_id: int) -> bool:
    """Delete a learner's vendor-neutral attempts; whether there were any."""
    return retirement.retire_attempts(user_id)


def update_expiry_email_date_for_user(user: Any, email_config: Mapping[str, int]) -> None:
    """Have the next run remind the learner, if it is time."""
    reminders.rearm(user, email_config)


def set_deadline(course_key: Any, deadline: datetime | None, is_explicit: bool = False) -> None:
    """Set a course's deadline, or take it away with None."""
    deadlines.set_deadline(course_key, deadline, is_explicit=is_explicit)


def deadlines_for_enrollments(enrollment_queryset: "QuerySet[Any]") -> dict[str, datetime]:
    """Course key -> deadline."""
    return deadlines.for_enrollments(enrollment_queryset)


def deadline_for_course(course_key: Any) -> datetime | None:
    """A course's deadline, or None."""
    return deadlines.for_course(course_key)


def current() -> SSPVerificationRetryConfig:
    """The configuration that counts."""
    return retry_config.current()
