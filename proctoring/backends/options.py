"""
The options that may reach a plugin (contract vendors_admin_screens.md §1.1, since_6_1.md 9, docs/differences.rst), and
what each of them has to be. Others are dropped.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.functional import Promise

from proctoring.statuses import SoftwareSecureReviewStatus

AES_SIZES = frozenset({16, 24, 32})
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def _is_text(value: Any) -> bool:
    return isinstance(value, str | Promise)


def _is_some_text(value: Any) -> bool:
    return _is_text(value) and bool(str(value).strip())


def _is_key(value: Any) -> bool:
    return isinstance(value, str | bytes)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")


def _is_time_out(value: Any) -> bool:
    parts = value if isinstance(value, list | tuple) else (value, value)
    return len(parts) == 2 and all(_is_positive(part) for part in parts)


def _is_turnaround(value: Any) -> bool:
    return value is None or value == 0 or (_is_positive(value) and value <= 24 * 366)


def _is_mapping(value: Any) -> bool:
    return value is None or isinstance(value, Mapping)


def _is_statuses(value: Any) -> bool:
    stored = {status.value for status in SoftwareSecureReviewStatus}
    if not isinstance(value, list | tuple | set | frozenset):
        return value is None
    return all(isinstance(status, str) and status in stored for status in value)


def _is_address(value: Any) -> bool:
    parts = _parts(value)
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_aes_key(value: Any) -> bool:
    try:
        return value is None or value == "" or len(bytes.fromhex(value)) in AES_SIZES
    except (TypeError, ValueError):
        return False


def _parts(value: Any) -> Any:
    try:
        return urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return None


TEXT = (_is_text, "a text")
SOME_TEXT = (_is_some_text, "a text that is not empty")
KEY = (_is_key, "a text or bytes")
FLAG = (_is_flag, "True or False")
POSITIVE = (_is_positive, "a positive number")
TIME_OUT = (_is_time_out, "a positive number of seconds, or a pair of them (connect, read)")
TURNAROUND = (_is_turnaround, "a number of hours up to a year, or None")
MAPPING = (_is_mapping, "a dictionary or None")
STATUSES = (_is_statuses, "a list of stored review statuses (Clean, Rules Violation, Suspicious, Not Reviewed)")
ADDRESS = (_is_address, "an http or https address")
AES_KEY = (_is_aes_key, "16, 24 or 32 bytes in hexadecimal")

KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "allow_unsigned_callbacks": FLAG,
    "base_url": ADDRESS,
    "client_id": TEXT,
    "client_secret": TEXT,
    "crypto_key": KEY,
    "default_rules": MAPPING,
    "exam_register_endpoint": ADDRESS,
    "exam_sponsor": TEXT,
    "has_dashboard": FLAG,
    "help_center_article_url": TEXT,
    "integration_specific_email": TEXT,
    "learner_notification_from_email": TEXT,
    "needs_oauth": FLAG,
    "organization": TEXT,
    "passing_statuses": STATUSES,
    "ping_interval": POSITIVE,
    "review_turnaround_hours": TURNAROUND,
    "secret_key": TEXT,
    "secret_key_id": TEXT,
    "send_email": FLAG,
    "software_download_url": ADDRESS,
    "supports_onboarding": FLAG,
    "tech_support_email": TEXT,
    "tech_support_phone": TEXT,
    "timeout": TIME_OUT,
    "token_expiration_time": POSITIVE,
    "verbose_name": SOME_TEXT,
    "video_review_aes_key": AES_KEY,
}


def wrong(options: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Options that cannot be right, and what they have to be. Shows no value: it may be a secret."""
    for name, (is_right, expected) in KINDS.items():
        if name in options and not is_right(options[name]):
            yield name, expected


def unencrypted(options: Mapping[str, Any]) -> Iterator[str]:
    """Options whose address is another machine's and has no encryption."""
    for name in ("base_url", "exam_register_endpoint"):
        parts = _parts(options.get(name))
        if parts is not None and parts.scheme == "http" and parts.hostname not in LOCAL:
            yield name
