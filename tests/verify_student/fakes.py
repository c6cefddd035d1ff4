"""Stand-ins for what is not ours: the services that a host provides. They remember what they were asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from verify_student.lms.types import SignOnLink, SignOnProvider


def _said(answer: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    return answer


@dataclass
class FakeProfiles:
    """Names by user id."""

    names: dict[int, str] = field(default_factory=dict)
    pending: dict[int, str] = field(default_factory=dict)

    def get_full_name(self, user: Any) -> str:
        return _said(self.names.get(user.pk, "Amal Haddad"))

    def get_full_names(self, users: Collection[Any]) -> Mapping[int, str]:
        return {user.pk: self.get_full_name(user) for user in users}

    def get_pending_name(self, user: Any) -> str | None:
        return _said(self.pending.get(user.pk))


@dataclass
class FakeCourses:
    """Ends and names by course id, and who is enrolled for a verified certificate."""

    ends: dict[str, datetime] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    verified: set[int] = field(default_factory=set)

    def get_course_end(self, course_id: str) -> datetime | None:
        return self.ends.get(course_id)

    def has_live_verified_enrollment(self, user: Any) -> bool:
        return user.pk in self.verified

    def learners_with_live_verified_enrollment(self, user_ids: Collection[int]) -> set[int]:
        return self.verified & set(user_ids)

    def get_course_name(self, course_id: str) -> str | None:
        return self.names.get(course_id)


@dataclass
class FakePreferences:
    """Languages and time zones by user id; an exception is raised."""

    languages: dict[int, Any] = field(default_factory=dict)
    zones: dict[int, Any] = field(default_factory=dict)

    def get_language(self, user_id: int) -> str | None:
        return _said(self.languages.get(user_id))

    def get_time_zone(self, user_id: int) -> str | None:
        return _said(self.zones.get(user_id))

    def get_languages(self, user_ids: Collection[int]) -> Mapping[int, str | None]:
        return {user_id: self.get_language(user_id) for user_id in user_ids}


@dataclass
class FakePages:
    """The page of identity verification, or another one ``instead``."""

    instead: str = ""
    asked: list[str] = field(default_factory=list)

    def get_verify_location(self, url: str) -> str:
        self.asked.append(url)
        return self.instead or url

    def get_dashboard_url(self) -> str:
        return "https://lms.example.org/dashboard"

    def get_course_url(self, course_id: str) -> str:
        return f"https://lms.example.org/courses/{course_id}/"


@dataclass
class FakePeople:
    """Who has been retired."""

    retired: set[int] = field(default_factory=set)

    def retired_user_ids(self, user_ids: Any) -> set[int]:
        return self.retired & set(user_ids)


@dataclass
class FakeSignOns:
    """
    Identity providers by id, and the learners whose accounts are linked to one of them: their places in the list are
    the ids of the links.
    """

    providers: dict[str, SignOnProvider] = field(default_factory=dict)
    linked: dict[str, list[int]] = field(default_factory=dict)

    def get_provider(self, provider_id: str) -> SignOnProvider | None:
        return self.providers.get(provider_id)

    def get_links(self, provider_id: str, after: int, limit: int) -> Sequence[SignOnLink]:
        links = [SignOnLink(number, pk) for number, pk in enumerate(self.linked.get(provider_id, []), start=1)]
        return links[after : after + limit]


@dataclass
class FakeHost:
    """A host whose every service is a fake; the fields are the services' names."""

    profiles: FakeProfiles = field(default_factory=FakeProfiles)
    courses: FakeCourses = field(default_factory=FakeCourses)
    preferences: FakePreferences = field(default_factory=FakePreferences)
    pages: FakePages = field(default_factory=FakePages)
    people: FakePeople = field(default_factory=FakePeople)
    sign_ons: FakeSignOns = field(default_factory=FakeSignOns)
