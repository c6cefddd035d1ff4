"""What stands in for services that the host does not provide: nothing is known, nothing happens."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from verify_student.conf import config
from verify_student.lms.types import SignOnLink, SignOnProvider


class NoProfiles:
    """Names as Django's accounts have them."""

    def get_full_name(self, user: Any) -> str:
        return str(user.get_full_name())

    def get_full_names(self, users: Collection[Any]) -> Mapping[int, str]:
        return {user.pk: self.get_full_name(user) for user in users}

    def get_pending_name(self, user: Any) -> str | None:
        return None


class NoCourses:
    """No course is known."""

    def get_course_end(self, course_id: str) -> datetime | None:
        return None

    def has_live_verified_enrollment(self, user: Any) -> bool:
        return False

    def learners_with_live_verified_enrollment(self, user_ids: Collection[int]) -> set[int]:
        return set()

    def get_course_name(self, course_id: str) -> str | None:
        return None


class NoPreferences:
    """Everybody reads the platform's language, and lives in its time zone."""

    def get_language(self, user_id: int) -> str | None:
        return None

    def get_time_zone(self, user_id: int) -> str | None:
        return None

    def get_languages(self, user_ids: Collection[int]) -> Mapping[int, str | None]:
        return {}


class NoPages:
    """The account micro-frontend's page, and a dashboard where platforms have it."""

    def get_verify_location(self, url: str) -> str:
        return url

    def get_dashboard_url(self) -> str:
        return f"{config.lms_root_url}/dashboard"

    def get_course_url(self, course_id: str) -> str:
        return ""


class NoPeople:
    """Nobody has been retired."""

    def retired_user_ids(self, user_ids: Iterable[int]) -> set[int]:
        return set()


class NoSignOns:
    """Nobody signs in through anybody else."""

    def get_provider(self, provider_id: str) -> SignOnProvider | None:
        return None

    def get_links(self, provider_id: str, after: int, limit: int) -> Sequence[SignOnLink]:
        return ()
