"""The outbox at work: what is due is done once, what fails waits, what cannot be done is a dead letter."""

import socket
from datetime import timedelta

import pytest
import requests
import time_machine
from django.contrib.auth import get_user_model
from django.utils import timezone

from proctoring.backends import provider_named
from proctoring.backends.rest.provider import VendorCallRefused
from proctoring.common.http import CircuitOpen, VendorTimeout, VendorUnreachable
from proctoring.common.http.deadlines import seconds_left
from proctoring.common.outbox import LEASE
from proctoring.lms import set_runtime_service
from proctoring.models import OutboxMessage
from proctoring.models import ProctoredExamStudentAttempt as Attempt
from proctoring.services import delivery, outbox
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture(autouse=True)
def attempt(vendor):
    """The attempt that messages are about; its vendor knows its exam and has forgotten that it was told."""
    attempt = AttemptFactory(proctored_exam__backend="watcher")
    OutboxMessage.objects.all().delete()
    return attempt


def vendor_message(kind="vendor.start", stream="vendor:1", backend="watcher", about=None, **fields):
    about = about or Attempt.objects.first()
    told = {"backend": backend, "exam": "exam-1", "attempt": "attempt-1", "attempt_id": about.pk}
    return OutboxMessage.objects.create(
        **{"kind": kind, "destination": backend, "stream": stream, "payload": told} | fields
    )


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=False)


def test_each_message_is_done_once(vendor):
    vendor_message()
    assert delivery.deliver_due() == 1
    assert delivery.deliver_due() == 0
    assert vendor.calls == [("start", "exam-1", "attempt-1")]
    assert OutboxMessage.objects.get().state == "done"


def test_a_stream_keeps_its_order_across_failures(vendor):
    vendor_message("vendor.start")
    vendor_message("vendor.stop")
    vendor.fail_with = VendorUnreachable("watcher")
    delivery.deliver_due()
    assert [call[0] for call in vendor.calls] == ["start"]
    vendor.fail_with = None
    delivery.deliver_due()
    assert [call[0] for call in vendor.calls] == ["start"]
    with later(hours=1):
        delivery.deliver_due()
    assert [call[0] for call in vendor.calls] == ["start", "start", "stop"]


def test_one_failing_message_never_stops_the_others(vendor):
    vendor_message(kind="vendor.nonsense", stream="a")
    vendor_message(stream="b")
    delivery.deliver_due()
    assert dict(OutboxMessage.objects.values_list("stream", "state")) == {"a": "pending", "b": "done"}


def test_failures_are_tried_for_a_day(vendor):
    vendor.fail_with = VendorUnreachable("watcher")
    message = vendor_message()
    with later(hours=23):
        delivery.deliver_due()
    message.refresh_from_db()
    assert (message.state, message.error_code) == ("pending", "vendor_unreachable")
    with later(hours=25):
        delivery.deliver_due()
    message.refresh_from_db()
    assert message.state == "dead"


@pytest.mark.parametrize(("answer", "state"), [(404, "dead"), (400, "dead"), (429, "pending"), (500, "pending")])
def test_an_answer_that_will_not_change_is_a_dead_letter(vendor, answer, state):
    vendor.fail_with = VendorCallRefused(http_status=answer)
    vendor_message()
    delivery.deliver_due()
    assert OutboxMessage.objects.get().state == state


def test_a_dead_letter_can_be_sent_again(vendor, committed):
    message = vendor_message(state="dead", error_code="vendor_call_refused")
    with committed():
        assert outbox.redeliver(message.pk)
    assert vendor.calls
    message.refresh_from_db()
    assert message.state == "done"
    assert not outbox.redeliver(message.pk)
    assert not outbox.redeliver(10**6)


def test_a_message_whose_worker_died_comes_back(vendor):
    vendor_message(leased_until=timezone.now() + timedelta(minutes=1))
    assert delivery.deliver_due() == 0
    with later(minutes=5):
        assert delivery.deliver_due() == 1


def test_an_lms_effect_and_its_mark_are_one_transaction(lms):
    attempt = AttemptFactory()
    payload = {"user_id": attempt.user_id, "course_id": "c", "content_id": "b", "status": "satisfied"}
    message = OutboxMessage.objects.create(kind="credit", destination="lms", payload=payload)

    class TakenOver(type(lms.credit)):
        def set_credit_requirement_status(self, **kwargs):
            # Meanwhile another worker takes the message and does it.
            OutboxMessage.objects.filter(pk=message.pk).update(tries=7)
            attempt.user.first_name = "changed"
            attempt.user.save()

    set_runtime_service("credit", TakenOver())
    delivery.deliver_due()
    attempt.user.refresh_from_db()
    message.refresh_from_db()
    assert attempt.user.first_name == ""
    assert message.state == "pending"


