from typing import Any

import pytest
from django.core.checks import Error, run_checks
from pytest_django import Settings

from proctoring.backends import OPTIONS
from proctoring.checks import check_backends, check_screens, check_settings
from proctoring.lms import set_runtime_service
from tests.proctoring.backends import software_secure_vendor
from tests.proctoring.backends.contract import SECRETS

WATCHER = {"class": "tests.fakes.WatchingBackend"}
REST = {
    "class": "proctoring.backends.rest.BaseRestProctoringProvider",
    "base_url": "https://proctor-x.example",
    "client_id": "lms",
    "client_secret": "secret",
}
LEGACY: dict[str, Any] = {"class": software_secure_vendor.CLASS, **software_secure_vendor.OPTIONS}
GOOD: dict[str, Any] = {"DEFAULT": "watcher", "watcher": WATCHER, "rest": REST}


class Unwilling:
    """A service that cannot be made."""

    def __init__(self) -> None:
        raise OSError("/etc/passwd")


def settings_messages(settings: Settings, **proctoring: Any) -> list[tuple[str | None, str, str | None]]:
    """Id, text and hint of what is said about ``PROCTORING_SETTINGS``."""
    settings.PROCTORING_SETTINGS = proctoring
    return [(message.id, message.msg, message.hint) for message in check_settings(None)]


def backend_ids(settings: Settings, backends: object) -> list[str | None]:
    """Ids of what is said about ``PROCTORING_BACKENDS``."""
    settings.PROCTORING_BACKENDS = backends
    return [message.id for message in check_backends(None)]


def test_good_settings_are_not_talked_about(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {
        "SITE_NAME": "lms.example.org",
        "LMS_SERVICES": {"credit": "tests.fakes.FakeCredit"},
        "ENCRYPTION_KEYS": {"2026": "00" * 32},
    }
    settings.PROCTORING_BACKENDS = GOOD

    assert check_settings(None) == []
    assert check_backends(None) == []


def test_both_run_with_the_hosts_checks(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {"SIGHT_NAME": "x"}
    settings.PROCTORING_BACKENDS = {}

    said = {message.id for message in run_checks()}

    assert {"proctoring.W001", "proctoring.E004"} <= said


def test_w001_unknown_key(settings: Settings) -> None:
    [near, far] = settings_messages(settings, SIGHT_NAME="lms.example.org", ZZZ=1)

    assert near == ("proctoring.W001", "PROCTORING_SETTINGS has no key SIGHT_NAME.", "Did you mean SITE_NAME?")
    assert far[:2] == ("proctoring.W001", "PROCTORING_SETTINGS has no key ZZZ.")
    assert "docs/settings.rst" in str(far[2])


def test_e002_unknown_service(settings: Settings) -> None:
    [near, far] = settings_messages(settings, LMS_SERVICES={"grade": "x.Y", "weather": "x.Y"})

    assert near[::2] == ("proctoring.E002", "Did you mean grades?")
    assert far[0] == "proctoring.E002"
    assert "certificates, credit" in str(far[2])


@pytest.mark.parametrize("path", ["nowhere.Service", "tests.fakes.NoSuchService"])
def test_e003_service_that_cannot_be_found(settings: Settings, path: str) -> None:
    [(code, text, _)] = settings_messages(settings, LMS_SERVICES={"grades": path})

    assert code == "proctoring.E003"
    assert path in text


def test_e003_service_that_cannot_be_made(settings: Settings) -> None:
    [(code, text, _)] = settings_messages(settings, LMS_SERVICES={"grades": f"{__name__}.Unwilling"})

    assert (code, text) == ("proctoring.E003", "The LMS service grades cannot be made (OSError).")


def test_a_registered_service_comes_before_the_named_one(settings: Settings) -> None:
    set_runtime_service("grades", object())
    try:
        assert settings_messages(settings, LMS_SERVICES={"grades": "nowhere.Service"}) == []
    finally:
        set_runtime_service("grades", None)


@pytest.mark.parametrize(
    ("backends", "hint"),
    [
        ({"DEFAULT": "watchr", "watcher": WATCHER}, "Did you mean watcher?"),
        ({"DEFAULT": "zzz", "watcher": WATCHER}, "Name one of the backends that have options."),
        ({"DEFAULT": None, "watcher": WATCHER}, "Name one of the backends that have options."),
        ({"DEFAULT": "DEFAULT", "watcher": WATCHER}, "Name one of the backends that have options."),
        ({"watcher": WATCHER}, "Name one of the backends that have options."),
        ({}, "Name one of the backends that have options."),
    ],
)
def test_e004_no_usable_default(settings: Settings, backends: dict[str, Any], hint: str) -> None:
    settings.PROCTORING_BACKENDS = backends

    [message] = check_backends(None)

    assert (message.id, message.hint) == ("proctoring.E004", hint)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"class": "nowhere.Plugin"},
        {"class": "builtins.dict"},
        REST | {"base_url": ""},
        REST | {"timeout": -1},
        REST | {"timeout": "soon"},
        None,
        "watcher",
    ],
)
def test_e005_plugin_that_cannot_be_used(settings: Settings, options: object) -> None:
    settings.PROCTORING_BACKENDS = GOOD | {"unheard-of": options}

    message, *wrong_values = check_backends(None)

    assert message.id == "proctoring.E005"
    assert {value.id for value in wrong_values} <= {"proctoring.W014"}
    assert "unheard-of" in message.msg
    assert "secret" not in message.msg


