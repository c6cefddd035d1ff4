import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from proctoring.common.crypto import DecryptionError
from proctoring.conf import JWT_AUTHENTICATION, SESSION_AUTHENTICATION, THROTTLE_RATES, config

KEYS = {
    "SITE_NAME": ("site_name", "lms.example.org"),
    "PLATFORM_NAME": ("platform_name", "Example"),
    "STATUS_EMAIL_FROM_ADDRESS": ("status_email_from_address", "exams@example.org"),
    "CONTACT_EMAIL": ("contact_email", "contact@example.org"),
    "ALLOW_REVIEW_UPDATES": ("allow_review_updates", False),
    "DEFAULT_REVIEW_POLICY": ("default_review_policy", "Open Book"),
    "REQUIRE_FAILURE_SECOND_REVIEWS": ("require_failure_second_reviews", False),
    "SOFTWARE_SECURE_CLIENT_TIMEOUT": ("software_secure_client_timeout", 31),
    "SOFTWARE_SECURE_SHUT_DOWN_GRACEPERIOD": ("software_secure_shut_down_graceperiod", 11),
    "DESKTOP_APPLICATION_PING_INTERVAL_SECONDS": ("ping_interval", 61),
    "USE_ONBOARDING_PROFILE_API": ("use_onboarding_profile_api", True),
}
DEFAULTS = {
    "platform_name": "",
    "allow_review_updates": True,
    "default_review_policy": "Closed Book",
    "require_failure_second_reviews": True,
    "software_secure_client_timeout": 30,
    "software_secure_shut_down_graceperiod": 10,
    "ping_interval": 60,
    "use_onboarding_profile_api": False,
    "must_be_verified_track": True,
    "allow_timed_out_state": False,
    "allow_callback_simulation": False,
    "max_error_reports": 3,
    "link_urls": None,
    "low_threshold_pct": 0.2,
    "critically_low_threshold_pct": 0.05,
    "lms_services": {},
    "switches": {},
    "encryption_keys": {},
    "vendor_call_timeout": 10.0,
    "outbox_max_age_hours": 24.0,
    "outbox_retry_base_seconds": 5.0,
    "idempotency_hours": 24.0,
    "throttle_rates": THROTTLE_RATES,
    "health_endpoint": True,
    "metrics": False,
    "metrics_token": "",
}
TOP_LEVEL = {key: key for key in KEYS} | {"STATUS_EMAIL_FROM_ADDRESS": "DEFAULT_FROM_EMAIL"}


@pytest.fixture
def bare(settings: Settings) -> Settings:
    """Settings of a host that has said nothing about proctoring."""
    for name in ["PROCTORING_SETTINGS", *TOP_LEVEL.values()]:
        # Django has a default of its own for the sender of mail.
        if name != "DEFAULT_FROM_EMAIL" and hasattr(settings, name):
            delattr(settings, name)
    return settings


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(("member", "default"), DEFAULTS.items())
def test_what_holds_where_nothing_is_configured(member: str, default: object) -> None:
    assert getattr(config, member) == default


@pytest.mark.parametrize(("key", "member", "value"), [(key, *rest) for key, rest in KEYS.items()])
def test_a_key_comes_before_the_top_level_setting_before_the_default(
    bare: Settings, key: str, member: str, value: object
) -> None:
    setattr(bare, TOP_LEVEL[key], value)
    assert getattr(config, member) == value

    other = f"other-{value}" if isinstance(value, str) else type(value)(not value)
    bare.PROCTORING_SETTINGS = {key: other}
    assert getattr(config, member) == other


def test_the_contact_is_the_sender_where_there_is_none(bare: Settings) -> None:
    bare.DEFAULT_FROM_EMAIL = "from@example.org"
    assert config.contact_email == "from@example.org"

    bare.CONTACT_EMAIL = ""
    assert config.contact_email == "from@example.org"


