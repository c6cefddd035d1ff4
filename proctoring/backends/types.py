"""What vendors' plugins and our services say to each other: frozen, plain, validated where it is built."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from proctoring.exceptions import MalformedCallback, ProctoredExamBadReviewStatus
from proctoring.statuses import ReviewStatus

MAX_SECONDS = 2**31 - 1
MAX_COMMENT_STATUS = 255


@dataclass(frozen=True)
class ReviewComment:
    """One remark of a reviewer; times are seconds into the recording."""

    comment: str
    status: str
    start: int = 0
    stop: int = 0
    duration: int = 0


@dataclass(frozen=True)
class ReviewEvent:
    """A review as we understand it, whatever the vendor's own format (contract vendors_admin_screens.md §3.11)."""

    status: ReviewStatus
    comments: tuple[ReviewComment, ...] = ()
    video_link: str | None = None
    reviewed_at: datetime | None = None


def review_event(converted: object) -> ReviewEvent:
    """
    The event of what a plugin's ``on_review_callback`` returned.

    Raises ``ProctoredExamBadReviewStatus`` for an unknown status and ``MalformedCallback`` for any other shape.
    """
    if not isinstance(converted, Mapping):
        raise MalformedCallback
    try:
        status = ReviewStatus(cast(str, converted.get("status")))
    except ValueError:
        raise ProctoredExamBadReviewStatus from None
    return ReviewEvent(
        status=status,
        comments=_comments(converted.get("comments")),
        video_link=_video_link(converted),
        reviewed_at=_instant(converted.get("reviewed_at")),
    )


def _comments(given: object) -> tuple[ReviewComment, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise MalformedCallback
    return tuple(_comment(item) for item in given)


def _comment(given: object) -> ReviewComment:
    if not isinstance(given, Mapping):
        raise MalformedCallback
    status = _text(given, "status")
    if len(status) > MAX_COMMENT_STATUS:
        raise MalformedCallback
    return ReviewComment(
        comment=_text(given, "comment"),
        status=status,
        start=_seconds(given, "start"),
        stop=_seconds(given, "stop"),
        duration=_seconds(given, "duration"),
    )


def _text(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not _is_storable(value):
        raise MalformedCallback
    return value


def _is_storable(text: str) -> bool:
    """Whether every database can keep the text: no NUL, no half of a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _seconds(given: Mapping[str, Any], key: str) -> int:
    value = given.get(key)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SECONDS:
        raise MalformedCallback
    return int(value)


def _instant(given: object) -> datetime | None:
    """An instant in ISO 8601 with its time zone; None for anything else, which the vendor may mean in its own way."""
    if not isinstance(given, str):
        return None
    try:
        found = datetime.fromisoformat(given)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _video_link(converted: Mapping[str, Any]) -> str | None:
    payload = converted.get("payload")
    link = payload.get("videoReviewLink") if isinstance(payload, Mapping) else None
    if not isinstance(link, str) or not link:
        return None
    if not _is_storable(link):
        raise MalformedCallback
    return link
