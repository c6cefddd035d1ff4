"""
The app's settings: one typed, lazy object. Every member names its key, its fall-back and its meaning.

Keys live in ``settings.PROCTORING_SETTINGS``; some may also stand at the top level of the settings (contract
python.md §8.1). Nothing is read at import, and a changed setting is seen by the next read.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from proctoring.common.crypto import Keyring
from proctoring.common.operations.report import Level
from proctoring.common.retention.periods import days, days_or_none
from proctoring.common.schedules import Schedule, as_configured, beat
from proctoring.common.settings import Setting, SettingsSection, as_bytes

JWT_AUTHENTICATION = "edx_rest_framework_extensions.auth.jwt.authentication.JwtAuthentication"
SESSION_AUTHENTICATION = "rest_framework.authentication.SessionAuthentication"
DEFAULT_COURSE_ID_PATTERN = r"(?P<course_id>[^/+]+(/|\+)[^/+]+(/|\+)[^/?]+)"
AUDIT_KEY_INFO = b"proctoring audit log"
PAYLOAD_KEY_INFO = b"proctoring payloads at rest"

# What has to run again and again; ``BEAT`` is the same for Celery: ``CELERY_BEAT_SCHEDULE = {**BEAT}``.
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SCHEDULES = (
    Schedule("proctoring.deliver_outbox", MINUTE, Level.BROKEN),
    Schedule("proctoring.apply_due_callbacks", MINUTE, Level.BROKEN),
    Schedule("proctoring.expire_overdue_attempts", MINUTE, Level.BROKEN),
    Schedule("proctoring.ask_for_missing_reviews", HOUR),
    Schedule("proctoring.purge_exam_data", HOUR),
    Schedule("proctoring.continue_staff_actions", MINUTE),
    Schedule("proctoring.seal_audit_log", MINUTE),
)
BEAT = beat(SCHEDULES)

# Known to plugins by these names (contract python.md §8.3). The first means "no due date given", where None means "no
# due date", and is compared by identity; the second is for how many days a verified onboarding attempt counts, in any
# course of the same vendor; the third is the kind of allowance whose value multiplies the exam's own time.
MINIMUM_TIME = datetime.fromtimestamp(0, UTC)
VERIFICATION_DAYS_VALID = 365
TIME_MULTIPLIER = "time_multiplier"

# Names of switches that operators know (contract python.md §8.3); the first takes a backend's name.
PING_FAILURE_PASSTHROUGH_TEMPLATE = "edx_proctoring.{}_ping_failure_passthrough"
ONBOARDING_PROFILE_INSTRUCTOR_DASHBOARD_API = "edx_proctoring.onboarding_profile_instructor_dashboard_api"
REDS_API_REDIRECT = "edx_proctoring.reds_api_redirect"

# Of one account: polls once a minute, a person's clicks, a panel that is filled, a vendor's queue that runs empty. Of
# one address: strangers, whose sessions may all have ended together.
THROTTLE_RATES: Mapping[str, str | None] = {
    "poll": "300/min",
    "write": "300/min",
    "staff": "1200/min",
    "callback": "6000/min",
    "anonymous": "6000/min",
}
THROTTLE_RATE = re.compile(r"[1-9]\d{0,6}/(s|sec|second|m|min|minute|h|hour|d|day)")


def _authentication_classes() -> list[str]:
    """Sessions, then the platform's JWT where its package is installed (contract rest.md §1.2)."""
    classes = [SESSION_AUTHENTICATION]
    if find_spec("edx_rest_framework_extensions") is not None:
        classes.append(JWT_AUTHENTICATION)
    return classes


def _readable_keys(configured: Any) -> Mapping[str, str]:
    keys = dict(configured)
    if keys:
        Keyring.from_text(keys)
    return keys


def _throttle_rates(configured: Any) -> Mapping[str, str | None]:
    rates = dict(configured)
    unknown = rates.keys() - THROTTLE_RATES.keys()
    if unknown or any(rate is not None and not THROTTLE_RATE.fullmatch(rate) for rate in rates.values()):
        raise ValueError("Scope -> rate, of the scopes there are.")
    return {**THROTTLE_RATES, **rates}


def _contact_email() -> str:
    """The top-level ``CONTACT_EMAIL``, else the sender of status mail."""
    return str(getattr(settings, "CONTACT_EMAIL", "") or config.status_email_from_address)


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


