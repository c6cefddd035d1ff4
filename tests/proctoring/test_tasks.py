"""What runs on a schedule."""

import pytest

from proctoring import tasks
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from tests.factories import AttemptFactory, ExamFactory

pytestmark = pytest.mark.django_db


def test_overdue_attempts_are_closed():
    AttemptFactory(started=True, proctored_exam=ExamFactory(backend="watcher"))
    assert tasks.expire_overdue_attempts() == 1
    assert ProctoredExamStudentAttempt.objects.get().status == "submitted"


def test_the_outbox_is_delivered(vendor):
    payload = {"backend": "watcher", "exam": "e", "attempt": "a"}
    OutboxMessage.objects.create(kind="vendor.error", destination="watcher", payload=payload)
    assert tasks.deliver_outbox() == 1
    assert vendor.calls == [("error", "e", "a")]
