import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from proctoring.backends import (
    ENTRY_POINT_GROUP,
    OPTIONS,
    configured_names,
    get_backend_choices,
    get_backend_provider,
    provider_named,
    registry,
)
from proctoring.backends.base import ProctoringBackendProvider
from proctoring.backends.null import NullBackendProvider
from tests.fakes import WatchingBackend

WATCHER = "tests.fakes.WatchingBackend"
REST = "proctoring.backends.rest.BaseRestProctoringProvider"
HERE = "tests.proctoring.backends.test_registry"


class Picky(ProctoringBackendProvider):
    """Cannot be made without its key."""

    def __init__(self, *, crypto_key: str) -> None:
        super().__init__()
        self.key = bytes.fromhex(crypto_key)


class Nameless(WatchingBackend):
    verbose_name = ""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package that offers the null vendor as ``quiet`` and a module that cannot be imported as ``loud``."""
    info = tmp_path / "quiet_vendor-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: quiet-vendor\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        f"[{ENTRY_POINT_GROUP}]\nquiet = proctoring.backends.null:NullBackendProvider\nloud = loud_vendor:Loud\n"
    )
    (tmp_path / "loud_vendor.py").write_text("raise RuntimeError('on fire')\n")
    monkeypatch.syspath_prepend(tmp_path)
    vars(registry).pop("_entry_points", None)
    yield
    vars(registry).pop("_entry_points", None)
    sys.modules.pop("loud_vendor", None)


@pytest.fixture
def backends(settings: Settings) -> dict[str, Any]:
    """The options of all vendors, to be changed by the test."""
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "first",
        "first": {"class": WATCHER, "verbose_name": "First"},
        "second": {"class": WATCHER, "verbose_name": "Second"},
    }
    return settings.PROCTORING_BACKENDS


@pytest.mark.usefixtures("backends")
@pytest.mark.parametrize(
    ("exam", "name", "found"),
    [
        (None, None, "First"),
        (None, "second", "Second"),
        ({"is_proctored": True, "backend": "second"}, None, "Second"),
        ({"is_proctored": True, "backend": "second"}, "first", "Second"),
        ({"is_proctored": True, "backend": None}, "second", "Second"),
        ({"is_proctored": True, "backend": ""}, None, "First"),
        ({"backend": "second"}, None, "Second"),
        ({}, None, "First"),
    ],
)
def test_the_exams_vendor_comes_before_the_name_before_the_default(
    exam: dict[str, Any] | None, name: str | None, found: str
) -> None:
    provider = get_backend_provider(exam, name)

    assert provider is not None
    assert provider.verbose_name == found


@pytest.mark.usefixtures("backends")
def test_an_exam_that_is_not_proctored_has_none_whatever_its_row_says() -> None:
    assert get_backend_provider({"is_proctored": False, "backend": "second"}) is None
    assert get_backend_provider({"is_proctored": False, "backend": "gone"}, "second") is None


@pytest.mark.usefixtures("backends")
def test_an_unknown_name_is_refused_and_the_known_ones_are_said() -> None:
    with pytest.raises(NotImplementedError, match=r"'third'.*first, second"):
        get_backend_provider(name="third")


@pytest.mark.usefixtures("backends")
def test_the_key_of_the_default_is_no_name() -> None:
    with pytest.raises(NotImplementedError):
        provider_named("DEFAULT")


def test_without_any_name_there_has_to_be_a_default(settings: Settings) -> None:
    settings.PROCTORING_BACKENDS = {"first": {"class": WATCHER}}

    with pytest.raises(ImproperlyConfigured, match="DEFAULT"):
        get_backend_provider()


@pytest.mark.usefixtures("installed")
def test_a_name_without_a_class_is_an_entry_point(settings: Settings) -> None:
    settings.PROCTORING_BACKENDS = {"DEFAULT": "quiet", "quiet": {"verbose_name": "Hush"}}

    provider = provider_named("quiet")

    assert type(provider) is NullBackendProvider
    assert provider.verbose_name == "Hush"


@pytest.mark.usefixtures("installed")
def test_an_entry_point_that_is_not_in_the_settings_is_not_used(backends: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError):
        provider_named("quiet")
    assert configured_names() == ["first", "second"]


@pytest.mark.usefixtures("installed")
def test_plugins_that_cannot_be_used_do_not_hide_the_others(backends: dict[str, Any]) -> None:
    backends |= {
        "loud": {},
        "absent": {},
        "misspelt": {"class": "tests.fakes.WatchingBackand"},
        "foreign": {"class": "builtins.dict"},
        "incomplete": {"class": REST},
        "odd": None,
    }

    assert list(get_backend_choices()) == [("first", "First"), ("second", "Second")]
    for name in ["loud", "absent", "misspelt", "foreign", "incomplete", "odd"]:
        with pytest.raises(NotImplementedError, match=name):
            provider_named(name)
    assert provider_named("second").verbose_name == "Second"


def test_a_missing_option_is_named(backends: dict[str, Any]) -> None:
    backends["picky"] = {"class": f"{HERE}.Picky"}

    with pytest.raises(NotImplementedError, match=r"picky.*crypto_key"):
        provider_named("picky")


def test_the_value_of_a_bad_option_is_not_said(backends: dict[str, Any]) -> None:
    backends["picky"] = {"class": f"{HERE}.Picky", "crypto_key": "not-hexadecimal"}

    with pytest.raises(NotImplementedError, match=r"^The plugin 'picky' cannot be made: ValueError\.$") as caught:
        provider_named("picky")
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_vendor_without_a_name_is_listed_all_the_same(settings: Settings) -> None:
    settings.PROCTORING_BACKENDS = {"DEFAULT": "x", "x": {"class": f"{HERE}.Nameless"}}

    assert list(get_backend_choices()) == [("x", "Unknown")]


def test_only_known_options_reach_a_plugin(backends: dict[str, Any]) -> None:
    backends["first"] |= {"tech_support_phone": "123", "LINK_URLS": {"contact": "https://x"}, "surprise": 1}

    provider = provider_named("first")

    assert provider.tech_support_phone == "123"
    assert not hasattr(provider, "LINK_URLS")
    assert not hasattr(provider, "surprise")


def test_the_published_options_are_all_known() -> None:
    published = """
    base_url client_id client_secret crypto_key default_rules exam_register_endpoint exam_sponsor has_dashboard
    help_center_article_url integration_specific_email learner_notification_from_email needs_oauth organization
    passing_statuses ping_interval secret_key secret_key_id send_email software_download_url supports_onboarding
    tech_support_email tech_support_phone token_expiration_time verbose_name video_review_aes_key timeout
    """
    assert set(published.split()) | {"allow_unsigned_callbacks", "review_turnaround_hours"} == OPTIONS


def test_secrets_of_callbacks_reach_no_plugin(backends: dict[str, Any]) -> None:
    backends["first"]["callback_secrets"] = ["whsec_x"]

    assert not hasattr(provider_named("first"), "callback_secrets")


def test_one_instance_serves_the_process_until_its_options_change(backends: dict[str, Any]) -> None:
    first = provider_named("first")
    assert provider_named("first") is first
    assert get_backend_provider() is first

    backends["first"]["verbose_name"] = "Renamed"

    renamed = provider_named("first")
    assert renamed is not first
    assert renamed.verbose_name == "Renamed"


def test_without_any_settings_nobody_watches(settings: Settings) -> None:
    del settings.PROCTORING_BACKENDS

    assert configured_names() == ["null"]


@pytest.mark.parametrize("configured", ["null", ["null"], 1])
def test_settings_that_are_no_dictionary_are_refused(settings: Settings, configured: object) -> None:
    settings.PROCTORING_BACKENDS = configured

    with pytest.raises(ImproperlyConfigured, match="PROCTORING_BACKENDS must be a dictionary"):
        provider_named("null")
