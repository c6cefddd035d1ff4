"""
The app's settings: one typed, lazy object. Every member names its key, its fall-back and its meaning.

Keys live in ``settings.VERIFY_STUDENT``, those of the vendor in its ``SOFTWARE_SECURE`` (contract verify_student.md
§8.2). Nothing is read at import, and a changed setting is seen by the next read.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from proctoring.common.crypto import Keyring
from proctoring.common.operations.report import Level
from proctoring.common.retention.periods import days, days_or_none
from proctoring.common.schedules import Schedule, as_configured, beat
from proctoring.common.settings import Setting, SettingsSection, as_bytes

SESSION_AUTHENTICATION = "rest_framework.authentication.SessionAuthentication"
SOFTWARE_SECURE, LOCAL = "software_secure", "local"
AUDIT_KEY_INFO = b"identity audit log"
PHOTO_KEY_INFO = b"identity photos at rest"

# What has to run again and again; ``BEAT`` is the same for Celery: ``CELERY_BEAT_SCHEDULE = {**BEAT}``.
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SCHEDULES = (
    Schedule("verify_student.deliver_outbox", MINUTE, Level.BROKEN),
    Schedule("verify_student.apply_due_results", MINUTE, Level.BROKEN),
    # Once a day would do, unless the beat forgets when it is restarted: mail is written once all the same.
    Schedule("verify_student.send_expiry_mail", 6 * HOUR),
    Schedule("verify_student.send_reminders", 6 * HOUR),
    Schedule("verify_student.purge_identity_data", HOUR),
    Schedule("verify_student.continue_staff_actions", MINUTE),
    Schedule("verify_student.seal_audit_log", MINUTE),
)
BEAT = beat(SCHEDULES)


def _positive(value: Any) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def _days(value: Any) -> tuple[int, ...]:
    """Numbers of days, the most first; text is not meant."""
    if isinstance(value, str):
        raise TypeError
    return tuple(sorted({_positive(days) for days in value}, reverse=True))


def _readable_keys(configured: Any) -> Mapping[str, str]:
    keys = dict(configured)
    if keys:
        Keyring.from_text(keys)
    return keys


def _ring(configured: Mapping[str, str], info: bytes) -> Keyring:
    """
    The configured keys, then those derived from the site's secrets, so that a site may begin without keys
    of its own and change its secrets later.
    """
    rings = [_derived_ring(secret, info) for secret in config.secrets]
    if configured:
        rings.insert(0, Keyring.from_text(configured))
    return reduce(Keyring.with_older, rings)


def _derived_ring(secret: str | bytes, info: bytes) -> Keyring:
    raw = secret.encode() if isinstance(secret, str) else secret
    key_id = hashlib.sha256(info + raw).hexdigest()[:8]
    return Keyring.derived_from(raw, f"derived-{key_id}", info)


def _default_provider() -> str:
    """The vendor where one is configured; otherwise the institution's own staff, who need no contract."""
    return SOFTWARE_SECURE if config.software_secure.get("API_URL") else LOCAL


@dataclass(frozen=True, slots=True)
class ExpiryRules:
    """When learners are told that their approval has ended (contract §7.4)."""

    resend_days: int
    days_range: int
    default_emails: int

    @property
    def sure_days(self) -> int:
        """Days since the end in which everybody is written to again; later only who still needs an approval."""
        return self.resend_days * (self.default_emails - 1)

    @property
    def longest_range(self) -> int:
        """
        How many days a run goes back after days without one: whoever's approval ended earlier would have had all mails.
        """
        return max(self.days_range, self.resend_days * self.default_emails)


