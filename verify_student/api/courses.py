"""What the host's courses and enrolments have to do with identity (contract §1.9, §5.5, §7.4)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from verify_student.conf import config
from verify_student.services import courses, deadlines, reminders


def check_verify_status_by_course(user: Any, enrollments: Iterable[Any]) -> dict[Any, dict[str, Any]]:
    """Course key -> what the course's card says; courses of which there is nothing to say are left out."""
    return courses.of_user(user, enrollments)


def course_published(course_key: Any, end: datetime | None) -> None:
    """To be called when a course has been published; ``end`` is the course's end, or None."""
    deadlines.course_published(course_key, end)


def rearm_expiry_reminder(user: Any) -> None:
    """To be called when an enrolment has been saved in the mode ``verified``."""
    reminders.rearm(user, config.expiry_email)
