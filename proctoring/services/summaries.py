"""An exam in one line of the course outline (contract python.md §4.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from proctoring import lms
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.services import access, attempts
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status


class SummaryText(TypedDict):
    """What the outline shows: English text, names of Font Awesome icons, and whether the learner is done."""

    short_description: str
    suggested_icon: str
    in_completed_state: bool


def _text(short_description: str, suggested_icon: str, *, in_completed_state: bool = False) -> SummaryText:
    return {
        "short_description": short_description,
        "suggested_icon": suggested_icon,
        "in_completed_state": in_completed_state,
    }


DEFAULT = "_default"

_PENDING_REVIEW = _text(gettext_noop("Pending Session Review"), "fa-spinner fa-spin", in_completed_state=True)
_FAILED = _text(gettext_noop("Failed Proctoring"), "fa-exclamation-triangle", in_completed_state=True)
_PRACTICE_DONE = _text(gettext_noop("Practice Exam Completed"), "fa-check", in_completed_state=True)
_PRACTICE_FAILED = _text(gettext_noop("Practice Exam Failed"), "fa-exclamation-triangle", in_completed_state=True)

STATUS_SUMMARY_MAP: Mapping[str, SummaryText] = {
    DEFAULT: _text(gettext_noop("Taking As Proctored Exam"), "fa-pencil-square-o"),
    Status.eligible: _text(gettext_noop("Proctored Option Available"), "fa-pencil-square-o"),
    Status.declined: _text(gettext_noop("Taking As Open Exam"), "fa-pencil-square-o"),
    Status.timed_out: _PENDING_REVIEW,
    Status.submitted: _PENDING_REVIEW,
    Status.second_review_required: _PENDING_REVIEW,
    Status.verified: _text(gettext_noop("Passed Proctoring"), "fa-check", in_completed_state=True),
    Status.rejected: _FAILED,
    Status.error: _FAILED,
    Status.expired: _text(gettext_noop("Proctored Option No Longer Available"), "fa-times-circle"),
}
PRACTICE_STATUS_SUMMARY_MAP: Mapping[str, SummaryText] = {
    DEFAULT: _text(gettext_noop("Ungraded Practice Exam"), ""),
    Status.timed_out: _PRACTICE_DONE,
    Status.submitted: _PRACTICE_DONE,
    Status.second_review_required: _PRACTICE_DONE,
    Status.verified: _PRACTICE_DONE,
    Status.rejected: _PRACTICE_FAILED,
    Status.error: _PRACTICE_FAILED,
}
TIMED_EXAM_STATUS_SUMMARY_MAP: Mapping[str, SummaryText] = {
    DEFAULT: _text(gettext_noop("Timed Exam"), "fa-clock-o"),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """One exam as one learner sees it in the outline; ``status`` None for exams that nobody proctors."""

    status: str | None
    text: SummaryText

    def as_dict(self) -> dict[str, Any]:
        """The published shape, in the present language; without ``status`` where there is none."""
        shown = {**self.text, "short_description": gettext(self.text["short_description"])}
        return shown if self.status is None else {"status": self.status, **shown}


def of_learner(exam: ProctoredExam, user_id: int, now: datetime | None = None) -> Summary | None:
    """
    The exam for this learner; None where the learner may not take it proctored. An overdue attempt is closed first.

    Raises ``UserNotFoundException`` where there is no such learner and a permission matters.
    """
    now = now or timezone.now()
    if not exam.is_proctored:
        return _summary(exam, None)
    if not _Host(user_id, exam.course_id).permits(exam):
        return None
    attempt = access.current_attempt(user_id, exam, now)
    return _summary(exam, attempt.status if attempt else _untouched(exam, _Host(user_id, exam.course_id), now))


def of_course(course_id: str, user_id: int, now: datetime | None = None) -> dict[str, Summary]:
    """
    The course's active exams by content id, for one learner; without those the learner may not take proctored.

    Three statements of ours, however many exams and attempts there are, unless attempts have to be closed.
    """
    now = now or timezone.now()
    host = _Host(user_id, course_id)
    statuses = dict(_latest_statuses(course_id, user_id, now))
    exams = ProctoredExam.get_all_exams_for_course(course_id, active_only=True)
    return {
        exam.content_id: _summary(exam, statuses.get(exam.pk) or _untouched(exam, host, now))
        for exam in exams
        if not exam.is_proctored or host.permits(exam)
    }


class _Host:
    """What the host says of one learner in one course, asked at most once, and only where it has credit at all."""

    def __init__(self, user_id: int, course_id: str) -> None:
        self.user_id, self.course_id = user_id, course_id
        self.has_credit = lms.get_runtime_service("credit") is not None
        self._learner: Any = None
        self._course_end: tuple[datetime | None] | None = None

    def permits(self, exam: ProctoredExam) -> bool:
        if exam.is_practice_exam or not self.has_credit:
            return True
        self._learner = self._learner or access.learner(self.user_id)
        return access.may_take(self._learner, exam)

    @property
    def course_end(self) -> datetime | None:
        if self._course_end is None:
            state = lms.credit().get_credit_state(self.user_id, self.course_id, return_course_info=True)
            self._course_end = (state.get("course_end_date") if state else None,)
        return self._course_end[0]


def _latest_statuses(course_id: str, user_id: int, now: datetime) -> Iterator[tuple[int, str]]:
    """Exam id and status of the learner's latest attempts, the latest of an exam last."""
    made = ProctoredExamStudentAttempt.objects.filter(user_id=user_id, proctored_exam__course_id=course_id)
    latest = {attempt.proctored_exam_id: attempt for attempt in made.newest_first().reverse()}
    for exam_id, attempt in latest.items():
        yield exam_id, attempts.close_if_overdue(attempt, now).status


def _untouched(exam: ProctoredExam, host: _Host, now: datetime) -> str:
    """The status where the learner has no attempt."""
    may_expire = exam.is_proctored and not exam.is_practice_exam
    ended = may_expire and host.course_end is not None and host.course_end <= now
    return Status.expired if ended else Status.eligible


def _summary(exam: ProctoredExam, status: str | None) -> Summary:
    if not exam.is_proctored or status is None:
        return Summary(None, TIMED_EXAM_STATUS_SUMMARY_MAP[DEFAULT])
    texts = PRACTICE_STATUS_SUMMARY_MAP if exam.is_practice_exam else STATUS_SUMMARY_MAP
    return Summary(str(status), texts.get(status, texts[DEFAULT]))
