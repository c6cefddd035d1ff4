"""Times in words, and the dates of exams and courses, for the LMS's code (contract python.md §4.12)."""

from collections.abc import Iterable, MutableMapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from proctoring import lms
from proctoring.models import ProctoredExam
from proctoring.services import onboarding, timing

FAR_BELOW_ZERO = -60


def humanized_time(time_in_minutes: int) -> str:
    """Minutes in words, such as hours and minutes; ``error`` for an hour or more below zero."""
    return "error" if time_in_minutes <= FAR_BELOW_ZERO else timing.humanized_time(time_in_minutes)


def has_due_date_passed(due_datetime: datetime | None) -> bool:
    """Whether the instant is now or before; False for None. Without a time zone it is in the current one."""
    due = timing.aware(due_datetime)
    return due is not None and due <= timezone.now()


def get_exam_due_date(exam: dict[str, Any], user: Any = None) -> datetime | None:
    """The due date of an ExamDict for a user or a user's id, or for everybody: the LMS's, else the dict's."""
    stored = ProctoredExam(course_id=exam["course_id"], content_id=exam["content_id"], due_date=exam["due_date"])
    return timing.due_date(stored, getattr(user, "pk", user))


def get_course_end_date(course_id: str) -> datetime | None:
    """When the course ends, an aware instant; None where it does not, or nobody knows."""
    return lms.dates().get_course_end(course_id)


def get_visibility_check_date(course_schedule: lms.CourseSchedule, usage_key: Any) -> datetime:
    """Until when a part of the course can be seen: its due date, else the course's end, else for ever."""
    return onboarding.visibility_check_date(course_schedule, usage_key)


def categorize_inaccessible_exams_by_date(
    onboarding_exams: Iterable[ProctoredExam], details: lms.CourseOutlineDetails
) -> tuple[list[ProctoredExam], list[ProctoredExam], list[ProctoredExam]]:
    """The exams the learner cannot open: for reasons other than dates, too early, too late."""
    found = onboarding.by_date(onboarding_exams, details, timezone.now())
    return found.inaccessible, found.future, found.past_due


def verify_and_add_wait_deadline(context: MutableMapping[str, Any], exam: dict[str, Any], user_id: int) -> bool:
    """
    Whether results are still kept back: due date plus ``context["grace_period"]`` lies ahead.

    ``wait_deadline`` is then added to ``context``, ISO 8601.
    """
    grace, due = context.get("grace_period"), get_exam_due_date(exam, user_id)
    if not grace or due is None or due + grace <= timezone.now():
        return False
    context["wait_deadline"] = (due + grace).isoformat()
    return True
