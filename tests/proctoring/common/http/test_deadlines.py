"""One limit for everything that is asked of other machines meanwhile."""

import time

import pytest

from proctoring.common.http import HttpClient, VendorTimeout, VendorUnreachable, breaker_state, deadline
from proctoring.common.http.deadlines import is_over, seconds_left

SOON = 0.3
# What a busy machine may take on top.
SLACK = 1.0


@pytest.fixture
def patient():
    return HttpClient("acme", timeout=(5, 5))


def drips(vendor):
    """An answer of many pieces, each of them in time."""

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b".")
            handler.wfile.flush()
            if vendor.closing.wait(0.05):
                break
        handler.close_connection = True

    return answer


def test_without_one_there_is_no_limit():
    assert seconds_left() is None
    assert not is_over()


def test_the_earliest_one_counts():
    with deadline(5):
        with deadline(60):
            assert 0 < seconds_left() <= 5
        with deadline(0):
            assert is_over()
        assert not is_over()
    assert seconds_left() is None


@pytest.mark.parametrize("length", [7, 100_000])
def test_an_answer_in_time_is_whole(patient, vendor, length):
    vendor.says(vendor.replies(body=b"x" * length), vendor.replies(404))

    with deadline(5):
        assert patient.request("GET", vendor.url).content == b"x" * length
        assert patient.request("GET", vendor.url).status_code == 404
    assert vendor.seen[0][4] == vendor.seen[1][4], "the connection is kept"


@pytest.mark.parametrize("behaviour", ["stays_silent", "stalls_in_the_body"])
def test_a_silent_vendor_ends_it(patient, vendor, behaviour):
    vendor.says(getattr(vendor, behaviour))
    began = time.monotonic()

    with deadline(SOON), pytest.raises(VendorTimeout):
        patient.request("GET", vendor.url)

    assert time.monotonic() - began < SOON + SLACK
    assert len(vendor.seen) == 1


def test_a_vendor_that_never_stops_talking_ends_it_too(patient, vendor):
    vendor.says(drips(vendor))
    began = time.monotonic()

    with deadline(SOON), pytest.raises(VendorTimeout):
        patient.request("GET", vendor.url)

    assert time.monotonic() - began < SOON + SLACK


def test_it_holds_for_all_calls_together(patient, vendor):
    def slowly(handler):
        vendor.closing.wait(0.2)
        handler.reply(200)

    vendor.says(*[slowly] * 5)
    began = time.monotonic()

    def ask_often():
        for _ in range(5):
            patient.request("GET", vendor.url)

    with deadline(SOON), pytest.raises(VendorTimeout):
        ask_often()

    assert time.monotonic() - began < SOON + SLACK
    assert len(vendor.seen) == 2


def test_a_call_that_is_not_made_is_not_held_against_the_vendor(vendor):
    client = HttpClient("acme", fail_max=1)

    with deadline(0), pytest.raises(VendorTimeout):
        client.request("GET", vendor.url)

    assert vendor.seen == []
    assert breaker_state("acme") == "closed"


def test_waits_between_tries_count(vendor, naps):
    vendor.says(vendor.replies(503, **{"Retry-After": "5"}), vendor.replies(503), vendor.replies(503))

    with deadline(2):
        assert HttpClient("acme").request("GET", vendor.url).status_code == 503

    assert all(nap <= 2 for nap in naps)


def test_what_breaks_off_is_tried_again_in_time(patient, vendor):
    vendor.says(vendor.drops, vendor.drops_in_the_body, vendor.replies(body=b"third"))

    with deadline(5):
        assert patient.request("GET", vendor.url).content == b"third"


def test_nobody_there_is_unreachable():
    with deadline(5), pytest.raises(VendorUnreachable):
        HttpClient("acme").request("GET", "http://127.0.0.1:9/")
