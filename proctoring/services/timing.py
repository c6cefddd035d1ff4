"""The clock: due dates, allowed minutes, what is left. The server's time is the only one that counts."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proctoring import lms
from proctoring.models import ProctoredExam, ProctoredExamStudentAllowance, ProctoredExamStudentAttempt
from proctoring.statuses import INCOMPLETE

# What the column of the attempt holds. An allowance is a text and may say more.
MAX_MINUTES = 2**31 - 1


def due_date(exam: ProctoredExam, user_id: int) -> datetime | None:
    """The exam's due date for this learner: the LMS's where it has one, else the exam's own."""
    reference = lms.ExamRef(course_id=exam.course_id, content_id=exam.content_id)
    return lms.dates().get_due_date(reference, user_id) or exam.due_date


def is_past_due(exam: ProctoredExam, user_id: int, now: datetime | None = None) -> bool:
    """
    Whether the exam may no longer be begun (contract python.md §4.2).

    A timed exam without any due date is past due once its course has ended.
    """
    now = now or timezone.now()
    due = due_date(exam, user_id)
    if due is None and not exam.is_proctored:
        due = lms.dates().get_course_end(exam.course_id)
    return due is not None and due <= now


def allowed_minutes(
    exam: ProctoredExam, user_id: int, now: datetime | None = None, carried_seconds: int | None = None
) -> int:
    """
    Whole minutes the learner gets when starting now (contract python.md §2.8).

    ``carried_seconds`` is what an earlier attempt had left; none left means none.
    """
    now = now or timezone.now()
    if carried_seconds is not None:
        minutes = carried_seconds // 60
    else:
        granted = ProctoredExamStudentAllowance.get_additional_time_granted(exam.pk, user_id)
        minutes = min(exam.time_limit_mins + (granted or 0), MAX_MINUTES)
    due = due_date(exam, user_id)
    if due is not None and now + timedelta(minutes=minutes) > due:
        minutes = int((due - now).total_seconds() // 60)
    return max(minutes, 0)


def deadline(attempt: ProctoredExamStudentAttempt) -> datetime | None:
    """When the attempt's time is over; None before it starts."""
    if attempt.started_at is None:
        return None
    return attempt.started_at + timedelta(minutes=attempt.allowed_time_limit_mins or 0)


def time_remaining_seconds(attempt: ProctoredExamStudentAttempt, now: datetime | None = None) -> float:
    """Seconds left, 0 when not started or over (contract python.md §2.8)."""
    end = deadline(attempt)
    if end is None:
        return 0
    return max((end - (now or timezone.now())).total_seconds(), 0)


def is_overdue(attempt: ProctoredExamStudentAttempt, now: datetime | None = None) -> bool:
    """Whether a running attempt's time is over (contract python.md §2.7)."""
    end = deadline(attempt)
    return end is not None and attempt.status in INCOMPLETE and end < (now or timezone.now())


def humanized_time(minutes: int) -> str:
    """Minutes in words: hours and minutes, hours alone, or minutes alone (contract rest.md §4.2)."""
    hours, rest = divmod(max(int(minutes), 0), 60)
    in_hours = ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    in_minutes = ngettext("{count} minute", "{count} minutes", rest).format(count=rest)
    if hours and rest:
        return _("{hours} and {minutes}").format(hours=in_hours, minutes=in_minutes)
    return in_hours if hours else in_minutes


def spoken_time_left(seconds: float) -> str:
    """What a screen reader announces about the time left (contract rest.md §5.4)."""
    if seconds < 60:
        return _("you have less than a minute remaining")
    return _("you have {time} remaining").format(time=humanized_time(round(seconds / 60)))