def test_w006_unknown_option(settings: Settings) -> None:
    settings.PROCTORING_BACKENDS = GOOD | {"rest": REST | {"base-url": "x", "zzz": 1, "LINK_URLS": {}}}

    [near, far] = check_backends(None)

    assert (near.id, near.hint) == ("proctoring.W006", "Did you mean base_url?")
    assert (far.id, far.hint) == ("proctoring.W006", "The option is ignored.")
    assert far.msg == "The proctoring backend rest has no option zzz."


@pytest.mark.parametrize("key", ["", "schlüssel"])
def test_e007_no_key_for_learners_ids(settings: Settings, key: str) -> None:
    settings.PROCTORING_USER_OBFUSCATION_KEY = key

    assert backend_ids(settings, GOOD) == ["proctoring.E007"]


def test_e007_is_not_said_where_nobody_watches(settings: Settings) -> None:
    settings.PROCTORING_USER_OBFUSCATION_KEY = ""
    null = {"class": "proctoring.backends.null.NullBackendProvider"}
    mock = {"class": "proctoring.backends.mock.MockProctoringBackendProvider"}

    assert backend_ids(settings, {"DEFAULT": "null", "null": null, "mock": mock}) == []


def test_e008_every_value_that_cannot_be_read_once(settings: Settings) -> None:
    said = settings_messages(
        settings, VENDOR_CALL_TIMEOUT="soon", LMS_SERVICES=7, ENCRYPTION_KEYS={"2026": "s3cret"}, SIGHT_NAME="x"
    )

    assert [code for code, _, _ in said] == ["proctoring.E008"] * 3
    texts = " ".join(text for _, text, _ in said)
    assert all(key in texts for key in ["VENDOR_CALL_TIMEOUT", "LMS_SERVICES", "ENCRYPTION_KEYS"])
    assert "s3cret" not in texts


