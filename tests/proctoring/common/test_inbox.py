"""The inbox's mechanics, on the table of this app."""

import pytest

from proctoring.common import inbox
from proctoring.common.crypto import DecryptionError, Keyring
from proctoring.common.inbox import Envelope, InboxState
from proctoring.models import InboxDelivery

pytestmark = pytest.mark.django_db
KEYS = Keyring({"one": b"1" * 32})


def envelope(**changes):
    return Envelope(**{"source": "vendor", "kind": "review", "subject": "attempt", "body": b"{}", **changes})


def test_the_same_content_is_the_same_delivery():
    first = inbox.store(InboxDelivery, envelope(), KEYS)
    again = inbox.store(InboxDelivery, envelope(), KEYS)
    assert (again.pk, again.deliveries) == (first.pk, 2)


@pytest.mark.parametrize(
    "change",
    [{"source": "other"}, {"kind": "ready"}, {"subject": "another"}, {"body": b"[]"}, {"delivery_id": "evt_1"}],
)
def test_anything_else_is_another(change):
    inbox.store(InboxDelivery, envelope(), KEYS)
    inbox.store(InboxDelivery, envelope(**change), KEYS)
    assert InboxDelivery.objects.count() == 2


def test_the_senders_id_counts_more_than_the_content():
    inbox.store(InboxDelivery, envelope(delivery_id="evt_1"), KEYS)
    inbox.store(InboxDelivery, envelope(delivery_id="evt_1", body=b"other"), KEYS)
    stored = InboxDelivery.objects.get()
    assert stored.opened(KEYS) == b"{}"


def test_an_endless_id_is_no_problem():
    assert len(envelope(delivery_id="x" * 10**6).key) < 128


def test_the_body_comes_back_and_belongs_to_its_row():
    one = inbox.store(InboxDelivery, envelope(body=b"\x00\xff secret"), KEYS)
    other = inbox.store(InboxDelivery, envelope(body=b"another"), KEYS)
    assert one.opened(KEYS) == b"\x00\xff secret"
    assert b"secret" not in bytes(one.body)
    one.body = other.body
    with pytest.raises(DecryptionError):
        one.opened(KEYS)


def test_a_failure_is_tried_again_some_two_dozen_times():
    delivery = inbox.store(InboxDelivery, envelope(), KEYS)
    for _ in range(inbox.MAX_TRIES - 1):
        inbox.mark(delivery, InboxState.FAILED, "Broken")
        assert delivery.due_at > delivery.handled_at
    inbox.mark(delivery, InboxState.FAILED, "Broken")
    assert InboxDelivery.objects.get().due_at is None


def test_marks_and_text():
    delivery = inbox.store(InboxDelivery, envelope(subject="s" * 500), KEYS)
    inbox.mark(delivery, InboxState.FAILED, "E" * 500)
    stored = InboxDelivery.objects.get()
    assert (stored.state, len(stored.error_code), stored.tries, len(stored.subject)) == ("failed", 128, 1, 191)
    assert str(stored) == f"vendor review #{stored.pk} (failed)"