class Noting:
    """A credit service that keeps what it is told in the names of people, and refuses what it is told to."""

    def set_credit_requirement_status(self, *, user_id, status, **kwargs):
        User.objects.filter(pk=user_id).update(first_name=status)
        if status == "refused":
            raise ZeroDivisionError
        if status == "refused at the end":
            # A group that there is not: this is checked when all is committed.
            User.groups.through.objects.create(user_id=user_id, group_id=10**6)


def credit_messages(*statuses):
    """A message each about a learner of their own."""
    about = {"course_id": "c", "content_id": "b"}
    return [
        OutboxMessage.objects.create(
            kind="credit",
            destination="lms",
            payload=about | {"user_id": UserFactory(first_name="").pk, "status": status},
        )
        for status in statuses
    ]


def names_of(messages):
    return [User.objects.get(pk=message.payload["user_id"]).first_name for message in messages]


def outcomes_of(messages):
    rows = OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).order_by("pk")
    return list(rows.values_list("state", "tries", "error_code"))


def test_an_effect_that_fails_undoes_and_stops_no_other(lms):
    set_runtime_service("credit", Noting())
    messages = credit_messages("satisfied", "refused", "failed")
    assert delivery.deliver_lms_effects([message.pk for message in messages]) == 3
    assert names_of(messages) == ["satisfied", "", "failed"]
    assert outcomes_of(messages) == [("done", 1, ""), ("pending", 1, "ZeroDivisionError"), ("done", 1, "")]


@pytest.mark.django_db(transaction=True)
def test_an_effect_that_the_database_refuses_at_the_end_undoes_no_other(lms):
    set_runtime_service("credit", Noting())
    messages = credit_messages("satisfied", "refused at the end", "refused", "failed")
    assert delivery.deliver_due() == 4
    assert names_of(messages) == ["satisfied", "", "", "failed"]
    assert outcomes_of(messages) == [
        ("done", 1, ""),
        ("pending", 1, "IntegrityError"),
        ("pending", 1, "ZeroDivisionError"),
        ("done", 1, ""),
    ]


def test_effects_of_one_stream_are_done_in_order(lms):
    told = []
    set_runtime_service(
        "credit", type("Told", (), {"set_credit_requirement_status": lambda _, **one: told.append(one)})()
    )
    messages = credit_messages("submitted", "satisfied")
    OutboxMessage.objects.filter(kind="credit").update(stream="credit:1:1")
    assert delivery.deliver_lms_effects([message.pk for message in messages]) == 2
    assert [one["status"] for one in told] == ["submitted", "satisfied"]


def test_no_more_than_asked_for(vendor):
    for number in range(5):
        vendor_message(stream=f"s{number}")
    assert delivery.deliver_due(limit=3) == 3
    assert len(vendor.calls) == 3


class TestAPassAndAVendorThatIsAway:
    """Contract since_6_1.md 6."""

    @pytest.fixture
    def other(self):
        backend = provider_named("other")
        backend.forget()
        yield backend
        backend.forget()

    @pytest.fixture
    def messages(self):
        return [vendor_message("vendor.remove", f"s{number}") for number in range(3)]

    def tries(self, messages):
        return [OutboxMessage.objects.get(pk=message.pk).tries for message in messages]

    @pytest.mark.parametrize(
        "error",
        [
            VendorUnreachable("watcher"),
            VendorTimeout("watcher"),
            CircuitOpen("watcher"),
            requests.ConnectionError(),
            requests.Timeout(),
            ConnectionRefusedError(),
            TimeoutError(),
            socket.gaierror(),
        ],
    )
    def test_it_is_not_called_again_and_the_rest_waits(self, vendor, messages, error):
        vendor.fail_with = error
        assert delivery.deliver_due() == 1
        assert len(vendor.calls) == 1
        assert self.tries(messages) == [1, 0, 0]
        vendor.fail_with = None
        assert delivery.deliver_remote([message.pk for message in messages]) == 2

    def test_only_it(self, vendor, other, messages):
        vendor.fail_with = VendorUnreachable("watcher")
        vendor_message("vendor.remove", "o", backend="other")
        delivery.deliver_due()
        assert (len(vendor.calls), len(other.answered)) == (1, 1)

    def test_whatever_it_was_told(self, vendor, attempt):
        vendor.fail_with = VendorUnreachable("watcher")
        vendor_message("vendor.register", "a", payload={"attempt_id": attempt.pk, "replaces": None})
        vendor_message("vendor.remove", "b")
        Attempt.objects.update(external_id=None)
        delivery.deliver_due()
        assert [call[0] for call in vendor.calls] == ["register"]

    @pytest.mark.parametrize(
        "error", [VendorCallRefused(http_status=500), requests.HTTPError(), ZeroDivisionError(), OSError()]
    )
    def test_one_that_answers_badly_is_there(self, vendor, messages, error):
        vendor.fail_with = error
        delivery.deliver_due()
        assert len(vendor.calls) == 3

    def test_one_that_does_not_confirm_is_there(self, vendor, messages):
        vendor.confirms_removal = False
        delivery.deliver_due()
        assert len(vendor.calls) == 3


