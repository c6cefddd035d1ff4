"""What holds while an LMS offers nothing: each service answers its empty value and changes nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from proctoring.lms.types import CourseOutlineDetails, CreditState, Enrollment, ExamRef, VerifiedName


class NoCredit:
    """No credit: nobody has a credit state."""

    def get_credit_state(self, user_id: int, course_id: str, /, return_course_info: bool = False) -> CreditState | None:
        return None

    def set_credit_requirement_status(
        self, *, user_id: int, course_key_or_id: str, req_namespace: str, req_name: str, status: str
    ) -> None:
        return None

    def remove_credit_requirement_status(
        self, *, user_id: int, course_key_or_id: str, req_namespace: str, req_name: str
    ) -> None:
        return None


class NoGrades:
    """No grade book: no override is wanted."""

    def should_override_grade_on_rejected_exam(self, course_id: str, /) -> bool:
        return False

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
        return None

    def undo_override_subsection_grade(self, *, user_id: int, course_key_or_id: str, usage_key_or_id: str) -> None:
        return None


class NoCertificates:
    """No certificates to take back."""

    def invalidate_certificate(self, *, user_id: int, course_key_or_id: str) -> None:
        return None


class NoInstructor:
    """No course staff, no escalation address, no support desk."""

    def complete_student_attempt(self, username: str, content_id: str, /) -> None:
        return None

    def delete_student_attempt(
        self, username: str, course_id: str, content_id: str, /, *, requesting_user: Any
    ) -> None:
        return None

    def get_proctoring_escalation_email(self, course_id: str, /) -> str | None:
        return None

    def is_course_staff(self, user: Any, course_id: str, /) -> bool:
        return False

    def send_support_notification(
        self, *, course_id: str, exam_name: str, student_username: str, review_status: str, review_url: str
    ) -> None:
        return None


class NoEnrollments:
    """Nobody is enrolled."""

    def get_enrollments_can_take_proctored_exams(
        self, course_id: str, text_search: str | None, /
    ) -> Collection[Enrollment]:
        return []


class NoLearningSequences:
    """Courses without any sequence."""

    def get_user_course_outline_details(self, course_key: Any, user: Any, at_time: datetime, /) -> CourseOutlineDetails:
        return CourseOutlineDetails()


class NoNameAffirmation:
    """The profile name holds for everybody."""

    def get_verified_name(
        self, user: Any, /, is_verified: bool = False, statuses_to_exclude: Sequence[str] | None = None
    ) -> VerifiedName | None:
        return None


class NoDates:
    """No personal dates and courses without an end."""

    def get_due_date(self, exam: ExamRef, user_id: int, /) -> datetime | None:
        return None

    def get_course_end(self, course_id: str, /) -> datetime | None:
        return None
