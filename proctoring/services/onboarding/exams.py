"""Which onboarding exam of a course a learner is sent to, and whether it is open (contract rest.md §5.16)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from proctoring import lms
from proctoring.backends import provider_named
from proctoring.common.prepared import Prepared
from proctoring.exceptions import ProctoredExamNotFoundException
from proctoring.models import ProctoredExam
from proctoring.services import links, timing
from proctoring.services.vendors import backend_name, supports_onboarding

NEVER = datetime.max.replace(tzinfo=UTC)


class Opening(StrEnum):
    """Whether a learner can open an exam, in the order in which exams are preferred."""

    OPEN = "open"
    UPCOMING = "upcoming"
    PAST_DUE = "past due"


@dataclass(frozen=True, slots=True)
class Choice:
    """The exam a learner is sent to; ``release_date`` is when it opens or opened, where the host says so."""

    exam: ProctoredExam
    opening: Opening
    release_date: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.opening is Opening.OPEN


@dataclass(frozen=True, slots=True)
class Categories:
    """Exams that the outline keeps from a learner: for reasons other than dates, too early, too late."""

    inaccessible: list[ProctoredExam]
    future: list[ProctoredExam]
    past_due: list[ProctoredExam]


OF_COURSE: Prepared[ProctoredExam] = Prepared(
    lambda course_id: ProctoredExam.get_practice_proctored_exams_for_course(course_id).reverse(), str
)


def exams_of(course_id: str) -> list[ProctoredExam]:
    """A course's active practice and onboarding exams, newest first."""
    return OF_COURSE(course_id)


def offered_in(course_id: str) -> list[ProctoredExam]:
    """
    Those of :func:`exams_of` whose vendor does onboarding.

    Raises ``ProctoredExamNotFoundException`` (404) where no exam's vendor is configured and has onboarding.
    """
    exams = [exam for exam in exams_of(course_id) if supports_onboarding(exam)]
    if not exams:
        raise ProctoredExamNotFoundException(_("This course has no onboarding exam."), http_status=404)
    return exams


def offered_by(course_id: str) -> str:
    """The name of the vendor that does the course's onboarding: the newest exam's. Raises as :func:`offered_in`."""
    return backend_name(offered_in(course_id)[0])


def exam_link(course_id: str, user: Any, *, is_learning_mfe: bool, now: datetime | None = None) -> str:
    """
    Where the learner does the onboarding: address of an exam that is open now, else empty (contract python.md §4.9).

    Raises ``NotImplementedError`` for an unknown backend.
    """
    exams = exams_of(course_id)
    if not exams or not provider_named(exams[0].backend).supports_onboarding:
        return ""
    chosen = choose(course_id, exams, user, now or timezone.now())
    if chosen is None or not chosen.is_open:
        return ""
    return links.exam_url(course_id, chosen.exam.content_id, is_learning_mfe=is_learning_mfe)


def choose(course_id: str, exams: Collection[ProctoredExam], user: Any, now: datetime) -> Choice | None:
    """The first of ``exams`` that is open, else the first that will be, else the first that was; None without any."""
    if not exams:
        return None
    choices = list(_choices(course_id, exams, user, now))
    return next((choice for opening in Opening for choice in choices if choice.opening is opening), None)


def _choices(course_id: str, exams: Iterable[ProctoredExam], user: Any, now: datetime) -> Iterator[Choice]:
    if lms.get_runtime_service("learning_sequences") is None:
        # A host without outlines hides nothing; its dates still hold.
        for exam in exams:
            over = timing.is_past_due(exam, user.pk, now)
            yield Choice(exam, Opening.PAST_DUE if over else Opening.OPEN)
        return
    outline = lms.learning_sequences().get_user_course_outline_details(course_id, user, now)
    schedules = _by_text(outline.schedule)
    for exam in exams:
        opening = _opening(exam, outline, now)
        if opening is not None:
            item = schedules.get(exam.content_id)
            yield Choice(exam, opening, timing.aware(item.effective_start) if item else None)


def by_date(exams: Iterable[ProctoredExam], outline: lms.CourseOutlineDetails, now: datetime) -> Categories:
    """The exams that the outline does not let the learner open, by why not (contract python.md §4.12)."""
    accessible = _texts(outline.outline.accessible_sequences)
    hidden = [exam for exam in exams if exam.content_id not in accessible]
    reasons = [(exam, _reason(exam.content_id, outline, now)) for exam in hidden]
    return Categories(
        inaccessible=[exam for exam, reason in reasons if reason is None],
        future=[exam for exam, reason in reasons if reason is Opening.UPCOMING],
        past_due=[exam for exam, reason in reasons if reason is Opening.PAST_DUE],
    )


def visibility_check_date(schedule: lms.CourseSchedule, usage_key: object) -> datetime:
    """Until when a part of a course is there: its due date, else the end of the course, else for ever."""
    item = _by_text(schedule).get(str(usage_key))
    return (item.due if item else None) or schedule.course_end or NEVER


def _opening(exam: ProctoredExam, outline: lms.CourseOutlineDetails, now: datetime) -> Opening | None:
    if exam.content_id not in _texts(outline.outline.accessible_sequences):
        return _reason(exam.content_id, outline, now)
    # What the outline still shows after its due date cannot be begun any more.
    item = _by_text(outline.schedule).get(exam.content_id)
    due = item.due if item else None
    return Opening.PAST_DUE if due is not None and due <= now else Opening.OPEN


def _reason(content_id: str, outline: lms.CourseOutlineDetails, now: datetime) -> Opening | None:
    """Which date keeps the learner out; None where it is no date."""
    item = _by_text(outline.schedule).get(content_id)
    if item is None:
        return None
    if item.effective_start is not None and item.effective_start > now:
        return Opening.UPCOMING
    return Opening.PAST_DUE if visibility_check_date(outline.schedule, content_id) <= now else None


def _by_text(schedule: lms.CourseSchedule) -> dict[str, lms.SequenceSchedule]:
    """Hosts have key objects where we have texts."""
    return {str(key): item for key, item in schedule.sequences.items()}


def _texts(keys: Collection[object]) -> frozenset[str]:
    return frozenset(str(key) for key in keys)
