"""
What the app asks of the LMS, one Protocol a service. Names and arguments are those hosts implement already (contract
python.md §6); arguments before ``/`` are passed by position, so a host may call them what it likes.

Every call may be repeated: doing it twice must leave what doing it once leaves. Users are the host's user objects.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from proctoring.lms.types import CourseOutlineDetails, CreditState, Enrollment, ExamRef, VerifiedName


class CreditPort(Protocol):
    """Service ``credit`` (contract python.md §6.1)."""

    def get_credit_state(self, user_id: int, course_id: str, /, return_course_info: bool = False) -> CreditState | None:
        """What is known of the learner in the course; None for a learner who is not enrolled."""

    def set_credit_requirement_status(
        self, *, user_id: int, course_key_or_id: str, req_namespace: str, req_name: str, status: str
    ) -> None:
        """``status`` is ``satisfied``, ``submitted``, ``failed`` or ``declined``."""

    def remove_credit_requirement_status(
        self, *, user_id: int, course_key_or_id: str, req_namespace: str, req_name: str
    ) -> None:
        """Forget the status of one requirement."""


class GradesPort(Protocol):
    """Service ``grades`` (contract python.md §6.2)."""

    def should_override_grade_on_rejected_exam(self, course_id: str, /) -> bool:
        """Whether a rejected attempt costs the learner the grade in this course."""

    def override_subsection_grade(
        self,
        *,
        user_id: int,
        course_key_or_id: str,
        usage_key_or_id: str,
        earned_all: float,
        earned_graded: float,
        overrider: Any | None,
        comment: str,
    ) -> None:
        """Replace the grade; ``overrider`` is the user who decided, None for a decision of the vendor."""

    def undo_override_subsection_grade(self, *, user_id: int, course_key_or_id: str, usage_key_or_id: str) -> None:
        """Bring the earned grade back."""


class CertificatesPort(Protocol):
    """Service ``certificates`` (contract python.md §6.3)."""

    def invalidate_certificate(self, *, user_id: int, course_key_or_id: str) -> None:
        """Take the learner's certificate of the course back."""


class InstructorPort(Protocol):
    """Service ``instructor`` (contract python.md §6.4)."""

    def complete_student_attempt(self, username: str, content_id: str, /) -> None:
        """Mark everything in the exam as completed by the learner."""

    def delete_student_attempt(
        self, username: str, course_id: str, content_id: str, /, *, requesting_user: Any
    ) -> None:
        """Reset the learner's answers in the exam."""

    def get_proctoring_escalation_email(self, course_id: str, /) -> str | None:
        """Whom learners of the course may write to; may raise for a course id the LMS does not know."""

    def is_course_staff(self, user: Any, course_id: str, /) -> bool:
        """Whether the user is staff of this course; global staff are asked about elsewhere."""

    def send_support_notification(
        self, *, course_id: str, exam_name: str, student_username: str, review_status: str, review_url: str
    ) -> None:
        """Tell support that a review needs a person."""


class EnrollmentsPort(Protocol):
    """Service ``enrollments`` (contract python.md §6.5)."""

    def get_enrollments_can_take_proctored_exams(
        self, course_id: str, text_search: str | None, /
    ) -> Collection[Enrollment]:
        """Enrolments whose mode allows proctored exams; ``text_search`` looks into usernames and addresses."""


class LearningSequencesPort(Protocol):
    """Service ``learning_sequences`` (contract python.md §6.5)."""

    def get_user_course_outline_details(self, course_key: Any, user: Any, at_time: datetime, /) -> CourseOutlineDetails:
        """What the learner can open at that instant, and the dates that hold for this learner."""


class NameAffirmationPort(Protocol):
    """Service ``name_affirmation`` (contract python.md §6.5)."""

    def get_verified_name(
        self, user: Any, /, is_verified: bool = False, statuses_to_exclude: Sequence[str] | None = None
    ) -> VerifiedName | None:
        """The latest name the learner wants to be verified under; None where the profile name holds."""


class DatesPort(Protocol):
    """Service ``dates``: personal due dates and ends of courses (contract python.md §6.6)."""

    def get_due_date(self, exam: ExamRef, user_id: int | None, /) -> datetime | None:
        """The due date of the learner, of everybody without one; None where the exam's stored one holds."""

    def get_course_end(self, course_id: str, /) -> datetime | None:
        """When the course ends; None where it does not or nobody knows."""


class PreferencesPort(Protocol):
    """Service ``preferences``: how a learner wants to be written to."""

    def get_language(self, user_id: int, /) -> str | None:
        """A language code such as ``pt-br``; None where the site's language holds."""

    def get_time_zone(self, user_id: int, /) -> str | None:
        """A name of the time zone database such as ``Europe/Paris``; None where the site's zone holds."""


class TrackerPort(Protocol):
    """Service ``tracker``: takes analytics events (contract python.md §8.6)."""

    def emit(self, name: str, data: Mapping[str, Any], /, *, context: Mapping[str, str]) -> None:
        """
        Keep an event. ``data`` holds numbers, texts, booleans, aware datetimes and None; ``context`` says which course
        it is about.
        """


class SwitchesPort(Protocol):
    """Service ``switches``: what operators turn on and off while the site runs (contract rest.md §8)."""

    def is_active(self, name: str, /) -> bool:
        """Whether the switch is on; False for one that nobody has heard of."""
