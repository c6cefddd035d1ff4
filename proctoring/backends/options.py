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

# What each of them does, for docs/settings.rst.
EFFECTS: Mapping[str, str] = {
    "allow_unsigned_callbacks": "Reviews and launches of a vendor that cannot sign are taken without a signature.",
    "base_url": "Where the REST vendor answers.",
    "client_id": "Who the site is, to a REST vendor.",
    "client_secret": "Proves it, and signs the tokens for the vendor's dashboard.",
    "crypto_key": "Encrypts the exam's password for Software Secure.",
    "default_rules": "Rules of an exam that has none of its own.",
    "exam_register_endpoint": "Where Software Secure registers attempts.",
    "exam_sponsor": "Who holds the exam, as Software Secure is told.",
    "has_dashboard": "Course staff are shown the way to the vendor's dashboard.",
    "help_center_article_url": "The article that learners are pointed to from onboarding.",
    "integration_specific_email": "Whom learners write to about onboarding; without it ``CONTACT_EMAIL``.",
    "learner_notification_from_email": "Whose mail learners should expect from the vendor.",
    "needs_oauth": "Whether requests to a REST vendor carry a token.",
    "organization": "The site's name with Software Secure.",
    "passing_statuses": "With these a review passes the attempt; without it Clean and Rules Violation do.",
    "ping_interval": "Seconds between two questions of the page to the vendor's application.",
    "review_turnaround_hours": "After these hours a review that has not come is asked for; None never asks.",
    "secret_key": "Signs requests to Software Secure.",
    "secret_key_id": "Which key that is.",
    "send_email": "Whether Software Secure is told the learner's e-mail address.",
    "software_download_url": "Where learners get the vendor's application.",
    "supports_onboarding": "Practice exams become onboarding exams.",
    "tech_support_email": "Whom learners write to about the vendor's application.",
    "tech_support_phone": "Whom they call.",
    "timeout": "Seconds for one request to a REST vendor; at most ``VENDOR_CALL_TIMEOUT`` while a learner waits.",
    "token_expiration_time": "Seconds for which the token for the vendor's dashboard is good.",
    "verbose_name": "What people are told the vendor is called.",
    "video_review_aes_key": "Encrypts video links at rest; without it they are not kept.",
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