def test_e008_settings_that_are_no_dictionary(settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = ["SITE_NAME"]
    settings.PROCTORING_BACKENDS = ["null"]

    [about_settings], [about_backends] = check_settings(None), check_backends(None)

    assert about_settings == Error("PROCTORING_SETTINGS must be a dictionary.", id="proctoring.E008")
    assert about_backends == Error("PROCTORING_BACKENDS must be a dictionary.", id="proctoring.E008")


@pytest.mark.parametrize(
    ("absent", "text"),
    [
        (["client_secret"], "The proctoring backend rest lacks client_secret."),
        (["client_id", "client_secret"], "The proctoring backend rest lacks client_id and client_secret."),
    ],
)
def test_e009_no_credentials(settings: Settings, absent: list[str], text: str) -> None:
    settings.PROCTORING_BACKENDS = GOOD | {"rest": {key: REST[key] for key in REST if key not in absent}}

    [message] = check_backends(None)

    assert (message.id, message.msg) == ("proctoring.E009", text)


def test_w010_a_vendor_whose_word_anybody_can_give(settings: Settings) -> None:
    settings.PROCTORING_BACKENDS = GOOD | {"old": LEGACY | {"allow_unsigned_callbacks": True}}

    [message] = check_backends(None)

    assert (message.id, "old" in message.msg) == ("proctoring.W010", True)


@pytest.mark.parametrize("options", [WATCHER, LEGACY])
@pytest.mark.parametrize("secrets", ["whsec_x", ["whsec_x"], [{"id": "x"}], 7])
def test_e011_secrets_that_cannot_be_read(settings: Settings, options: dict[str, Any], secrets: Any) -> None:
    settings.PROCTORING_BACKENDS = GOOD | {"signing": options | {"callback_secrets": secrets}}

    [message] = check_backends(None)

    assert (message.id, "signing" in message.msg) == ("proctoring.E011", True)
    assert "whsec_x" not in message.msg


def test_w012_a_vendor_that_nobody_listens_to(settings: Settings) -> None:
    assert backend_ids(settings, GOOD | {"old": LEGACY}) == ["proctoring.W012"]
    assert backend_ids(settings, GOOD | {"old": LEGACY | {"callback_secrets": [SECRETS["old1"]]}}) == []


@pytest.mark.parametrize("missing", sorted(software_secure_vendor.OPTIONS.keys() - {"video_review_aes_key"}))
def test_every_option_that_a_legacy_vendor_lacks_is_named(settings: Settings, missing: str) -> None:
    lacking = {name: value for name, value in LEGACY.items() if name != missing}
    settings.PROCTORING_BACKENDS = GOOD | {"old": lacking}

    [message] = check_backends(None)

    assert message.id == "proctoring.E005"
    assert missing in message.msg


@pytest.mark.parametrize("missing", ["base_url", "client_id", "client_secret"])
def test_every_option_that_a_rest_vendor_lacks_is_named(settings: Settings, missing: str) -> None:
    settings.PROCTORING_BACKENDS = GOOD | {"rest": {name: REST[name] for name in REST if name != missing}}

    [message] = check_backends(None)

    assert missing in message.msg


WRONG: dict[str, Any] = {
    "allow_unsigned_callbacks": "no",
    "base_url": "proctor-x.example",
    "client_id": 7,
    "client_secret": b"s3cret",
    "crypto_key": 7,
    "default_rules": ["s3cret"],
    "exam_register_endpoint": "ftp://s3cret",
    "exam_sponsor": 7,
    "has_dashboard": "s3cret",
    "help_center_article_url": None,
    "integration_specific_email": ["s3cret"],
    "learner_notification_from_email": 7,
    "needs_oauth": 1,
    "organization": ["s3cret"],
    "passing_statuses": ["passed"],
    "ping_interval": 0,
    "review_turnaround_hours": -1,
    "secret_key": 7,
    "secret_key_id": 7,
    "send_email": "s3cret",
    "software_download_url": "http://[s3cret",
    "supports_onboarding": "s3cret",
    "tech_support_email": 7,
    "tech_support_phone": 555,
    "timeout": (1, 2, 3),
    "token_expiration_time": "s3cret",
    "verbose_name": " ",
    "video_review_aes_key": "s3cret",
}


@pytest.mark.parametrize("backend", [REST, LEGACY | {"callback_secrets": [SECRETS["old1"]]}, {}])
@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_w014_every_option_with_a_value_it_cannot_have_is_named(
    settings: Settings, backend: dict[str, Any], option: str
) -> None:
    given = backend or {"class": "proctoring.backends.null.NullBackendProvider"}
    settings.PROCTORING_BACKENDS = GOOD | {"one": given | {option: WRONG[option]}}

    said = check_backends(None)

    [wrong] = [message for message in said if message.id == "proctoring.W014"]
    assert (option in wrong.msg, "one" in wrong.msg) == (True, True)
    assert not any("s3cret" in message.msg for message in said)


@pytest.mark.parametrize("option", ["passing_statuses", "review_turnaround_hours", "default_rules"])
def test_some_options_may_be_none(settings: Settings, option: str) -> None:
    assert backend_ids(settings, GOOD | {"rest": REST | {option: None}}) == []


def test_w015_a_vendor_that_is_called_without_encryption(settings: Settings) -> None:
    assert backend_ids(settings, GOOD | {"rest": REST | {"base_url": "http://proctor-x.example"}}) == [
        "proctoring.W015"
    ]
    assert backend_ids(settings, GOOD | {"rest": REST | {"base_url": "http://127.0.0.1:8001"}}) == []


def test_vendors_that_sign_in_need_no_secrets(settings: Settings) -> None:
    assert backend_ids(settings, GOOD | {"rest": REST | {"callback_secrets": [SECRETS["old1"]]}}) == []


def test_w013_reviews_of_anything(settings: Settings) -> None:
    [(code, _, hint)] = settings_messages(settings, ALLOW_CALLBACK_SIMULATION=True)

    assert (code, hint) == ("proctoring.W013", "It is for tests only.")


def test_screens_that_cannot_be_shown_are_told(settings: Settings) -> None:
    assert check_screens(None) == []
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "django_htmx"]
    assert [message.id for message in check_screens(None)] == ["proctoring.W016"]
