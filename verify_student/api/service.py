"""What the host asks about its learners (contract §5.1-5.4)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from verify_student.services import location, standing, user_status
from verify_student.services.standing import AnyVerification


class IDVerificationService:
    """Questions about learners' identity; each is answered with at most one query a table."""

    @classmethod
    def user_is_verified(cls, user: Any) -> bool:
        """Whether an approval of the learner counts, of whatever kind."""
        return standing.is_verified(user)

    @classmethod
    def user_has_valid_or_pending(cls, user: Any) -> bool:
        """Whether an approval of the learner counts, or is being worked on."""
        return standing.of_user(user).is_valid_or_pending

    @classmethod
    def verifications_for_user(cls, user: Any) -> list[AnyVerification]:
        """Vendor-neutral attempts and photo verifications, newest first; then single sign-on; then staff's."""
        return list(standing.of_user(user).rows)

    @classmethod
    def get_expiration_datetime(cls, user: Any, statuses: Collection[str]) -> datetime | None:
        """The latest end of the learner's verifications in ``statuses``; None without any, or without an end."""
        return standing.of_user(user).expiration(statuses)

    @classmethod
    def get_verified_user_ids(cls, users: Iterable[Any]) -> Iterator[int]:
        """Ids of those of ``users`` who are verified; some may come twice."""
        return standing.verified_ids(users)

    @classmethod
    def user_status(cls, user: Any) -> dict[str, Any]:
        """``status``, ``error``, ``should_display``, ``status_date`` and ``verification_expiry``."""
        return user_status.of_user(user)

    @classmethod
    def verification_status_for_user(cls, user: Any, enrollment_mode: str, user_is_verified: bool | None = None) -> str:
        """``N/A``, ``ID Verified`` or ``Not ID Verified``; ``user_is_verified`` spares the query."""
        return user_status.in_reports(user, enrollment_mode, user_is_verified)

    @classmethod
    def get_verify_location(cls, course_id: Any = None) -> str:
        """Where learners verify themselves, and come back to the course."""
        return location.verify_location(course_id)
