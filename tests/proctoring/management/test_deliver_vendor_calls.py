"""``manage.py deliver_vendor_calls``."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.backends import provider_named
from proctoring.backends.rest.provider import VendorCallRefused
from proctoring.common.http import VendorUnreachable
from proctoring.models import AuditEntry, OutboxMessage
from tests.factories import AttemptFactory
from tests.proctoring.management.shell import run

pytestmark = pytest.mark.django_db
COMMAND = "deliver_vendor_calls"


@pytest.fixture(autouse=True)
def attempt(vendor, lms):
    attempt = AttemptFactory(proctored_exam__backend="watcher")
    OutboxMessage.objects.all().delete()
    vendor.forget()
    return attempt


@pytest.fixture
def other():
    backend = provider_named("other")
    backend.forget()
    yield backend
    backend.forget()


def message(stream="", kind="vendor.remove", destination="watcher", **fields):
    about = {"backend": destination, "exam": "exam-1", "attempt": f"attempt-{stream}", "attempt_id": 1}
    values = {"kind": kind, "destination": destination, "stream": stream, "payload": about} | fields
    return OutboxMessage.objects.create(**values)


def credit(attempt, **fields):
    about = {"user_id": attempt.user_id, "course_id": "c", "content_id": "b", "status": "satisfied"}
    return message(kind="credit", destination="lms", payload=about, **fields)


def states():
    return list(OutboxMessage.objects.order_by("pk").values_list("state", flat=True))


def in_an_hour():
    return timezone.now() + timedelta(hours=1)


def test_does_what_is_due_and_says_what_is_left(attempt, vendor, lms):
    credit(attempt)
    for number in range(3):
        message(str(number))
    message("later", due_at=in_an_hour())
    message("dead", state="dead")
    done = run(COMMAND, batch_size="2")
    assert (done.code, done.out) == (0, "4 sent, 1 waiting, 1 dead letters.\n")
    assert states() == ["done"] * 4 + ["pending", "dead"]
    assert (len(vendor.calls), len(lms.credit.statuses)) == (3, 1)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_streams_keep_their_order_and_are_done_to_their_end(vendor, size):
    for number in range(3):
        for stream in ("a", "b"):
            message(stream, payload={"backend": "watcher", "exam": "e", "attempt": f"{stream}{number}"})
    assert run(COMMAND, batch_size=size).out == "6 sent, 0 waiting, 0 dead letters.\n"
    told = [call[-1] for call in vendor.calls]
    assert [name for name in told if name.startswith("a")] == ["a0", "a1", "a2"]
    assert [name for name in told if name.startswith("b")] == ["b0", "b1", "b2"]


def test_nothing_is_due():
    assert run(COMMAND).out == "0 waiting, 0 dead letters.\n"


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_vendor_that_is_away_is_left_alone_for_the_rest(vendor, other, size):
    vendor.fail_with = VendorUnreachable("watcher")
    for number in range(4):
        message(str(number))
    message("o", destination="other")
    done = run(COMMAND, batch_size=size)
    assert (len(vendor.calls), len(other.calls)) == (1, 1)
    assert (done.code, done.summary) == (1, "1 failed, 1 sent, 4 waiting, 0 dead letters.")


def test_what_fails_is_tried_once_however_long_the_rest_takes(vendor):
    with time_machine.travel(timezone.now(), tick=False) as clock:

        def fail_slowly():
            # When the last one has failed, the first ones are due again.
            clock.shift(timedelta(seconds=25))
            raise ZeroDivisionError

        vendor.before_answering = fail_slowly
        for number in range(6):
            message(str(number))
        done = run(COMMAND, batch_size=2)
    assert (done.code, len(vendor.calls)) == (1, 6)
    assert done.summary == "6 failed, 6 waiting, 0 dead letters."


def test_what_is_refused_for_good_is_a_dead_letter(vendor):
    vendor.fail_with = VendorCallRefused(http_status=404)
    message("a", kind="vendor.exam_left", payload={"backend": "watcher", "exam": {"id": 1, "is_active": False}})
    done = run(COMMAND)
    assert (done.code, done.summary) == (1, "1 failed, 0 waiting, 1 dead letters.")


def test_what_another_worker_is_doing_is_left_to_it(vendor):
    message("a", leased_until=in_an_hour())
    assert run(COMMAND).out == "1 waiting, 0 dead letters.\n"
    assert vendor.calls == []


def test_what_another_worker_takes_meanwhile_is_left_to_it(vendor):
    message("a")
    taken = message("b")

    def take():
        OutboxMessage.objects.filter(pk=taken.pk).update(tries=1, leased_until=in_an_hour())

    vendor.before_answering = take
    assert run(COMMAND).out == "1 sent, 1 waiting, 0 dead letters.\n"
    assert len(vendor.calls) == 1


class TestDeadLetters:
    @pytest.fixture(autouse=True)
    def dead(self, other):
        for number in range(3):
            message(str(number), state="dead", tries=9, created=timezone.now() - timedelta(days=9))
        message("o", destination="other", state="dead")
        message("k", kind="vendor.exam_left", state="dead")

    def test_stay_dead_unless_they_are_wanted(self, vendor):
        assert run(COMMAND).out == "0 waiting, 5 dead letters.\n"

    def test_are_sent_again(self, vendor):
        done = run(COMMAND, "--dead", "--kind", "vendor.remove", "--destination", "watcher", "--batch-size", "2")
        assert (done.code, done.out) == (0, "3 revived, 3 sent, 0 waiting, 0 dead letters.\n")
        assert states() == ["done"] * 3 + ["dead"] * 2

    def test_of_one_kind_for_everybody(self, vendor, other):
        run(COMMAND, dead=True, kind="vendor.remove")
        assert states() == ["done"] * 4 + ["dead"]

    def test_have_the_full_span_of_retries_again(self, vendor):
        vendor.fail_with = ZeroDivisionError()
        done = run(COMMAND, "--dead", "--destination", "watcher", "--kind", "vendor.remove")
        assert (done.code, done.summary) == (1, "3 revived, 3 failed, 3 waiting, 0 dead letters.")

    def test_a_dry_run_revives_nothing(self, vendor):
        run(COMMAND, "--dead", "--dry-run")
        assert (states(), vendor.calls) == (["dead"] * 5, [])


def test_only_some_are_done_where_that_is_wanted(attempt, vendor, other):
    credit(attempt)
    message("a")
    message("o", destination="other")
    assert run(COMMAND, destination="other").out == "1 sent, 0 waiting, 0 dead letters.\n"
    assert states() == ["pending", "pending", "done"]


def test_a_dry_run_lists_what_there_is(attempt, vendor):
    with time_machine.travel("2026-03-09 12:00:00Z", tick=False):
        now = timezone.now()
        credit(attempt, created=now - timedelta(days=2, hours=3))
        message("a", created=now - timedelta(minutes=5, seconds=7))
        message("b", created=now, due_at=now + timedelta(minutes=1))
        message("c", created=now, state="dead")
        message("d", created=now - timedelta(days=9), state="done")
        done = run(COMMAND, "--dry-run")
    assert done.out.splitlines() == [
        "lms credit: 1 due; the oldest for 2 days, 3:00:00",
        "watcher vendor.remove: 1 due, 1 waiting, 1 dead letters; the oldest for 0:05:07",
        "Dry run, nothing was changed: 2 due, 1 waiting, 1 dead letters.",
    ]
    assert vendor.calls == []


def test_revived_dead_letters_are_on_record_and_a_dry_run_is_not(vendor):
    dead = [message(str(number), state="dead") for number in range(3)]
    message("waits")
    run(COMMAND, "--dead", "--dry-run")
    assert not AuditEntry.objects.exists()
    run(COMMAND, "--dead", batch_size="2", sleep_time="0")
    recorded = AuditEntry.objects.order_by("id").values_list("event", "subject_id")
    assert list(recorded) == [("outboxmessage.sent_again", str(one.pk)) for one in dead]