def test_a_slow_vendor_is_told_nothing_twice(vendor):
    for number in range(6):
        vendor_message("vendor.remove", f"s{number}")

    with time_machine.travel(timezone.now(), tick=False) as clock:

        def slowly():
            clock.shift(timedelta(seconds=50))
            if len(vendor.calls) == 3:
                # Longer than a lease after the first one was sent, another worker looks for something to do.
                vendor.before_answering = None
                delivery.deliver_due()

        vendor.before_answering = slowly
        delivery.deliver_due()
    assert len(vendor.calls) == 6
    assert set(OutboxMessage.objects.values_list("state", "tries")) == {("done", 1)}


def test_what_a_message_asks_of_others_ends_before_its_lease_does(vendor):
    left = []
    vendor.before_answering = lambda: left.append(seconds_left())
    vendor_message("vendor.remove")

    delivery.deliver_due()

    assert 0 < left[0] < LEASE.total_seconds()
    assert seconds_left() is None


class TestWhatIsAboutAnAttempt:
    def test_one_that_was_removed_meanwhile_is_nothing(self, vendor, attempt):
        vendor_message("vendor.stop")
        vendor_message("vendor.remove")
        attempt.delete()
        delivery.deliver_due()
        assert [call[0] for call in vendor.calls] == ["remove"]
        assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"done"}

    def nameless(self, backend="watcher"):
        """A message about an attempt at an exam whose vendor's id is not known."""
        exam = ExamFactory(backend=backend, external_id=None)
        OutboxMessage.objects.all().delete()
        message = vendor_message(about=AttemptFactory(proctored_exam=exam), backend=backend)
        message.payload["exam"] = None
        message.save()
        return message

    def test_the_vendor_is_asked_for_its_id_of_the_exam(self, vendor):
        message = self.nameless()
        exam = Attempt.objects.get(pk=message.payload["attempt_id"]).proctored_exam
        delivery.deliver_due()
        assert vendor.calls[-2:] == [("exam", exam.pk, True), ("start", f"exam-{exam.pk}", "attempt-1")]
        exam.refresh_from_db()
        assert exam.external_id == f"exam-{exam.pk}"

    def test_a_vendor_that_has_no_ids_of_exams_needs_none(self, settings):
        settings.PROCTORING_BACKENDS = settings.PROCTORING_BACKENDS | {
            "mock": {"class": "proctoring.backends.mock.MockProctoringBackendProvider"}
        }
        message = self.nameless("mock")
        delivery.deliver_due()
        message.refresh_from_db()
        assert message.state == "done"

    def test_an_exam_that_has_gone_to_another_vendor_has_none_at_the_old_one(self, vendor):
        message = self.nameless("other")
        OutboxMessage.objects.filter(pk=message.pk).update(payload=message.payload | {"backend": "watcher"})
        delivery.deliver_due()
        assert vendor.calls == [("start", "", "attempt-1")]


def test_saving_a_proctored_exam_tells_the_vendor(vendor, committed):
    with committed():
        exam = ExamFactory(backend="watcher", external_id=None)
    exam.refresh_from_db()
    assert vendor.calls == [("exam", exam.pk, True)]
    assert exam.external_id == f"exam-{exam.pk}"


def test_an_exam_that_stops_being_proctored_is_inactive_for_the_vendor(vendor, committed):
    exam = ExamFactory(backend="watcher")
    OutboxMessage.objects.all().delete()
    exam.is_proctored = False
    with committed():
        exam.save()
    assert vendor.calls == [("exam", exam.pk, False)]
    OutboxMessage.objects.all().delete()
    exam.save()
    assert not OutboxMessage.objects.exists()


def test_an_exam_deleted_meanwhile_is_nothing(vendor):
    OutboxMessage.objects.create(kind="vendor.exam", destination="watcher", payload={"exam_id": 10**6})
    delivery.deliver_due()
    assert (OutboxMessage.objects.get().state, vendor.calls) == ("done", [])
