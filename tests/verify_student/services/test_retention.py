"""Messages do not stay for ever."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.common.inbox import Envelope, InboxState, mark, store
from proctoring.common.outbox import OutboxState
from verify_student.conf import config
from verify_student.models import InboxDelivery, OutboxMessage
from verify_student.services import outbox, retention

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "left"), [(29, 2), (31, 1), (181, 0)])
def test_what_is_done_with_goes_in_time(days, left):
    mark(store(InboxDelivery, Envelope("software_secure", "result", "", b"{}"), config.keyring), InboxState.APPLIED)
    outbox.write([outbox.mail("mail.approved", 1)])
    OutboxMessage.objects.update(state=OutboxState.DONE, done_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        retention.purge()
    assert InboxDelivery.objects.count() + OutboxMessage.objects.count() == left


def test_what_waits_stays():
    store(InboxDelivery, Envelope("software_secure", "result", "", b"{}"), config.keyring)
    outbox.write([outbox.mail("mail.approved", 1)])
    with time_machine.travel(timezone.now() + timedelta(days=1000)):
        assert retention.purge() == 0
