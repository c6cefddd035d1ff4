"""Announcing verifications again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proctoring.common.batches import Batch
from tests.verify_student.factories import VerificationFactory
from verify_student import lms
from verify_student.models import OutboxMessage, SoftwareSecurePhotoVerification
from verify_student.services import announcing
from verify_student.signals import idv_update_signal

pytestmark = pytest.mark.django_db

Verification = SoftwareSecurePhotoVerification
BEGINNING = timezone.now() - timedelta(days=1000)


class Listener:
    """What it has heard; it does what its test says first."""

    def __init__(self):
        self.heard = []
        self.first = lambda said: None

    def __call__(self, sender, signal, **said):
        self.heard.append(said | {"sender": sender})
        self.first(said)

    def statuses(self):
        return [(said["attempt_id"], said["status"]) for said in self.heard]


@pytest.fixture
def listener():
    made = Listener()
    idv_update_signal.connect(made)
    yield made
    idv_update_signal.disconnect(made)


def announce(size=10):
    return list(announcing.announce_each(announcing.made_since(BEGINNING), size))


def at(moment, **fields):
    made = VerificationFactory(**fields)
    Verification.objects.filter(pk=made.pk).update(created_at=moment)
    return made


def test_newest_first_and_of_one_moment_the_last_one_first(listener):
    then = timezone.now() - timedelta(days=1)
    older, first, second, newer = at(then - timedelta(1)), at(then), at(then), at(timezone.now())
    batches = announce(2)
    assert [said["attempt_id"] for said in listener.heard] == [row.pk for row in (newer, second, first, older)]
    assert batches == [Batch(2, {"announced": 2}, second.pk), Batch(2, {"announced": 2}, older.pk)]


def test_it_says_what_a_change_would_say(listener, host):
    verification = VerificationFactory(status="denied", name="On the ID")
    host.profiles.names[verification.user_id] = "In the profile"
    announce()
    host.profiles.pending[verification.user_id] = "Asked for"
    announce()
    said = {
        "sender": "idv_update",
        "attempt_id": verification.pk,
        "user_id": verification.user_id,
        "status": "denied",
        "photo_id_name": "On the ID",
    }
    assert listener.heard == [said | {"full_name": "In the profile"}, said | {"full_name": "Asked for"}]


def test_weakness_w70_nothing_is_written(listener):
    VerificationFactory(status="submitted")
    before = list(Verification.objects.values_list())
    listener.first = lambda said: Verification.objects.update(error_code="of somebody else")
    announce()
    after = list(Verification.objects.values_list())
    assert [set(now) - set(then) for now, then in zip(after, before, strict=True)] == [{"of somebody else"}]
    assert not OutboxMessage.objects.exists()


def test_what_changes_meanwhile_is_the_last_word(listener):
    verification = VerificationFactory(status="submitted")
    listener.first = lambda said: Verification.objects.filter(status="submitted").update(status="approved")
    assert [batch.counts for batch in announce()] == [{"announced": 1}]
    assert listener.statuses() == [(verification.pk, "submitted"), (verification.pk, "approved")]


def test_weakness_w58_a_listener_that_fails_is_counted_and_stops_nobody(listener, caplog):
    poisoned, _ = VerificationFactory(), VerificationFactory()

    def fail(said):
        if said["attempt_id"] == poisoned.pk:
            raise KeyError("somebody@example.org")

    listener.first = fail
    assert [batch.counts for batch in announce()] == [{"announced": 1, "failed": 1}]
    assert len(listener.heard) == 2
    assert f"verification={poisoned.pk} errors=['KeyError']" in caplog.text
    assert "somebody" not in caplog.text


def test_names_that_cannot_be_read_are_failures_of_their_batch_only(listener, host, caplog):
    poisoned, other = VerificationFactory(), VerificationFactory()
    host.profiles.names[poisoned.user_id] = KeyError("somebody@example.org")
    assert [batch.counts for batch in announce(1)] == [{"announced": 1}, {"failed": 1}]
    assert listener.statuses() == [(other.pk, "created")]
    assert f"verifications=[{poisoned.pk}] error=KeyError" in caplog.text
    assert "somebody" not in caplog.text


class AllNamesAtOnce:
    """A host that knows them."""

    def get_full_names(self, users):
        return {}

    def get_pending_name(self, user):
        return None


@pytest.mark.parametrize("number", [2, 9])
def test_weakness_w64_a_batch_is_read_in_two_queries_whatever_its_size(listener, host, number):
    lms.services.register("profiles", AllNamesAtOnce())
    for _ in range(number):
        VerificationFactory()
    with CaptureQueriesContext(connection) as captured:
        announce()
    # The demo LMS listens as well, and asks for what it wants.
    ours = [query for query in captured if "verify_student_softwaresecure" in query["sql"]]
    # Rows, what has changed of them, and that there are no more.
    assert (len(ours), len(listener.heard)) == (3, number)
