from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from proctoring.backends.callbacks import callback_secrets
from tests.proctoring.backends.contract import SECRETS


def configured(settings: Settings, secrets: Any) -> None:
    settings.PROCTORING_BACKENDS = {"DEFAULT": "acme", "acme": {"callback_secrets": secrets}}


@pytest.mark.parametrize("secrets", [None, [], ()])
def test_there_may_be_none(settings: Settings, secrets: Any) -> None:
    configured(settings, secrets)

    assert callback_secrets("acme") == []
    assert callback_secrets("DEFAULT") == []
    assert callback_secrets("unheard-of") == []


def test_a_secret_is_a_text_or_has_a_name_and_an_end(settings: Settings) -> None:
    configured(
        settings,
        [
            SECRETS["old1"],
            {"secret": SECRETS["old1"], "not_after": "2026-05-01T00:00:00+02:00"},
            {"id": "2026", "secret": SECRETS["new1"], "not_after": datetime(2027, 1, 1, tzinfo=UTC)},
        ],
    )

    found = callback_secrets("acme")

    assert [secret.key_id for secret in found] == ["#1", "#2", "2026"]
    assert [secret.not_after for secret in found] == [
        None,
        datetime(2026, 4, 30, 22, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    ]
    assert found[0].value == b"old1" * 8


def test_a_changed_setting_counts_at_once(settings: Settings) -> None:
    configured(settings, [SECRETS["old1"]])
    settings.PROCTORING_BACKENDS["acme"]["callback_secrets"].append(SECRETS["new1"])

    assert len(callback_secrets("acme")) == 2


@pytest.mark.parametrize(
    "secret",
    [
        "no-prefix",
        "whsec_",
        "whsec_c2hvcnQ=",
        "whsec_ü",
        7,
        None,
        [],
        {},
        {"id": "x"},
        {"secret": 7},
        {"id": 7, "secret": SECRETS["old1"]},
        {"id": "a\nb", "secret": SECRETS["old1"]},
        {"secret": SECRETS["old1"], "until": "2026-05-01"},
        {"secret": SECRETS["old1"], "not_after": "soon"},
        {"secret": SECRETS["old1"], "not_after": "2026-05-01T00:00:00"},
        {"secret": SECRETS["old1"], "not_after": 7},
    ],
)
def test_a_secret_that_cannot_be_read_is_not_shown(settings: Settings, secret: Any) -> None:
    configured(settings, [SECRETS["new1"], secret])

    with pytest.raises(ImproperlyConfigured, match=r"Secret 2 .* of acme") as caught:
        callback_secrets("acme")
    assert SECRETS["old1"] not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("secrets", ["whsec_x", {"id": "x"}, 7])
def test_secrets_are_a_list(settings: Settings, secrets: Any) -> None:
    configured(settings, secrets)

    with pytest.raises(ImproperlyConfigured, match="must be a list"):
        callback_secrets("acme")
