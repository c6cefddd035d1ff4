"""How mails of a round are written down, sent, counted and sent again."""

import smtplib
from collections import Counter

import pytest
from celery.app.task import Task
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError

from proctoring.common.batches import FAILED
from tests.factories import UserFactory
from tests.verify_student.factories import SSOFactory
from tests.verify_student.services.reminders.mornings import (
    DAY,
    MIDNIGHT,
    addresses_of,
    approved,
    done,
    ended,
    ending,
    morning,
    written_to,
)
from verify_student import tasks
from verify_student.models import MailedThrough, OutboxMessage, SoftwareSecurePhotoVerification
from verify_student.services import delivery, reminders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("host")]


@pytest.fixture
def refused(monkeypatch):
    """Addresses that the mail server does not take."""
    addresses = set()
    takes = EmailBackend.send_messages

    def send_messages(self, messages):
        for message in messages:
            if set(message.to) & addresses:
                raise smtplib.SMTPRecipientsRefused(dict.fromkeys(message.to, (550, b"")))
        return takes(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    return addresses


@pytest.fixture
def queue(monkeypatch):
    """Tasks that have been queued; nobody does them."""
    queued = []
    monkeypatch.setattr(Task, "apply_async", lambda self, args=None, **options: queued.append((self.name, args)))
    return queued


def run(days=0, size=100):
    with morning(days):
        return done(reminders.begin_expired(), size)


def messages():
    return list(OutboxMessage.objects.order_by("pk").values_list("state", flat=True))


class TestFailures:
    def test_weakness_w65_one_stops_nobody_and_the_next_run_sends_exactly_that_one(self, refused, caplog):
        rows = [ended() for _ in range(5)]
        refused.add(rows[2].user.email)
        assert run() == {"sent": 4, FAILED: 1}
        assert written_to() == addresses_of(rows[0], rows[1], rows[3], rows[4])
        assert f"Could not send: verification={rows[2].pk} error=FatalChannelDeliveryError" in caplog.text
        assert rows[2].user.email not in caplog.text
        refused.clear()
        assert run(1) == {"sent": 1}
        assert written_to() == addresses_of(rows[2])
        assert run(2) == {}
        assert written_to() == []

    def test_the_next_run_of_the_same_day_too(self, refused):
        row = ended()
        refused.add(row.user.email)
        run()
        refused.clear()
        assert run() == {"sent": 1, "not due": 1}
        assert written_to() == addresses_of(row)

    def test_the_schedule_does_not_wait_for_the_next_run(self, refused):
        row = ended()
        refused.add(row.user.email)
        run()
        refused.clear()
        with morning(1):
            delivery.courier.do_due()
        assert written_to() == addresses_of(row)
        assert run(1) == {}

    def test_a_dead_letter_is_sent_until_the_next_mail_is_due(self, refused):
        row = ended()
        refused.add(row.user.email)
        assert [run(day) for day in range(3)] == [{FAILED: 1}] * 3
        OutboxMessage.objects.update(state="dead")
        assert run(14) == {FAILED: 1}
        OutboxMessage.objects.update(state="dead")
        # A new mail takes its place.
        assert run(15) == {FAILED: 1}
        assert messages() == ["dead", "pending"]
        OutboxMessage.objects.update(state="dead")
        # That was the last one: people see it in the admin.
        assert run(31) == {}
        assert messages() == ["dead", "dead"]

    def test_a_host_that_cannot_say_something_stops_nobody_else(self, host, monkeypatch):
        rows = [ended() for _ in range(5)]
        stuck = rows[3].user_id

        def retired_user_ids(user_ids):
            if stuck in user_ids:
                raise OSError("learner")
            return set()

        monkeypatch.setattr(host.people, "retired_user_ids", retired_user_ids)
        assert run() == {"sent": 4, FAILED: 1}
        assert not MailedThrough.objects.exists()
        monkeypatch.undo()
        written_to()
        assert run(0) == {"sent": 1, "not due": 4}
        assert written_to() == addresses_of(rows[3])


class TestTheQueue:
    def test_one_task_a_batch(self, queue, django_capture_on_commit_callbacks):
        rows = [ended() for _ in range(5)]
        assert run(size=2) == {"waiting": 5}
        assert [name for name, _ in queue] == ["verify_student.deliver_messages"] * 3
        assert [len(args[0]) for _, args in queue] == [2, 2, 1]
        for _, args in queue:
            tasks.deliver_messages(*args)
        assert written_to() == addresses_of(*rows)

    def test_told_twice_is_sent_once(self, committed):
        row = ended()
        with committed():
            assert run() == {"sent": 1}
        assert written_to() == addresses_of(row)

    @pytest.mark.django_db(transaction=True)
    def test_a_commit_announces_once(self, queue):
        ended()
        run()
        assert len(queue) == 1

    def test_a_broker_that_is_away_leaves_the_mails_to_the_schedule(self, monkeypatch):
        def away(self, *args, **options):
            raise OperationalError("amqp://guest@broker")

        rows = [ended(), ended()]
        with monkeypatch.context() as broken:
            broken.setattr(Task, "apply_async", away)
            assert run() == {"waiting": 2}
        assert written_to() == []
        assert run() == {"not due": 2}
        delivery.courier.do_due()
        assert written_to() == addresses_of(*rows)


class TestBatches:
    @pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
    def test_any_size_does_the_same(self, size):
        rows = [ended() for _ in range(7)]
        assert run(size=size) == {"sent": 7}
        assert written_to() == addresses_of(*rows)

    @pytest.mark.parametrize("begin", [reminders.begin_expired, reminders.begin_ending])
    def test_weakness_w64_statements_are_the_same_for_any_number_of_learners(self, queue, host, begin):
        def statements(number):
            for _ in range(number):
                user = UserFactory()
                host.courses.verified.add(user.pk)
                ended(user=user, expiry_email_date=MIDNIGHT - 15 * DAY)
                ending(5 * DAY)
                SSOFactory(user=ended().user)
            with morning(), CaptureQueriesContext(connection) as captured:
                done(begin())
            return Counter(query["sql"].split()[0] for query in captured if query["sql"].split()[0] != "SAVEPOINT")

        few, many = statements(2), statements(20)
        assert few["SELECT"] == many["SELECT"]
        assert few["UPDATE"] == many["UPDATE"]

    def test_a_look_changes_and_sends_nothing(self, refused):
        failing = ended()
        refused.add(failing.user.email)
        run()
        refused.clear()
        ended()
        SSOFactory(user=ended().user)
        before = list(SoftwareSecurePhotoVerification.objects.order_by("pk").values())
        with morning():
            counts = Counter()
            for batch in reminders.look(reminders.begin_expired(), 10):
                counts.update(batch.counts)
        assert counts == {"to be sent": 2, "verified otherwise": 1, "not due": 1}
        assert list(SoftwareSecurePhotoVerification.objects.order_by("pk").values()) == before
        assert (messages(), written_to()) == (["pending"], [])


class TestTasks:
    def test_expiry_mail(self):
        row = ended()
        with morning():
            assert tasks.send_expiry_mail() == 1
        assert written_to() == addresses_of(row)

    def test_reminders(self, host):
        row = ending(5 * DAY)
        host.courses.verified.add(row.user_id)
        approved(MIDNIGHT + 300 * DAY)
        with morning():
            assert tasks.send_reminders() == 1
        assert written_to() == addresses_of(row)