class VerifyStudentConfig(SettingsSection):
    """``VERIFY_STUDENT``, read when used."""

    setting_name = "VERIFY_STUDENT"

    days_good_for = Setting[int]("DAYS_GOOD_FOR", default=365, parse=_positive, doc="Days an approval counts.")
    expiring_soon_window = Setting[int](
        "EXPIRING_SOON_WINDOW", default=28, parse=int, doc="Days before its end in which an approval expires soon."
    )
    reminder_days = Setting[Sequence[int]](
        "REMINDER_DAYS",
        default=(28, 7),
        parse=_days,
        doc="Days before an approval's end at which learners are reminded of it; empty: never.",
    )
    use_django_mail = Setting[bool]("USE_DJANGO_MAIL", default=False, doc="Accepted; both channels say the same.")
    software_secure = Setting[Mapping[str, Any]](
        "SOFTWARE_SECURE",
        default=dict,
        parse=dict,
        doc="The vendor: API_URL, API_ACCESS_KEY, API_SECRET_KEY, keys and storage.",
    )
    provider = Setting[str](
        "PROVIDER", default=_default_provider, doc="Who reviews photos: software_secure, local, or a provider's name."
    )
    providers = Setting[Mapping[str, str]](
        "PROVIDERS", default=dict, parse=dict, doc="Further providers: name -> dotted path of the class."
    )
    lms_services = Setting[Mapping[str, str]](
        "LMS_SERVICES", default=dict, parse=dict, doc="LMS service name -> dotted path of its class."
    )
    api_authentication_classes = Setting[Sequence[str]](
        "API_AUTHENTICATION_CLASSES",
        default=lambda: [SESSION_AUTHENTICATION],
        doc="DRF authentication classes, dotted paths.",
    )
    encryption_keys = Setting[Mapping[str, str]](
        "ENCRYPTION_KEYS",
        default=dict,
        parse=_readable_keys,
        doc="Key id -> 32 bytes in base64 or hex, for our own copies of photos; the first encrypts, all decrypt.",
    )
    audit_keys = Setting[Mapping[str, str]](
        "AUDIT_KEYS",
        default=dict,
        parse=_readable_keys,
        doc="Key id -> 32 bytes in base64 or hex, for the audit log; the first seals, all check.",
    )
    max_photo_bytes = Setting[int](
        "MAX_PHOTO_BYTES", default=10_000_000, parse=_positive, doc="Largest photo that is taken, in bytes."
    )
    max_photo_pixels = Setting[int](
        "MAX_PHOTO_PIXELS", default=40_000_000, parse=_positive, doc="Largest photo that is taken, in pixels."
    )
    photo_retention_days = Setting[int](
        "PHOTO_RETENTION_DAYS",
        default=90,
        parse=_positive,
        doc="Days after the decision when photos are deleted; undecided ones are kept.",
    )
    undecided_photo_retention_days = Setting[float](
        "UNDECIDED_PHOTO_RETENTION_DAYS",
        default=1095.0,
        parse=days,
        doc="Days after they were taken when photos are deleted on which nobody ever decided.",
    )
    name_retention_days = Setting[float | None](
        "NAME_RETENTION_DAYS",
        default=None,
        parse=days_or_none,
        doc="Days after a verification's end for which the learner's name and the reasons in it are kept; None: until "
        "the learner is retired.",
    )
    look_retention_days = Setting[float | None](
        "LOOK_RETENTION_DAYS",
        default=None,
        parse=days_or_none,
        doc="Days for which it is kept who looked at photos; None: for good.",
    )
    staff_action_retention_days = Setting[float | None](
        "STAFF_ACTION_RETENTION_DAYS",
        default=None,
        parse=days_or_none,
        doc="Days for which it is kept what staff did in the admin and why; None: for good.",
    )
    erasure_key = Setting[str](
        "ERASURE_KEY",
        default="",
        parse=str,
        doc="Secret of the digests in certificates of erasure, never to be changed; without it Django's SECRET_KEY.",
    )
    four_eyes = Setting[bool]("FOUR_EYES", default=False, doc="A local decision needs two reviewers who agree.")
    request_timeout = Setting[float](
        "REQUEST_TIMEOUT", default=30.0, parse=float, doc="Seconds a request to the vendor may take."
    )
    allow_unsigned_results = Setting[bool](
        "ALLOW_UNSIGNED_RESULTS",
        default=True,
        doc="Take results that show the access key only; false once the vendor signs (contract §3.1, W21).",
    )
    inbox_retention_days = Setting[float](
        "INBOX_RETENTION_DAYS",
        default=180.0,
        parse=days,
        doc="Days for which results are kept that are done with.",
    )
    outbox_retention_days = Setting[float](
        "OUTBOX_RETENTION_DAYS", default=30.0, parse=days, doc="Days for which messages that were sent are kept."
    )
    outbox_retry_base_seconds = Setting[float](
        "OUTBOX_RETRY_BASE_SECONDS", default=60.0, parse=float, doc="First retry delay; it doubles with every failure."
    )
    outbox_max_age_hours = Setting[float](
        "OUTBOX_MAX_AGE_HOURS", default=24.0, parse=float, doc="Hours of retries before a message is a dead letter."
    )

    @property
    def schedules(self) -> Sequence[Schedule]:
        """``SCHEDULES``, with the intervals of the site's own beat table where it has them."""
        return as_configured(SCHEDULES, self.beat_table)

    @property
    def validity(self) -> timedelta:
        """How long an approval counts."""
        return timedelta(days=self.days_good_for)

    @property
    def secrets(self) -> Sequence[str | bytes]:
        """What keys are derived from: ``SECRET_KEY``, then ``SECRET_KEY_FALLBACKS``."""
        return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]

    @property
    def erasure_keys(self) -> Sequence[bytes]:
        """Secrets of certificates of erasure: the first one is used, and by each of them they may be found."""
        return as_bytes([self.erasure_key, *self.secrets])

    @property
    def keyring(self) -> Keyring:
        """Keys of our own copies of photos: the configured ones, then those derived from the site's secrets."""
        return _ring(self.encryption_keys, PHOTO_KEY_INFO)

    @property
    def audit_keyring(self) -> Keyring:
        """Keys of the audit log's stamps and seals, of which the newest makes them and all check them."""
        return _ring(self.audit_keys, AUDIT_KEY_INFO)

    @property
    def expiry_email(self) -> Mapping[str, int]:
        """
        How often learners are told that an approval has ended: every ``RESEND_DAYS`` (15), ``DEFAULT_EMAILS`` (2) times
        for sure, going ``DAYS_RANGE`` (1) days back (contract §7.4).
        """
        configured = getattr(settings, "VERIFICATION_EXPIRY_EMAIL", None) or {}
        if not isinstance(configured, Mapping):
            raise ImproperlyConfigured("VERIFICATION_EXPIRY_EMAIL must be a dictionary.")
        return {"RESEND_DAYS": 15, "DAYS_RANGE": 1, "DEFAULT_EMAILS": 2, **configured}

    @property
    def expiry_rules(self) -> ExpiryRules:
        """``VERIFICATION_EXPIRY_EMAIL``, made sure of. Raises ``ImproperlyConfigured``."""
        numbers: dict[str, int] = {}
        for key in ("RESEND_DAYS", "DAYS_RANGE", "DEFAULT_EMAILS"):
            try:
                numbers[key.lower()] = _positive(self.expiry_email[key])
            except (TypeError, ValueError):
                raise ImproperlyConfigured(
                    f'VERIFICATION_EXPIRY_EMAIL["{key}"] has to be 1 or more. To send no such mail at all, take '
                    "send_verification_expiry_email off the schedule."
                ) from None
        return ExpiryRules(**numbers)

    @property
    def features(self) -> Mapping[str, Any]:
        """``FEATURES``: switches of the platform (contract §8.3)."""
        return getattr(settings, "FEATURES", None) or {}

    @property
    def auto_verify_for_testing(self) -> bool:
        """Photos are neither kept nor sent, and every verification counts as handed in."""
        return bool(self.features.get("AUTOMATIC_VERIFY_STUDENT_IDENTITY_FOR_TESTING", False))

    @property
    def vendor_stub(self) -> bool:
        """A page plays the vendor, for developers."""
        return bool(self.features.get("ENABLE_SOFTWARE_SECURE_FAKE", False))

    @property
    def integrity_signature(self) -> bool:
        """An honour code has replaced identity verification in courses."""
        return bool(self.features.get("ENABLE_INTEGRITY_SIGNATURE", False))

    @property
    def account_mfe_url(self) -> str:
        """Root of the account micro-frontend, without a slash at its end; empty where there is none."""
        return str(getattr(settings, "ACCOUNT_MICROFRONTEND_URL", "") or "").rstrip("/")

    @property
    def support_link(self) -> str:
        """Help about identity verification."""
        return str(getattr(settings, "ID_VERIFICATION_SUPPORT_LINK", "") or getattr(settings, "SUPPORT_SITE_LINK", ""))

    @property
    def platform_name(self) -> str:
        """Name shown to learners."""
        return str(getattr(settings, "PLATFORM_NAME", ""))

    @property
    def site_root(self) -> str:
        """Scheme and host by which providers reach us (contract §2.5)."""
        scheme = "https" if getattr(settings, "HTTPS", "on") == "on" else "http"
        return f"{scheme}://{getattr(settings, 'SITE_NAME', 'localhost')}"

    @property
    def lms_root_url(self) -> str:
        """Makes addresses in mails absolute; the site's root where the host sets none."""
        return str(getattr(settings, "LMS_ROOT_URL", "") or self.site_root).rstrip("/")

    @property
    def from_address(self) -> str:
        """Sender of mails."""
        return str(settings.DEFAULT_FROM_EMAIL)

    @property
    def ace_channels(self) -> Mapping[str, Any]:
        """Settings of edx-ace that decide who carries our mail, those that are set; ``checks`` looks at them."""
        names = ("ACE_ENABLED_CHANNELS", "ACE_CHANNEL_DEFAULT_EMAIL", "ACE_CHANNEL_TRANSACTIONAL_EMAIL")
        return {name: getattr(settings, name) for name in names if getattr(settings, name, None)}

    @property
    def language_code(self) -> str:
        """The platform's default language."""
        return str(settings.LANGUAGE_CODE)

    @property
    def redact_manual_verifications(self) -> bool:
        """Manual verifications of retired learners are blanked and deleted (contract §1.10)."""
        return bool(getattr(settings, "REDACT_MANUAL_VERIFICATION_HISTORICAL_PII", False))


config = VerifyStudentConfig()
