"""What the host LMS provides, as far as identity verification asks for it. Users are the host's own objects."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol


class ProfilesPort(Protocol):
    """Learners' names."""

    def get_full_name(self, user: Any) -> str:
        """The name in the learner's profile; empty where there is none."""

    def get_pending_name(self, user: Any) -> str | None:
        """The name that the learner has asked to be called by, and which waits to be confirmed; None without one."""


class CoursesPort(Protocol):
    """Courses and who is enrolled in them for a verified certificate."""

    def get_course_end(self, course_id: str) -> datetime | None:
        """When the course ends; None where it does not, or is not known."""

    def has_live_verified_enrollment(self, user: Any) -> bool:
        """Whether the learner is enrolled in the mode ``verified`` in a course that has not ended."""

    def get_course_name(self, course_id: str) -> str | None:
        """What the course is called; None where it is not known."""


class PreferencesPort(Protocol):
    """How learners want to be addressed."""

    def get_language(self, user_id: int) -> str | None:
        """The learner's language; None for the platform's."""


class PagesPort(Protocol):
    """Where learners find pages of the host."""

    def get_verify_location(self, url: str) -> str:
        """The address to send learners to for identity verification, which is ``url`` unless the host has another."""

    def get_dashboard_url(self) -> str:
        """Absolute address of the learner's dashboard."""


class PeoplePort(Protocol):
    """Learners whose accounts are on their way out."""

    def retired_user_ids(self, user_ids: Iterable[int]) -> set[int]:
        """Those of the users who have been retired."""
