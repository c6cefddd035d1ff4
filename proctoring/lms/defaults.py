"""What holds while an LMS offers nothing: each service answers its empty value and changes nothing."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from proctoring.conf import config
from proctoring.lms.types import CourseOutlineDetails, CreditState, Enrollment, ExamRef, VerifiedName

logger = logging.getLogger(__name__)

EVENT_LIBRARY = "eventtracking"


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

    def get_due_date(self, exam: ExamRef, user_id: int | None, /) -> datetime | None:
        return None

    def get_course_end(self, course_id: str, /) -> datetime | None:
        return None


class EdxWhenDates:
    """
    The dates of edx-when, which Open edX platforms keep their courses' dates in (contract python.md §6.6).

    Written for its releases 2 to 4.
    """

    def get_due_date(self, exam: ExamRef, user_id: int | None, /) -> datetime | None:
        # Only here: the library may be absent, and its models need every app to be loaded.
        from edx_when.api import get_date_for_block
        from opaque_keys import InvalidKeyError

        try:
            found: datetime | None = get_date_for_block(exam.course_id, exam.content_id, "due", user=user_id)
        except InvalidKeyError:
            # An exam whose content is no block of a course has no date there.
            return None
        return found

    def get_course_end(self, course_id: str, /) -> datetime | None:
        # As above.
        from edx_when.api import get_dates_for_course

        dates: Mapping[tuple[Any, str], datetime] = get_dates_for_course(course_id, subsection_and_higher_only=True)
        ends = (at for (block, field), at in dates.items() if field == "end" and block.block_type == "course")
        return next(ends, None)


def default_dates() -> EdxWhenDates | NoDates:
    """edx-when where the host has it (contract python.md §6.6), else no dates but the exams' own."""
    return EdxWhenDates() if apps.is_installed("edx_when") else NoDates()


class NoPreferences:
    """Everybody reads the site's language and lives by its clock."""

    def get_language(self, user_id: int, /) -> str | None:
        return None

    def get_time_zone(self, user_id: int, /) -> str | None:
        return None


class NoTracker:
    """Nobody collects events; a debug line says that there was one."""

    def emit(self, name: str, data: Mapping[str, Any], /, *, context: Mapping[str, str]) -> None:
        logger.debug("Event: name=%s exam=%s attempt=%s", name, data.get("exam_id"), data.get("attempt_id"))


class LibraryTracker:
    """The default tracker of the event-tracking library, which hosts configure themselves."""

    def emit(self, name: str, data: Mapping[str, Any], /, *, context: Mapping[str, str]) -> None:
        tracker = import_module(f"{EVENT_LIBRARY}.tracker").get_tracker()
        with tracker.context(name, dict(context)):
            tracker.emit(name, dict(data))


def default_tracker() -> LibraryTracker | NoTracker:
    """The event-tracking library where it is installed (contract python.md §6.6), else nobody."""
    return NoTracker() if find_spec(EVENT_LIBRARY) is None else LibraryTracker()


class SettingsSwitches:
    """Switches that stand in ``PROCTORING_SETTINGS["SWITCHES"]``."""

    def is_active(self, name: str, /) -> bool:
        return bool(config.switches.get(name, False))


class WaffleSwitches:
    """The switches of django-waffle, which operators flip in the admin."""

    def is_active(self, name: str, /) -> bool:
        # Only here: the app may be absent, and its models need every app to be loaded.
        from waffle import switch_is_active

        return bool(switch_is_active(name))


def default_switches() -> SettingsSwitches | WaffleSwitches:
    """django-waffle where the host has it (contract rest.md §8), else what the settings say."""
    return WaffleSwitches() if apps.is_installed("waffle") else SettingsSwitches()
