import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from proctoring.common.errors import DomainError
from proctoring.common.http import (
    CircuitOpen,
    HttpClient,
    VendorTimeout,
    VendorUnreachable,
    breaker_state,
    is_unreachable,
)

NOWHERE = "http://127.0.0.1:9"
ALL_MEANINGS = pytest.mark.parametrize("status", [200, 201, 204, 302, 400, 404, 422, 429, 500, 501])


@pytest.fixture
def client():
    return HttpClient("acme")


@pytest.fixture
def hasty():
    return HttpClient("acme", timeout=(0.5, 0.15))


@ALL_MEANINGS
def test_any_answer_is_handed_back_after_one_try(client, vendor, status):
    vendor.says(vendor.replies(status))

    assert client.request("GET", vendor.url).status_code == status
    assert len(vendor.seen) == 1


def test_the_request_is_sent_as_asked(client, vendor):
    vendor.says(vendor.replies(body=b'{"ok": true}'), vendor.replies(), vendor.replies())

    answer = client.request("post", f"{vendor.url}/exam/1/?a=b", json={"k": "ö"}, headers={"X-Trace": "7"})
    client.request("PUT", vendor.url, data=b"\x00\xff")
    client.request("POST", vendor.url, data={"grant_type": "client_credentials"})

    assert answer.json() == {"ok": True}
    (method, path, headers, body, _), put, form = vendor.seen
    assert (method, path, headers["X-Trace"], body) == ("POST", "/exam/1/?a=b", "7", rb'{"k": "\u00f6"}')
    assert (put[0], put[3]) == ("PUT", b"\x00\xff")
    assert form[3] == b"grant_type=client_credentials"


@pytest.mark.parametrize(
    "timeout", [None, (None, 5), (5, None), 0, -1, (5, 0), float("inf"), float("nan"), (1, 2, 3), "5"]
)
def test_a_client_without_timeouts_cannot_be_made(timeout):
    with pytest.raises(ValueError, match=r"timeout|too many values"):
        HttpClient("acme", timeout=timeout)


def test_fewer_than_no_retries_are_refused():
    with pytest.raises(ValueError, match="retries"):
        HttpClient("acme", retries=-1)


@pytest.mark.parametrize("timeout", [0.15, (5, 0.15), [5, 0.15]])
def test_an_answer_that_does_not_come_is_a_timeout_and_not_asked_for_again(vendor, timeout):
    vendor.says(vendor.stays_silent)

    with pytest.raises(VendorTimeout) as caught:
        HttpClient("acme", timeout=timeout).request("GET", vendor.url)

    assert isinstance(caught.value.__cause__, requests.ReadTimeout)
    assert len(vendor.seen) == 1


def test_an_answer_that_stops_in_the_middle_is_a_timeout_too(hasty, vendor):
    vendor.says(vendor.stalls_in_the_body)

    with pytest.raises(VendorTimeout):
        hasty.request("GET", vendor.url)

    assert len(vendor.seen) == 1


def test_nobody_there_is_unreachable(client, naps):
    with pytest.raises(VendorUnreachable) as caught:
        client.request("GET", f"{NOWHERE}/path?token=hunter2")

    assert isinstance(caught.value, DomainError)
    assert isinstance(caught.value.__cause__, requests.ConnectionError)
    assert (caught.value.http_status, caught.value.code) == (502, "vendor_unreachable")
    assert caught.value.vendor == "acme"
    assert str(caught.value) == "The service could not be reached. Please try again in a moment."
    assert len(naps) == 2


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "get"])
def test_a_dropped_connection_is_tried_again_where_twice_is_once(client, vendor, method):
    vendor.says(vendor.drops, vendor.drops_in_the_body, vendor.replies(body=b"third"))

    assert client.request(method, vendor.url).content == b"third"


def test_retries_are_bounded(vendor):
    vendor.says(*[vendor.drops] * 5)

    with pytest.raises(VendorUnreachable):
        HttpClient("acme", retries=3).request("GET", vendor.url)

    assert len(vendor.seen) == 4


@pytest.mark.parametrize(("method", "idempotent"), [("POST", None), ("PATCH", None), ("GET", False)])
def test_what_might_happen_twice_is_never_tried_again(client, vendor, method, idempotent):
    with pytest.raises(VendorUnreachable):
        client.request(method, NOWHERE, idempotent=idempotent)
    vendor.says(vendor.replies(503))
    if method != "PATCH":
        assert client.request(method, vendor.url, idempotent=idempotent).status_code == 503
        assert len(vendor.seen) == 1


def test_a_caller_may_say_that_twice_is_once(client, vendor):
    vendor.says(vendor.drops, vendor.replies(502), vendor.replies(201))

    assert client.request("POST", vendor.url, data=b"same", idempotent=True).status_code == 201
    assert [seen[3] for seen in vendor.seen] == [b"same"] * 3


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_busy_vendor_is_asked_again_and_its_last_answer_handed_back(client, vendor, status):
    vendor.says(*[vendor.replies(status)] * 3)

    assert client.request("GET", vendor.url).status_code == status
    assert len(vendor.seen) == 3


