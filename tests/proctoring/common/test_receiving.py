"""Applying kept deliveries, on the table of this app."""

from datetime import timedelta

import pytest

from proctoring.common import inbox
from proctoring.common.crypto import Keyring
from proctoring.common.errors import DomainError
from proctoring.common.inbox import Envelope, InboxState
from proctoring.common.receiving import Receiver
from proctoring.models import InboxDelivery

pytestmark = pytest.mark.django_db
KEYS = Keyring({"one": b"1" * 32})


class NotHandledError(DomainError):
    code = "not_handled"


class NonsenseError(DomainError):
    code = "nonsense"


class World:
    """What deliveries do here: each says its subject, or raises what is to be raised for it."""

    def __init__(self):
        self.heard = []
        self.errors = {}
        self.receiver = Receiver(InboxDelivery, self.apply, not_handled=NotHandledError, noun="message")

    def handle(self, pk):
        return self.receiver.handle(InboxDelivery.objects.get(pk=pk))

    def apply(self, delivery):
        self.heard.append((delivery.subject, delivery.opened(KEYS)))
        if delivery.subject in self.errors:
            raise self.errors[delivery.subject]
        return "worth saying"


@pytest.fixture
def world():
    return World()


def arrived(*subjects, state=InboxState.FAILED):
    made = [inbox.store(InboxDelivery, Envelope("vendor", "review", subject, b"{}"), KEYS) for subject in subjects]
    InboxDelivery.objects.filter(pk__in=[delivery.pk for delivery in made]).update(state=state)
    return [delivery.pk for delivery in made]


def states():
    return list(InboxDelivery.objects.order_by("pk").values_list("state", "error_code", "tries"))


def test_a_delivery_is_applied_and_marked_with_what_is_said_of_it(world):
    (pk,) = arrived("a", state=InboxState.RECEIVED)
    assert world.handle(pk).state == InboxState.APPLIED
    assert (world.heard, states()) == ([("a", b"{}")], [("applied", "worth saying", 1)])


def test_once_applied_it_is_not_applied_again(world):
    (pk,) = arrived("a", state=InboxState.APPLIED)
    world.handle(pk)
    assert world.heard == []


def test_what_cannot_be_right_is_refused(world):
    (pk,) = arrived("a")
    world.errors["a"] = NonsenseError()
    with pytest.raises(NonsenseError):
        world.handle(pk)
    assert states() == [("refused", "nonsense", 1)]


def test_what_goes_wrong_on_our_side_fails_and_says_no_more_than_its_kind(world, caplog):
    (pk,) = arrived("a")
    world.errors["a"] = KeyError("somebody@example.org")
    with pytest.raises(NotHandledError):
        world.handle(pk)
    assert states() == [("failed", "KeyError", 1)]
    assert f"A message could not be applied: delivery={pk} error=KeyError" in caplog.text
    assert "somebody" not in caplog.text


def test_a_failure_never_undoes_what_another_worker_has_applied_since(world):
    (pk,) = arrived("a")

    class Unlucky(Receiver):
        """Between its failure and its mark, somebody else comes."""

        def _mark(self, *args):
            world.handle(pk)
            super()._mark(*args)

    def fail(delivery):
        raise KeyError

    delivery = InboxDelivery.objects.get(pk=pk)
    with pytest.raises(NotHandledError):
        Unlucky(InboxDelivery, fail, not_handled=NotHandledError, noun="message").handle(delivery)
    assert states() == [("applied", "worth saying", 1)]


def test_one_that_fails_never_stops_the_others(world, caplog):
    pks = arrived("a", "b", "c")
    world.errors |= {"a": KeyError(), "b": NonsenseError()}
    rows = InboxDelivery.objects.order_by("pk")
    assert world.receiver.handle_each(rows) == {"failed": 2, "applied": 1}
    assert f"A kept message is still not applied: delivery={pks[1]} code=nonsense" in caplog.text


def test_counted_by_outcome(world):
    arrived("a")
    arrived("b", state=InboxState.APPLIED)
    assert world.receiver.handle_each(InboxDelivery.objects.all()) == {"applied": 1, "applied before": 1}
    assert world.heard == [("a", b"{}")]


def test_one_that_is_deleted_meanwhile_never_stops_the_others(world, caplog):
    gone, _ = arrived("a", "b")
    rows = list(InboxDelivery.objects.order_by("pk"))
    InboxDelivery.objects.filter(pk=gone).delete()
    assert world.receiver.handle_each(rows) == {"failed": 1, "applied": 1}
    assert f"delivery={gone}" in caplog.text


def test_lists_leave_the_bodies_where_they_are(world, django_assert_num_queries):
    pks = arrived("a", "b")
    with django_assert_num_queries(1):
        listed = world.receiver.by_id([*pks, 10**9])
    assert [(row.pk, row.get_deferred_fields()) for row in listed] == [(pk, {"body"}) for pk in pks]


def test_what_is_kept_in_a_state_and_from_a_source(world):
    failed, refused = [*arrived("a"), *arrived("b", state=InboxState.REFUSED)]
    assert [row.pk for row in world.receiver.kept("refused", source="vendor")] == [refused]
    assert [row.pk for row in world.receiver.kept("failed", source="")] == [failed]
    assert not world.receiver.kept("failed", source="another").exists()
    assert (world.receiver.has_heard_of("vendor"), world.receiver.has_heard_of("another")) == (True, False)


def test_a_span_of_time_has_both_its_ends(world):
    (pk,) = arrived("a")
    then = InboxDelivery.objects.get(pk=pk).received_at
    tick = timedelta(microseconds=1)
    spans = [(then, then), (then + tick, None), (None, then - tick)]
    assert [world.receiver.kept("failed", *span).exists() for span in spans] == [True, False, False]
