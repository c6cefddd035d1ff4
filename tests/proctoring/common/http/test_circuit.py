from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses
import time_machine

from proctoring.common.http import (
    Circuit,
    CircuitOpen,
    HttpClient,
    VendorUnreachable,
    breaker_state,
    reset_breakers,
)

URL = "https://vendor.example.org/exam/"
START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def vendor():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as faked:
        yield faked


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


def ask(name="acme", **settings):
    return HttpClient(name, retries=0, **settings).request("GET", URL)


def fail(times, **settings):
    """Fails so many times in a row."""
    for _ in range(times):
        with pytest.raises(VendorUnreachable):
            ask(**settings)


@pytest.fixture
def down(vendor):
    return vendor.get(URL, body=requests.ConnectionError())


def test_a_vendor_that_was_never_called_is_closed():
    assert breaker_state("nobody") == "closed"


def test_after_five_failures_in_a_row_the_vendor_is_left_alone(vendor, down):
    fail(4)
    assert breaker_state("acme") == "closed"
    fail(1)
    assert breaker_state("acme") == "open"

    with pytest.raises(CircuitOpen) as caught:
        ask()

    assert isinstance(caught.value, VendorUnreachable)
    assert (caught.value.code, caught.value.http_status) == ("vendor_circuit_open", 502)
    assert len(vendor.calls) == 5


@pytest.mark.parametrize(
    "failure",
    [
        {"body": requests.ConnectionError()},
        {"body": requests.ConnectTimeout()},
        {"body": requests.ReadTimeout()},
        {"body": requests.exceptions.ChunkedEncodingError()},
        {"status": 500},
        {"status": 503},
    ],
)
def test_connection_errors_timeouts_and_5xx_count(vendor, failure):
    vendor.get(URL, **failure)

    for _ in range(2):
        with suppress(VendorUnreachable):
            ask(fail_max=2)

    assert breaker_state("acme") == "open"


@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 429])
def test_other_answers_do_not_count(vendor, status):
    vendor.get(URL, status=status)

    for _ in range(3):
        assert ask(fail_max=1).status_code == status

    assert breaker_state("acme") == "closed"


def test_the_answer_that_opens_the_circuit_is_handed_back(vendor):
    vendor.get(URL, status=500)

    assert ask(fail_max=1).status_code == 500
    assert breaker_state("acme") == "open"


def test_a_call_counts_once_however_often_it_was_tried(vendor, down):
    with pytest.raises(VendorUnreachable):
        HttpClient("acme", retries=2, fail_max=2).request("GET", URL)

    assert len(vendor.calls) == 3
    assert breaker_state("acme") == "closed"


def test_an_answer_in_between_starts_the_count_again(vendor, down):
    fail(4)
    vendor.replace("GET", URL, status=200)
    ask()
    vendor.replace("GET", URL, body=requests.ConnectionError())
    fail(4)

    assert breaker_state("acme") == "closed"


def test_after_the_rest_an_answer_closes_the_circuit(vendor, down, clock):
    fail(5)
    vendor.replace("GET", URL, status=200)

    clock.shift(timedelta(seconds=29))
    with pytest.raises(CircuitOpen):
        ask()
    clock.shift(timedelta(seconds=1))
    assert ask().status_code == 200

    assert breaker_state("acme") == "closed"


def test_after_the_rest_a_failure_opens_it_for_another_rest(vendor, down, clock):
    fail(1, fail_max=1, reset_timeout=10)
    clock.shift(timedelta(seconds=10))
    fail(1)

    clock.shift(timedelta(seconds=9))
    with pytest.raises(CircuitOpen):
        ask()
    assert len(vendor.calls) == 2


def test_vendors_are_apart_and_clients_of_one_vendor_together(vendor, down):
    fail(1, fail_max=1)
    vendor.replace("GET", URL, status=200)

    assert ask("other").status_code == 200
    with pytest.raises(CircuitOpen):
        ask("acme", fail_max=100)


def test_breakers_can_be_forgotten(vendor, down):
    fail(1, fail_max=1)
    reset_breakers()

    assert breaker_state("acme") == "closed"


def test_a_refused_call_is_logged(vendor, down, caplog):
    fail(1, fail_max=1)
    caplog.set_level("INFO")
    with pytest.raises(CircuitOpen):
        ask()

    assert "url=vendor.example.org/exam/ status=CircuitOpen" in caplog.text


def test_only_one_call_at_a_time_tries_the_vendor_out(clock):
    circuit = Circuit("acme", fail_max=1, reset_timeout=10)
    assert circuit.admits()
    circuit.record(answered=False)
    clock.shift(timedelta(seconds=10))

    assert circuit.admits()
    assert circuit.state == "half-open"
    assert not circuit.admits()
    circuit.record(answered=True)
    assert circuit.admits()


@pytest.mark.parametrize("answered", [True, False])
def test_a_call_that_ends_after_the_circuit_opened_changes_nothing(clock, answered):
    circuit = Circuit("acme", fail_max=1, reset_timeout=10)
    circuit.record(answered=False)
    clock.shift(timedelta(seconds=9))
    circuit.record(answered=answered)

    assert circuit.state == "open"
    clock.shift(timedelta(seconds=1))
    assert circuit.admits()