class ProctoringConfig(SettingsSection):
    """``PROCTORING_SETTINGS``, read when used."""

    setting_name = "PROCTORING_SETTINGS"

    site_name = Setting[str]("SITE_NAME", fallback="SITE_NAME", default="localhost", doc="Host name in links.")
    platform_name = Setting[str]("PLATFORM_NAME", fallback="PLATFORM_NAME", default="", doc="Name shown to learners.")
    status_email_from_address = Setting[str](
        "STATUS_EMAIL_FROM_ADDRESS",
        fallback="DEFAULT_FROM_EMAIL",
        default="webmaster@localhost",
        doc="Sender of status mail.",
    )
    contact_email = Setting[str](
        "CONTACT_EMAIL", default=_contact_email, doc="Contact shown where no better one is known."
    )
    allow_review_updates = Setting[bool](
        "ALLOW_REVIEW_UPDATES", fallback="ALLOW_REVIEW_UPDATES", default=True, doc="A vendor may send a review again."
    )
    require_failure_second_reviews = Setting[bool](
        "REQUIRE_FAILURE_SECOND_REVIEWS",
        fallback="REQUIRE_FAILURE_SECOND_REVIEWS",
        default=True,
        doc="A failing review waits for a person of ours before the attempt is rejected.",
    )
    default_review_policy = Setting[str](
        "DEFAULT_REVIEW_POLICY",
        fallback="DEFAULT_REVIEW_POLICY",
        default="Closed Book",
        doc="Reviewer notes without a policy.",
    )
    ping_interval = Setting[int](
        "DESKTOP_APPLICATION_PING_INTERVAL_SECONDS",
        fallback="DESKTOP_APPLICATION_PING_INTERVAL_SECONDS",
        default=60,
        parse=int,
        doc="Seconds between the browser's pings to the vendor's application.",
    )
    use_onboarding_profile_api = Setting[bool](
        "USE_ONBOARDING_PROFILE_API",
        fallback="USE_ONBOARDING_PROFILE_API",
        default=False,
        doc="Ask the vendor for profiles.",
    )
    software_secure_client_timeout = Setting[int](
        "SOFTWARE_SECURE_CLIENT_TIMEOUT", fallback="SOFTWARE_SECURE_CLIENT_TIMEOUT", default=30, doc="Accepted, unused."
    )
    software_secure_shut_down_graceperiod = Setting[int](
        "SOFTWARE_SECURE_SHUT_DOWN_GRACEPERIOD",
        fallback="SOFTWARE_SECURE_SHUT_DOWN_GRACEPERIOD",
        default=10,
        doc="Accepted, unused.",
    )
    must_be_verified_track = Setting[bool]("MUST_BE_VERIFIED_TRACK", default=True, doc="Used by the host only.")
    allow_timed_out_state = Setting[bool](
        "ALLOW_TIMED_OUT_STATE", default=False, doc="Keep `timed_out` instead of counting it as a submission."
    )
    allow_callback_simulation = Setting[bool](
        "ALLOW_CALLBACK_SIMULATION", default=False, doc="Tests only: skip the legacy vendor's identity rule."
    )
    max_error_reports = Setting[int](
        "MAX_ERROR_REPORTS",
        default=3,
        parse=int,
        doc="Errors that a learner may report at one exam: each stops the clock. Later reports change nothing.",
    )
    link_urls = Setting[Mapping[str, str] | None]("LINK_URLS", default=None, doc="Help pages by name.")
    low_threshold_pct = Setting[float](
        "low_threshold_pct", default=0.2, parse=float, doc="Share of time that counts as low."
    )
    critically_low_threshold_pct = Setting[float](
        "critically_low_threshold_pct", default=0.05, parse=float, doc="Share of time that counts as critical."
    )
    lms_services = Setting[Mapping[str, str]](
        "LMS_SERVICES",
        default=dict,
        parse=dict,
        doc="LMS service name -> dotted path of its class, for hosts that register none.",
    )
    switches = Setting[Mapping[str, bool]](
        "SWITCHES",
        default=dict,
        parse=dict,
        doc="Switch name -> on or off, for hosts without django-waffle (contract python.md §8.3).",
    )
    api_authentication_classes = Setting[Sequence[str]](
        "API_AUTHENTICATION_CLASSES", default=_authentication_classes, doc="DRF authentication classes, dotted paths."
    )
    encryption_keys = Setting[Mapping[str, str]](
        "ENCRYPTION_KEYS",
        default=dict,
        parse=_readable_keys,
        doc="Key id -> 32 bytes in base64 or hex; the first encrypts, all decrypt.",
    )
    audit_keys = Setting[Mapping[str, str]](
        "AUDIT_KEYS",
        default=dict,
        parse=_readable_keys,
        doc="Key id -> 32 bytes in base64 or hex, for the audit log; the first seals, all check.",
    )
    vendor_call_timeout = Setting[float](
        "VENDOR_CALL_TIMEOUT", default=10.0, parse=float, doc="Seconds a learner may wait for a vendor's registration."
    )
    outbox_max_age_hours = Setting[float](
        "OUTBOX_MAX_AGE_HOURS", default=24.0, parse=float, doc="Hours of retries before a message is a dead letter."
    )
    outbox_retry_base_seconds = Setting[float](
        "OUTBOX_RETRY_BASE_SECONDS", default=5.0, parse=float, doc="First retry delay; it doubles with every failure."
    )
    inbox_retention_days = Setting[float](
        "INBOX_RETENTION_DAYS",
        default=180.0,
        parse=days,
        doc="Days for which callbacks are kept that are done with.",
    )
    outbox_retention_days = Setting[float](
        "OUTBOX_RETENTION_DAYS", default=30.0, parse=days, doc="Days for which messages that were sent are kept."
    )
    review_retention_days = Setting[float | None](
        "REVIEW_RETENTION_DAYS",
        default=None,
        parse=days_or_none,
        doc="Days after a review's last change for which what the vendor said, its comments and the link to the "
        "recording are kept; None: until the learner is retired.",
    )
    attempt_history_retention_days = Setting[float | None](
        "ATTEMPT_HISTORY_RETENTION_DAYS",
        default=None,
        parse=days_or_none,
        doc="Days after an attempt's last change for which its former states are kept; None: for good.",
    )
    allowance_history_retention_days = Setting[float | None](
        "ALLOWANCE_HISTORY_RETENTION_DAYS",
        default=None,
        parse=days_or_none,
        doc="Days for which what allowances were before is kept; None: until the learner is retired.",
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
    review_request_interval_hours = Setting[float](
        "REVIEW_REQUEST_INTERVAL_HOURS",
        default=12.0,
        parse=float,
        doc="Hours after which a vendor is asked again for a review that has not come.",
    )
    idempotency_hours = Setting[float](
        "IDEMPOTENCY_HOURS", default=24.0, parse=float, doc="Hours in which a repeated request gets its first answer."
    )
    throttle_rates = Setting[Mapping[str, str | None]](
        "THROTTLE_RATES",
        default=lambda: THROTTLE_RATES,
        parse=_throttle_rates,
        doc="Scope -> most requests of one account, such as `300/min`; None for as many as come.",
    )
    health_endpoint = Setting[bool](
        "HEALTH_ENDPOINT", default=True, doc="Say at `v1/health`, to anybody, whether something is broken."
    )
    metrics = Setting[bool]("METRICS", default=False, doc="Tell Prometheus at `v1/metrics` how things stand.")
    metrics_token = Setting[str](
        "METRICS_TOKEN",
        default="",
        parse=str,
        doc="Bearer token for `v1/metrics`; without one only staff with the permission see them.",
    )

    @property
    def schedules(self) -> Sequence[Schedule]:
        """``SCHEDULES``, with the intervals of the site's own beat table where it has them."""
        return as_configured(SCHEDULES, self.beat_table)

    @property
    def enabled(self) -> bool:
        """Whether the host switched special exams on, with their routes and screens; without the flag it did."""
        features: Mapping[str, Any] = getattr(settings, "FEATURES", None) or {}
        return bool(features.get("ENABLE_SPECIAL_EXAMS", True))

    @property
    def backends(self) -> Mapping[str, Any]:
        """Vendors: name -> options, and under ``DEFAULT`` the name that new exams get; else the null backend alone."""
        configured = getattr(settings, "PROCTORING_BACKENDS", None)
        if configured is None:
            return {"DEFAULT": "null", "null": {}}
        if not isinstance(configured, Mapping):
            raise ImproperlyConfigured("PROCTORING_BACKENDS must be a dictionary.")
        return configured

    @property
    def course_id_pattern(self) -> str:
        """Regular expression of a course id in URLs, with the group ``course_id``."""
        return str(getattr(settings, "COURSE_ID_PATTERN", DEFAULT_COURSE_ID_PATTERN))

    @property
    def scheme(self) -> str:
        """Scheme of links to the host: ``https`` where it is ``on`` (contract python.md §2.13)."""
        return "https" if getattr(settings, "HTTPS", "on") == "on" else "http"

    @property
    def obfuscation_key(self) -> str:
        """Key of the ids vendors know learners by; secret, never changed (contract vendors_admin_screens.md §1.4)."""
        return str(getattr(settings, "PROCTORING_USER_OBFUSCATION_KEY", ""))

    @property
    def learning_mfe_url(self) -> str:
        """Root of links to courses in mail: that of the learning micro-frontend, empty where there is none."""
        return str(getattr(settings, "LEARNING_MICROFRONTEND_URL", "") or "")

    @property
    def language_code(self) -> str:
        """The platform's default language."""
        return str(settings.LANGUAGE_CODE)

    @property
    def lms_root_url(self) -> str:
        """Makes worker script addresses absolute; empty where the host sets none."""
        return str(getattr(settings, "LMS_ROOT_URL", "") or "")

    @property
    def max_body_size(self) -> int | None:
        """Most bytes of a request that are read into memory; None where the site sets no limit."""
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    @property
    def viewable_past_due(self) -> bool:
        """Whether learners may look at a proctored exam after its due date."""
        return bool(getattr(settings, "PROCTORED_EXAM_VIEWABLE_PAST_DUE", False))

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
        """Keys of payloads at rest: the configured ones, then those derived from the site's secrets."""
        return _ring(self.encryption_keys, PAYLOAD_KEY_INFO)

    @property
    def audit_keyring(self) -> Keyring:
        """Keys of the audit log's stamps and seals, of which the newest makes them and all check them."""
        return _ring(self.audit_keys, AUDIT_KEY_INFO)


config = ProctoringConfig()
