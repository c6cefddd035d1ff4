"""Making a REST vendor's plugin, and the addresses of dashboards it makes."""

from typing import Any

import jwt
import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from proctoring.backends.rest import BaseRestProctoringProvider
from tests.proctoring.backends import contract
from tests.proctoring.backends.contract import COURSE_ID, INSTRUCTOR
from tests.proctoring.backends.rest_vendor import (
    ATTEMPTS,
    BASE,
    CLIENT_ID,
    CLIENT_SECRET,
    RestVendor,
    make_provider,
)


def test_its_defaults() -> None:
    plugin = make_provider()

    assert (plugin.has_dashboard, plugin.supports_onboarding, plugin.needs_oauth) == (True, True, True)
    assert list(plugin.passing_statuses) == ["Clean"]
    assert plugin.token_expiration_time == 60
    assert plugin.default_rules is None


def test_a_subclass_may_say_everything() -> None:
    class Vendor(BaseRestProctoringProvider):
        base_url = BASE
        client_id = "fixed"

    assert Vendor(client_secret=CLIENT_SECRET).client_id == "fixed"
    assert Vendor(client_id="given").client_id == "given"


@pytest.mark.parametrize("base_url", ["", None, "proctor-x.example", "//proctor-x.example", "ftp://x", "https://"])
def test_without_an_address_there_is_no_vendor(base_url: str | None) -> None:
    with pytest.raises(TypeError):
        make_provider(base_url=base_url)


@pytest.mark.parametrize("timeout", [0, -1, None, "soon", (1,), (1, 2, 3), float("inf")])
def test_a_timeout_that_is_none_is_refused(timeout: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        make_provider(timeout=timeout)


def test_credentials_in_the_address_stay_out_of_the_log(
    rest_vendor: RestVendor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "proctoring")
    address = "https://operator:hunter2@proctor-x.example"
    rest_vendor.wire.post(f"{address}/oauth2/access_token", json={"access_token": "token-1", "expires_in": 60})
    rest_vendor.answers("GET", f"{address}/api/v1/config/", {})

    make_provider(base_url=address).get_proctoring_config()

    assert "proctor-x.example" in caplog.text
    assert not any(secret in caplog.text for secret in ["operator", "hunter2", "token-1", CLIENT_SECRET])


# The dashboard


def claims_in(url: str) -> dict[str, Any]:
    """The verified claims of the token in a dashboard's address."""
    claims: dict[str, Any] = jwt.decode(url.partition("?jwt=")[2], CLIENT_SECRET, algorithms=["HS256"])
    return claims


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        ({}, {}),
        ({"show_configuration_dashboard": True, "attempt_id": "attempt-99"}, {}),
        ({"exam_id": "exam-77"}, {"exam_id": "exam-77"}),
        ({"exam_id": "exam-77", "show_configuration_dashboard": True}, {"exam_id": "exam-77", "config": True}),
        ({"exam_id": "exam-77", "attempt_id": "attempt-99"}, {"exam_id": "exam-77", "attempt_id": "attempt-99"}),
    ],
)
@time_machine.travel("2026-11-21T09:00:00.250+00:00", tick=False)
def test_a_dashboards_token_says_who_and_what(
    provider: BaseRestProctoringProvider, arguments: dict[str, Any], more: dict[str, Any]
) -> None:
    url = provider.get_instructor_url(COURSE_ID, INSTRUCTOR, **arguments)

    assert url.startswith(f"{BASE}/api/v1/instructor/{CLIENT_ID}/?jwt=")
    claims = claims_in(url)
    assert len(bytes.fromhex(claims.pop("jti"))) == 16
    assert (
        claims
        == {
            "course_id": COURSE_ID,
            "user": INSTRUCTOR,
            "iss": CLIENT_ID,
            "exp": 1795251660.25,
        }
        | more
    )


def test_a_dashboards_token_soon_ends_and_is_never_the_same(provider: BaseRestProctoringProvider) -> None:
    urls = {provider.get_instructor_url(COURSE_ID, INSTRUCTOR) for _ in range(2)}
    assert len(urls) == 2

    with time_machine.travel("2026-11-21T09:00:00Z", tick=False) as clock:
        url = make_provider(token_expiration_time=5).get_instructor_url(COURSE_ID, INSTRUCTOR)
        clock.shift(6)
        with pytest.raises(jwt.ExpiredSignatureError):
            claims_in(url)


def test_without_a_secret_there_is_no_token() -> None:
    with pytest.raises(ImproperlyConfigured, match="client_secret"):
        make_provider(client_secret="").get_instructor_url(COURSE_ID, INSTRUCTOR)


def test_the_learners_patience_is_a_setting(rest_vendor: RestVendor, settings: Settings) -> None:
    settings.PROCTORING_SETTINGS = {"VENDOR_CALL_TIMEOUT": 4}
    rest_vendor.answers("POST", ATTEMPTS, {"id": "attempt-99"})

    make_provider(timeout=(3, 20)).register_exam_attempt(contract.EXAM, contract.CONTEXT)

    assert rest_vendor.requests[0].req_kwargs["timeout"] == (3.0, 4.0)