def test_the_waits_grow_and_are_not_all_alike(vendor, naps):
    for _ in range(3):
        vendor.says(*[vendor.replies(503)] * 8)
        HttpClient("acme", retries=7).request("GET", vendor.url)

    rounds = [naps[:7], naps[7:14], naps[14:]]
    for waits in rounds:
        assert 0.1 <= waits[0] <= 0.2
        assert 0.2 <= waits[1] <= 0.4
        assert 1 <= waits[-1] <= 2
    assert rounds[0] != rounds[1] != rounds[2]


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("3", 3, 3),
        ("86400", 5, 5),
        ("Fri, 31 Dec 2100 23:59:59 GMT", 5, 5),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 0.1, 0.2),
        ("soon", 0.1, 0.2),
        ("9" * 5000, 0.1, 0.2),
    ],
)
def test_a_wait_the_vendor_asks_for_is_honoured_within_bounds(client, vendor, naps, asked, least, most):
    vendor.says(vendor.replies(503, **{"Retry-After": asked}), vendor.replies())

    assert client.request("GET", vendor.url).status_code == 200
    assert len(naps) == 1
    assert least <= naps[0] <= most


@pytest.mark.parametrize("location", ["http://127.0.0.1:9/elsewhere", "/same", "http://[broken", "\xff\xfe"])
def test_redirects_are_not_followed(client, vendor, location):
    vendor.says(vendor.replies(302, Location=location))

    assert client.request("GET", vendor.url).status_code == 302
    assert len(vendor.seen) == 1


def test_cookies_are_not_kept(client, vendor):
    vendor.says(vendor.replies(**{"Set-Cookie": "session=1; Path=/"}), vendor.replies())

    client.request("GET", vendor.url)
    client.request("GET", vendor.url)

    assert "Cookie" not in vendor.seen[1][2]


def test_the_operators_netrc_does_not_replace_our_credentials(client, vendor, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login operator password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    vendor.says(vendor.replies())

    client.request("GET", vendor.url, headers={"Authorization": "JWT ours"})

    assert vendor.seen[0][2]["Authorization"] == "JWT ours"


def test_a_thread_keeps_its_connection_and_threads_share_none(client, vendor):
    vendor.says(*[vendor.replies()] * 4)

    def twice():
        client.request("GET", vendor.url)
        client.request("GET", vendor.url)

    twice()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(twice).result()

    ports = [seen[4][1] for seen in vendor.seen]
    assert ports[0] == ports[1] != ports[2] == ports[3]


def test_threads_do_not_wait_for_each_other(client, vendor):
    together = threading.Barrier(2, timeout=5)

    def when_both_are_here(handler):
        together.wait()
        handler.reply(200)

    vendor.says(when_both_are_here, when_both_are_here)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: client.request("GET", vendor.url).status_code, range(2)))

    assert answers == [200, 200]


def test_certificates_are_checked_against_the_bundle_asked_for(tmp_path):
    client = HttpClient("acme", verify=str(tmp_path / "missing.pem"), retries=0)

    with pytest.raises(OSError, match=r"missing\.pem"):
        client.request("GET", "https://127.0.0.1:9/")


@pytest.mark.parametrize("url", ["", "no-scheme", "http://", "ftp://[x/", "http://*.example.org", "http://[::1"])
def test_an_address_that_is_none_is_unreachable_and_not_held_against_the_vendor(url):
    client = HttpClient("acme", fail_max=1)

    with pytest.raises(VendorUnreachable):
        client.request("GET", url)

    assert breaker_state("acme") == "closed"


def test_a_header_that_cannot_be_sent_is_not_shown(client, vendor):
    with pytest.raises(VendorUnreachable) as caught:
        client.request("GET", vendor.url, headers={"Authorization": "hunter2\nX-Evil: 1"})

    assert "hunter2" not in str(caught.value)


def test_a_call_is_logged_without_query_headers_and_bodies(client, vendor, caplog):
    caplog.set_level("INFO")
    vendor.says(vendor.replies(201, b"hunter2-answer"))
    url = f"{vendor.url}/exam/1/?token=hunter2-query#hunter2-fragment".replace(
        "://", "://hunter2-user:hunter2-password@"
    )

    client.request("POST", url, json={"name": "hunter2-body"}, headers={"Authorization": "hunter2-header"})

    (record,) = caplog.records
    assert record.levelname == "INFO"
    assert record.getMessage().rpartition("=")[0] == (
        f"Vendor call: name=acme method=POST url=127.0.0.1:{vendor.server_port}/exam/1/ status=201 ms"
    )
    assert record.getMessage().rpartition("=")[2].isdigit()


def test_a_failed_call_is_logged_once_without_its_query(client, caplog):
    caplog.set_level("INFO")

    with pytest.raises(VendorUnreachable):
        client.request("GET", f"{NOWHERE}/path?token=hunter2")

    (record,) = caplog.records
    assert "url=127.0.0.1:9/path status=VendorUnreachable" in record.getMessage()


def test_a_failure_that_is_nobodys_is_logged_and_raised_as_it_is(client, vendor, caplog):
    caplog.set_level("INFO")

    with pytest.raises(UnicodeError):
        client.request("GET", vendor.url, headers={"X-Name": "名"})

    assert "status=error" in caplog.text


NO_ANSWER = [
    VendorUnreachable("acme"),
    VendorTimeout("acme"),
    CircuitOpen("acme"),
    requests.ConnectionError(),
    requests.ReadTimeout(),
    ConnectionResetError(),
    TimeoutError(),
    socket.gaierror(),
]


@pytest.mark.parametrize("error", NO_ANSWER, ids=lambda error: type(error).__name__)
def test_who_cannot_be_reached_whatever_library_says_so(error):
    assert is_unreachable(error)


@pytest.mark.parametrize("chain", ["__cause__", "__context__"])
def test_it_is_what_led_to_an_error_that_counts(chain):
    error = DomainError()
    setattr(error, chain, ConnectionRefusedError())
    assert is_unreachable(error)


@pytest.mark.parametrize("error", [None, DomainError(), requests.HTTPError(), OSError(), ValueError()])
def test_any_other_trouble_is_an_answer_or_our_own(error):
    assert not is_unreachable(error)
