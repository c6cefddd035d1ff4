from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import time_machine
from django.core.cache import cache

from proctoring.backends.rest.oauth import ClientCredentials
from proctoring.common.http import VendorTimeout, VendorUnreachable
from tests.proctoring.backends.rest_vendor import BASE, CLIENT_ID, CLIENT_SECRET, TOKEN, RestVendor

NOW = datetime.fromisoformat("2026-11-21T09:00:00+00:00")


def credentials(base_url: str = BASE, client_id: str = CLIENT_ID) -> ClientCredentials:
    return ClientCredentials("proctor-x.example", base_url, client_id, CLIENT_SECRET)


@pytest.mark.parametrize("base_url", [BASE, BASE + "/"])
def test_a_token_is_asked_for_with_the_clients_credentials(rest_vendor: RestVendor, base_url: str) -> None:
    assert credentials(base_url).token() == "token-1"

    [asked] = rest_vendor.token_requests
    assert (asked.method, asked.url) == ("POST", TOKEN)
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(asked.body) == {
        "grant_type": ["client_credentials"],
        "client_id": [CLIENT_ID],
        "client_secret": [CLIENT_SECRET],
        "token_type": ["jwt"],
    }
    assert asked.req_kwargs["timeout"] == (3.05, 5.0)


def test_a_token_is_kept_for_every_process_until_shortly_before_its_end(rest_vendor: RestVendor) -> None:
    rest_vendor.gives_tokens("token-1", "token-2", expires_in=60)

    with time_machine.travel(NOW, tick=False) as clock:
        assert credentials().token() == "token-1"
        clock.shift(timedelta(seconds=54))
        assert credentials().token() == "token-1"
        clock.shift(timedelta(seconds=1))
        assert credentials().token() == "token-2"
    assert len(rest_vendor.token_requests) == 2


def test_clients_and_vendors_do_not_share_tokens(rest_vendor: RestVendor) -> None:
    rest_vendor.gives_tokens("token-1", "token-2")
    rest_vendor.wire.post("https://other.example/oauth2/access_token", json={"access_token": "o", "expires_in": 60})

    assert credentials().token() == "token-1"
    assert credentials(client_id="another").token() == "token-2"
    assert credentials(base_url="https://other.example").token() == "o"
    assert credentials().token() == "token-1"


def test_the_name_under_which_a_token_is_kept_shows_nothing() -> None:
    assert CLIENT_ID not in credentials().cache_key
    assert CLIENT_SECRET not in credentials().cache_key


@pytest.mark.parametrize("expires_in", [0, 5, -1, "nan"])
def test_a_token_that_ends_at_once_is_used_once(rest_vendor: RestVendor, expires_in: Any) -> None:
    rest_vendor.gives_tokens("token-1", "token-2", expires_in=expires_in)

    assert [credentials().token(), credentials().token()] == ["token-1", "token-2"]


@pytest.mark.parametrize("expires_in", [1e300, "inf", 10**30])
def test_no_token_is_kept_for_longer_than_a_day(rest_vendor: RestVendor, expires_in: Any) -> None:
    rest_vendor.gives_tokens("token-1", "token-2", expires_in=expires_in)

    with time_machine.travel(NOW, tick=False) as clock:
        assert credentials().token() == "token-1"
        clock.shift(timedelta(hours=23))
        assert credentials().token() == "token-1"
        clock.shift(timedelta(hours=1))
        assert credentials().token() == "token-2"


def test_a_token_can_be_forgotten(rest_vendor: RestVendor) -> None:
    rest_vendor.gives_tokens("token-1", "token-2")
    client = credentials()
    client.token()

    client.forget()

    assert cache.get(client.cache_key) is None
    assert client.token() == "token-2"


@pytest.mark.parametrize(
    "answer",
    [
        {"body": "<html>welcome</html>"},
        {"body": ""},
        {"body": "[" * 100_000},
        {"body": '{"access_token": "t", "expires_in": 1' + "0" * 400 + "}"},
        {"json": []},
        {"json": None},
        {"json": "token"},
        {"json": {}},
        {"json": {"access_token": "token"}},
        {"json": {"expires_in": 60}},
        {"json": {"access_token": "", "expires_in": 60}},
        {"json": {"access_token": None, "expires_in": 60}},
        {"json": {"access_token": ["token"], "expires_in": 60}},
        {"json": {"access_token": "two\r\nlines: 1", "expires_in": 60}},
        {"json": {"access_token": "tök€n", "expires_in": 60}},
        {"json": {"access_token": "token", "expires_in": "soon"}},
        {"json": {"access_token": "token", "expires_in": None}},
        {"json": {"access_token": "token", "expires_in": 60}, "status": 302},
        {"json": {"access_token": "token", "expires_in": 60}, "status": 401},
        {"json": {"access_token": "token", "expires_in": 60}, "status": 500},
    ],
)
def test_an_answer_without_a_usable_token_means_that_the_vendor_is_not_there(
    rest_vendor: RestVendor, answer: dict[str, Any]
) -> None:
    rest_vendor.wire.remove("POST", TOKEN)
    rest_vendor.wire.post(TOKEN, **answer)

    with pytest.raises(VendorUnreachable) as caught:
        credentials().token()
    assert caught.value.__cause__ is None
    assert cache.get(credentials().cache_key) is None


@pytest.mark.parametrize(
    ("lost", "error"), [(requests.ConnectionError(), VendorUnreachable), (requests.ReadTimeout(), VendorTimeout)]
)
def test_a_lost_connection_is_the_vendor_not_there(
    rest_vendor: RestVendor, lost: Exception, error: type[Exception]
) -> None:
    rest_vendor.wire.remove("POST", TOKEN)
    rest_vendor.wire.post(TOKEN, body=lost)

    with pytest.raises(error):
        credentials().token()


def test_asking_for_a_token_is_tried_again(rest_vendor: RestVendor) -> None:
    rest_vendor.wire.remove("POST", TOKEN)
    rest_vendor.wire.post(TOKEN, status=503)
    rest_vendor.wire.post(TOKEN, json={"access_token": "token-1", "expires_in": "60"})

    assert credentials().token() == "token-1"