def test_a_site_names_the_rates_that_differ(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {"THROTTLE_RATES": {"poll": "10/s", "write": None}}

    assert config.throttle_rates == {**THROTTLE_RATES, "poll": "10/s", "write": None}


def test_every_member_says_what_it_is_for() -> None:
    assert all(member.__doc__ for member in config.members().values())


def test_a_key_that_nobody_reads_is_noticed(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {"ALLOW_REVIEW_UPDATE": True, "link_urls": {}, "COLOUR": 1}

    assert config.unknown_keys() == [
        ("ALLOW_REVIEW_UPDATE", "ALLOW_REVIEW_UPDATES"),
        ("COLOUR", None),
        ("link_urls", "LINK_URLS"),
    ]


@pytest.mark.parametrize(
    ("key", "member", "value"),
    [
        ("VENDOR_CALL_TIMEOUT", "vendor_call_timeout", "a while"),
        ("low_threshold_pct", "low_threshold_pct", None),
        ("LMS_SERVICES", "lms_services", "credit.Service"),
        ("LMS_SERVICES", "lms_services", None),
        ("THROTTLE_RATES", "throttle_rates", {"poll": "often"}),
        ("THROTTLE_RATES", "throttle_rates", {"poll": "0/min"}),
        ("THROTTLE_RATES", "throttle_rates", {"poll": 300}),
        ("THROTTLE_RATES", "throttle_rates", {"polls": "300/min"}),
        ("THROTTLE_RATES", "throttle_rates", "300/min"),
        ("IDEMPOTENCY_HOURS", "idempotency_hours", "a day"),
        ("ENCRYPTION_KEYS", "encryption_keys", {"2026": "too short for a key"}),
        ("ENCRYPTION_KEYS", "encryption_keys", {"not an id": "00" * 32}),
        ("ENCRYPTION_KEYS", "encryption_keys", "00" * 32),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_by_name(
    settings: Settings, key: str, member: str, value: object
) -> None:
    settings.PROCTORING_SETTINGS = {key: value}

    with pytest.raises(ImproperlyConfigured, match=key) as caught:
        getattr(config, member)
    assert str(value) not in str(caught.value)


# What lives at the top level only


@pytest.mark.parametrize(
    ("features", "enabled"),
    [
        ({}, True),
        (None, True),
        ({"OTHER": False}, True),
        ({"ENABLE_SPECIAL_EXAMS": True}, True),
        ({"ENABLE_SPECIAL_EXAMS": False}, False),
    ],
)
def test_special_exams_are_on_until_the_host_says_no(settings: Settings, features: Any, enabled: bool) -> None:
    settings.FEATURES = features
    assert config.enabled is enabled


def test_a_host_without_features_has_special_exams(settings: Settings) -> None:
    del settings.FEATURES
    assert config.enabled is True


def test_backends_are_the_hosts_or_nobody(settings: Settings) -> None:
    settings.PROCTORING_BACKENDS = {}
    assert config.backends == {}
    settings.PROCTORING_BACKENDS = None
    assert config.backends == {"DEFAULT": "null", "null": {}}


@pytest.mark.parametrize(("https", "scheme"), [("on", "https"), ("off", "http"), (None, "http")])
def test_the_scheme_of_links(settings: Settings, https: object, scheme: str) -> None:
    settings.HTTPS = https
    assert config.scheme == scheme


@pytest.mark.parametrize(
    ("name", "member", "value", "absent"),
    [
        ("HTTPS", "scheme", "on", "https"),
        ("PROCTORING_USER_OBFUSCATION_KEY", "obfuscation_key", "key", ""),
        ("LEARNING_MICROFRONTEND_URL", "learning_mfe_url", "https://mfe", ""),
        ("LMS_ROOT_URL", "lms_root_url", "https://lms", ""),
        ("PROCTORED_EXAM_VIEWABLE_PAST_DUE", "viewable_past_due", True, False),
    ],
)
def test_top_level_settings(settings: Settings, name: str, member: str, value: object, absent: object) -> None:
    setattr(settings, name, value)
    assert getattr(config, member) == ("https" if name == "HTTPS" else value)
    delattr(settings, name)
    assert getattr(config, member) == absent


def test_course_ids_in_addresses(settings: Settings) -> None:
    settings.COURSE_ID_PATTERN = r"(?P<course_id>\d+)"
    assert config.course_id_pattern == r"(?P<course_id>\d+)"

    del settings.COURSE_ID_PATTERN
    assert "(?P<course_id>" in config.course_id_pattern


def test_the_platforms_language(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "de"
    assert config.language_code == "de"


# Who may call us, by default


@pytest.mark.usefixtures("bare")
def test_sessions_are_enough_where_the_platforms_tokens_are_not_installed() -> None:
    assert config.api_authentication_classes == [SESSION_AUTHENTICATION]


@pytest.mark.usefixtures("bare")
def test_the_platforms_tokens_count_where_they_are_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "edx_rest_framework_extensions").mkdir()
    (tmp_path / "edx_rest_framework_extensions" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    assert config.api_authentication_classes == [SESSION_AUTHENTICATION, JWT_AUTHENTICATION]
    assert "edx_rest_framework_extensions" not in sys.modules


# Keys of what is kept


def test_no_keys_are_the_same_as_none_configured(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {"ENCRYPTION_KEYS": {}}

    assert config.keyring.decrypt(config.keyring.encrypt(b"kept", b""), b"") == b"kept"


def test_what_was_kept_without_a_key_can_still_be_read_with_one(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {}
    kept = config.keyring.encrypt(b"kept", b"")

    settings.PROCTORING_SETTINGS = {"ENCRYPTION_KEYS": {"2026": "00" * 32}}

    assert config.keyring.primary == "2026"
    assert config.keyring.decrypt(kept, b"") == b"kept"


def test_a_changed_secret_reads_what_an_earlier_one_kept(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {}
    kept = config.keyring.encrypt(b"kept", b"")
    earlier = settings.SECRET_KEY

    settings.SECRET_KEY = "another"
    with pytest.raises(DecryptionError):
        config.keyring.decrypt(kept, b"")

    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert config.keyring.decrypt(kept, b"") == b"kept"
    assert config.keyring.decrypt(config.keyring.encrypt(b"new", b""), b"") == b"new"
