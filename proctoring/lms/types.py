"""Values the LMS and the app hand each other. Hosts may answer with objects of their own that have these attributes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypedDict


class CreditRequirement(TypedDict, total=False):
    """One requirement of a course's credit; ``status`` is None until something happened."""

    namespace: str
    name: str
    display_name: str
    status: str | None
    order: int


class CreditState(TypedDict, total=False):
    """
    What the LMS knows of a learner in a course (contract python.md §6.1). Course keys only with
    ``return_course_info``.
    """

    enrollment_mode: str
    profile_fullname: str
    student_email: str
    credit_requirement_status: list[CreditRequirement]
    course_name: str
    course_end_date: datetime | None


@dataclass(frozen=True)
class ExamRef:
    """An exam as the LMS knows it; ``due_date`` is the aware instant stored with us."""

    course_id: str
    content_id: str
    due_date: datetime | None = None


class Enrollment(Protocol):
    """A learner enrolled in a course."""

    @property
    def user(self) -> Any: ...

    @property
    def mode(self) -> str: ...


@dataclass(frozen=True)
class SequenceSchedule:
    """When a learner may open a sequence and when it is due, aware instants."""

    effective_start: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class CourseSchedule:
    """Schedules by usage key, and the end of the course."""

    sequences: Mapping[Any, SequenceSchedule] = field(default_factory=dict)
    course_end: datetime | None = None


@dataclass(frozen=True)
class CourseOutline:
    """The usage keys a learner can open."""

    accessible_sequences: Collection[Any] = frozenset()


@dataclass(frozen=True)
class CourseOutlineDetails:
    """A course as one learner sees it (contract python.md §6.5)."""

    outline: CourseOutline = CourseOutline()
    schedule: CourseSchedule = CourseSchedule()


@dataclass(frozen=True)
class VerifiedName:
    """The name a learner wants to be verified under."""

    verified_name: str
