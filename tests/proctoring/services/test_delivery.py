"""The outbox at work: what is due is done once, what fails waits, what cannot be done is a dead letter."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.backends.rest.provider import VendorCallRefused
from proctoring.common.http import VendorUnreachable
from proctoring.lms import set_runtime_service
from proctoring.models import OutboxMessage
from proctoring.services import delivery, outbox
from tests.factories import AttemptFactory, ExamFactory

pytestmark = pytest.mark.django_db


def vendor_message(kind="vendor.start", stream="vendor:1", **fields):
    payload = {"backend": "watcher", "exam": "exam-1", "attempt": "attempt-1", "attempt_id": 1}
    return OutboxMessage.objects.create(kind=kind, destination="watcher", stream=stream, payload=payload, **fields)


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


def test_no_more_than_asked_for(vendor):
    for number in range(5):
        vendor_message(stream=f"s{number}")
    assert delivery.deliver_due(limit=3) == 3
    assert len(vendor.calls) == 3


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
