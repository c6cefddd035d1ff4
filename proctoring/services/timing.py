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


def due_date(exam: ProctoredExam, user_id: int | None) -> datetime | None:
    """The exam's due date for this learner, or for everybody: the LMS's where it has one, else the exam's own."""
    reference = lms.ExamRef(course_id=exam.course_id, content_id=exam.content_id)
    return aware(lms.dates().get_due_date(reference, user_id) or exam.due_date)


def is_past_due(exam: ProctoredExam, user_id: int | None, now: datetime | None = None) -> bool:
    """
    Whether the exam may no longer be begun (contract python.md §4.2).

    A timed exam without any due date is past due once its course has ended.
    """
    return is_over(exam, due_date(exam, user_id), now)


def is_over(exam: ProctoredExam, due: datetime | None, now: datetime | None = None) -> bool:
    """:func:`is_past_due`, for who knows the learner's due date."""
    if due is None and not exam.is_proctored:
        due = lms.dates().get_course_end(exam.course_id)
    return due is not None and due <= (now or timezone.now())


def allowed_minutes(
    exam: ProctoredExam, user_id: int, now: datetime | None = None, carried_seconds: int | None = None
) -> int:
    """
    Whole minutes the learner gets when starting now (contract python.md §2.8), as the wire formats want them.

    ``carried_seconds`` is what an earlier attempt had left; none left means none.
    """
    now = now or timezone.now()
    seconds = entitled_seconds(exam, user_id) if carried_seconds is None else carried_seconds
    return whole_minutes(end_of_time(exam, user_id, now, seconds) - now)


def entitled_seconds(exam: ProctoredExam, user_id: int) -> int:
    """The exam's time and what the learner was granted on top of it."""
    return seconds_with(exam, ProctoredExamStudentAllowance.get_additional_time_granted(exam.pk, user_id) or 0)


def seconds_with(exam: ProctoredExam, granted: int) -> int:
    """The exam's time with so many minutes on top of it."""
    return min(exam.time_limit_mins + granted, MAX_MINUTES) * 60


def end_of_time(exam: ProctoredExam, user_id: int, start: datetime, seconds: int) -> datetime:
    """When ``seconds`` from ``start`` are over, or the exam is due if that is sooner; never before ``start``."""
    return end_until(due_date(exam, user_id), start, seconds)


def end_until(due: datetime | None, start: datetime, seconds: int) -> datetime:
    """:func:`end_of_time`, for who knows the learner's due date."""
    end = start + timedelta(seconds=max(seconds, 0))
    return max(min(end, due), start) if due is not None else end


def end_when_started(attempt: ProctoredExamStudentAttempt, start: datetime) -> datetime:
    """When the time of an attempt that starts at ``start`` will be over."""
    exam, carried = attempt.proctored_exam, attempt.time_remaining_seconds
    seconds = entitled_seconds(exam, attempt.user_id) if carried is None else carried
    return end_of_time(exam, attempt.user_id, start, seconds)


def deadline(attempt: ProctoredExamStudentAttempt) -> datetime | None:
    """When the attempt's time is over; None before it starts. Rows of an old release only have whole minutes."""
    if attempt.started_at is None or attempt.deadline_at is not None:
        return attempt.deadline_at if attempt.started_at else None
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


def aware(moment: datetime | None) -> datetime | None:
    """The instant a caller means: one without a time zone is in the current one (contract python.md §9.4 no. 72)."""
    return timezone.make_aware(moment) if moment is not None and timezone.is_naive(moment) else moment


def whole_minutes(span: timedelta) -> int:
    """The minutes of ``span`` that are complete."""
    return int(span.total_seconds() // 60)


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
