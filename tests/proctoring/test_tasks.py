"""What runs on a schedule."""

from datetime import timedelta

import pytest
from django.utils import timezone

from demo.celery import app
from proctoring import tasks
from proctoring.common.inbox import Envelope, store
from proctoring.conf import SCHEDULES, config
from proctoring.models import (
    IdempotentAnswer,
    InboxDelivery,
    OutboxMessage,
    ProctoredExamStudentAttempt,
    ScheduledRun,
)
from proctoring.services import idempotency
from proctoring.services.idempotency import Asked
from tests.factories import AttemptFactory, ExamFactory

pytestmark = pytest.mark.django_db


def test_overdue_attempts_are_closed():
    AttemptFactory(started=True, proctored_exam=ExamFactory(backend="watcher"))
    assert tasks.expire_overdue_attempts() == 1
    assert ProctoredExamStudentAttempt.objects.get().status == "submitted"


def test_waiting_callbacks_are_applied():
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), external_id="theirs")
    envelope = Envelope(source="watcher", kind="ready", subject="theirs", body=b"")
    store(InboxDelivery, envelope, config.keyring)
    InboxDelivery.objects.update(due_at=timezone.now())
    assert tasks.apply_due_callbacks() == 1
    attempt.refresh_from_db()
    assert attempt.status == "ready_to_start"


def test_answers_that_nobody_will_ask_for_again_are_forgotten():
    claim = idempotency.begin(Asked(owner="1", key="once", digest="d"))
    assert tasks.purge_exam_data() == 0
    IdempotentAnswer.objects.filter(pk=claim.pk).update(claimed_at=timezone.now() - timedelta(days=1))
    assert tasks.purge_exam_data() == 1


def test_the_outbox_is_delivered(vendor):
    attempt = AttemptFactory(proctored_exam__timed=True)
    payload = {"backend": "watcher", "exam": "e", "attempt": "a", "attempt_id": attempt.pk}
    OutboxMessage.objects.create(kind="vendor.error", destination="watcher", payload=payload)
    assert tasks.deliver_outbox() == 1
    assert vendor.calls == [("error", "e", "a")]


def test_whatever_runs_on_a_schedule_says_when_it_did():
    for schedule in SCHEDULES:
        getattr(tasks, schedule.task.removeprefix("proctoring."))()
    runs = ScheduledRun.objects.values_list("name", "outcome")
    assert set(runs) == {(schedule.task, "done") for schedule in SCHEDULES}


def test_every_task_has_a_schedule_but_those_that_follow_from_changes():
    ours = {name for name in app.tasks if name.startswith("proctoring.")}
    assert ours == {schedule.task for schedule in SCHEDULES} | {
        "proctoring.deliver_messages",
        "proctoring.run_staff_action",
        "proctoring.seal_audit_entries",
    }
