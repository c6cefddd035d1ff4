"""What is counted while things are done."""

from contextlib import suppress

import pytest
import requests
import responses
from prometheus_client import REGISTRY

from proctoring.common.http import HttpClient, VendorUnreachable
from proctoring.models import OutboxMessage
from proctoring.services import delivery
from tests.factories import AttemptFactory

URL = "https://vendor.example.org/exam/"


def calls(outcome):
    labels = {"name": "metered", "outcome": outcome}
    return REGISTRY.get_sample_value("proctoring_vendor_call_seconds_count", labels) or 0


def deliveries(kind, outcome):
    labels = {"app": "proctoring", "kind": kind, "outcome": outcome}
    return REGISTRY.get_sample_value("proctoring_outbox_deliveries_total", labels) or 0


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"status": 204}, "2xx"),
        ({"status": 404}, "4xx"),
        ({"status": 500}, "5xx"),
        ({"body": requests.Timeout()}, "VendorTimeout"),
        ({"body": requests.ConnectionError()}, "VendorUnreachable"),
    ],
)
def test_calls_of_vendors_by_the_class_of_their_outcome(answer, outcome):
    before = calls(outcome)
    with responses.RequestsMock() as vendor:
        vendor.post(URL, **answer)
        with suppress(VendorUnreachable):
            HttpClient("metered").request("POST", URL)
    assert calls(outcome) == before + 1


def test_a_call_that_the_breaker_does_not_let_through_is_counted_too():
    client, before = HttpClient("metered", fail_max=1), calls("CircuitOpen")
    with responses.RequestsMock() as vendor:
        vendor.post(URL, status=500)
        client.request("POST", URL)
        with pytest.raises(VendorUnreachable):
            client.request("POST", URL)
    assert calls("CircuitOpen") == before + 1


@pytest.mark.django_db
def test_tries_to_do_what_is_in_the_outbox(vendor):
    attempt = AttemptFactory(proctored_exam__timed=True)
    payload = {"backend": "watcher", "exam": "e", "attempt": "a", "attempt_id": attempt.pk}
    OutboxMessage.objects.create(kind="vendor.error", destination="watcher", payload=payload)
    OutboxMessage.objects.create(kind="a kind that nobody knows", destination="watcher")
    done, failed = deliveries("vendor.error", "done"), deliveries("unknown", "failed")
    delivery.deliver_due()
    assert (deliveries("vendor.error", "done"), deliveries("unknown", "failed")) == (done + 1, failed + 1)
