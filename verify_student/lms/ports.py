"""
What the host LMS provides, as far as identity verification asks for it. Users are the host's own objects.

What is asked about one learner after the other has a twin for many at once, for commands. A host's service that was
written before them need not have the twins: ``one_by_one`` answers for it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from verify_student.lms.types import SignOnLink, SignOnProvider


class ProfilesPort(Protocol):
    """Learners' names."""

    def get_full_name(self, user: Any) -> str:
        """The name in the learner's profile; empty where there is none."""

    def get_full_names(self, users: Collection[Any]) -> Mapping[int, str]:
        """As ``get_full_name`` for many, by user id; whoever is left out has none."""

    def get_pending_name(self, user: Any) -> str | None:
        """The name that the learner has asked to be called by, and which waits to be confirmed; None without one."""


class CoursesPort(Protocol):
    """Courses and who is enrolled in them for a verified certificate."""

    def get_course_end(self, course_id: str) -> datetime | None:
        """When the course ends; None where it does not, or is not known."""

    def has_live_verified_enrollment(self, user: Any) -> bool:
        """Whether the learner is enrolled in the mode ``verified`` in a course that has not ended."""

    def learners_with_live_verified_enrollment(self, user_ids: Collection[int]) -> set[int]:
        """Those of the users of whom ``has_live_verified_enrollment`` is true."""

    def get_course_name(self, course_id: str) -> str | None:
        """What the course is called; None where it is not known."""


class PreferencesPort(Protocol):
    """How learners want to be addressed."""

    def get_language(self, user_id: int) -> str | None:
        """The learner's language; None for the platform's."""

    def get_time_zone(self, user_id: int) -> str | None:
        """The name of the learner's time zone; None for the platform's."""

    def get_languages(self, user_ids: Collection[int]) -> Mapping[int, str | None]:
        """As ``get_language`` for many, by user id; whoever is left out reads the platform's."""


class PagesPort(Protocol):
    """Where learners find pages of the host."""

    def get_verify_location(self, url: str) -> str:
        """The address to send learners to for identity verification, which is ``url`` unless the host has another."""

    def get_dashboard_url(self) -> str:
        """Absolute address of the learner's dashboard."""

    def get_course_url(self, course_id: str) -> str:
        """Address of the course's home page; empty where there is none."""


class PeoplePort(Protocol):
    """Learners whose accounts are on their way out."""

    def retired_user_ids(self, user_ids: Iterable[int]) -> set[int]:
        """Those of the users who have been retired."""


class SignOnsPort(Protocol):
    """Identity providers through which learners sign in, and whose accounts are linked to theirs."""

    def get_provider(self, provider_id: str) -> SignOnProvider | None:
        """The provider of that id, such as ``saml-gatech``; None where there is none, or it is switched off."""

    def get_links(self, provider_id: str, after: int, limit: int) -> Sequence[SignOnLink]:
        """At most ``limit`` links of the provider with an id above ``after``, in the order of their ids."""
