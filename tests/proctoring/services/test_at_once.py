"""Each scheduled task, run several times at the same moment: each piece of work is done once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from proctoring import tasks
from proctoring.common.audit import Subject, findings
from proctoring.common.audit.seals import stamp
from proctoring.common.inbox import Envelope, InboxState, store
from proctoring.common.outbox import OutboxState
from proctoring.conf import SCHEDULES, config
from proctoring.models import AuditEntry, IdempotentAnswer, InboxDelivery, OutboxMessage, ScheduledRun, StaffAction
from proctoring.services import audit, idempotency
from proctoring.services.idempotency import Asked
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory
from tests.proctoring.services.test_concurrency import WORKERS, together

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]
PIECES = 5
DAY = timedelta(days=1)


def at_once(task):
    """What the runs of the task returned, none of which failed; one row says that it ran."""
    outcomes = together(task)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert ScheduledRun.objects.filter(name=task.name).count() == (task is not tasks.deliver_messages)
    return outcomes


def test_every_scheduled_task_is_here():
    told = {name.removeprefix("test_at_once_") for name in globals() if name.startswith("test_at_once_")}
    assert told >= {schedule.task.removeprefix("proctoring.") for schedule in SCHEDULES}


def calls_to_make():
    attempts = [AttemptFactory(proctored_exam=ExamFactory(timed=True)) for _ in range(PIECES)]
    rows = [
        OutboxMessage.objects.create(
            kind="vendor.error",
            destination="watcher",
            payload={"backend": "watcher", "exam": "e", "attempt": str(attempt.pk), "attempt_id": attempt.pk},
        )
        for attempt in attempts
    ]
    return [row.pk for row in rows], Counter(("error", "e", str(attempt.pk)) for attempt in attempts)


def test_at_once_deliver_outbox(lms, vendor):
    _, calls = calls_to_make()
    OutboxMessage.objects.create(kind="unheard.of", destination="other")
    at_once(tasks.deliver_outbox)
    assert Counter(vendor.calls) == calls
    assert set(OutboxMessage.objects.values_list("state", "tries")) == {("done", 1), ("pending", 1)}


def test_deliver_messages_that_several_were_told_of(lms, vendor):
    ids, calls = calls_to_make()
    together(lambda: tasks.deliver_messages(ids))
    assert Counter(vendor.calls) == calls


def test_at_once_apply_due_callbacks(lms):
    attempts = [AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), submitted=True) for _ in range(PIECES)]
    for kind, attempt in [("review", one) for one in attempts] + [("unheard of", attempts[0])]:
        envelope = Envelope(source="watcher", kind=kind, subject=attempt.external_id, body=b'{"status": "passed"}')
        store(InboxDelivery, envelope, config.keyring)
    InboxDelivery.objects.update(due_at=timezone.now())
    outcomes = at_once(tasks.apply_due_callbacks)
    assert sum(outcomes) == PIECES + 1
    assert Counter(InboxDelivery.objects.values_list("kind", "state", "tries")) == {
        ("review", InboxState.APPLIED, 1): PIECES,
        ("unheard of", InboxState.FAILED, 1): 1,
    }
    assert [attempt.history.filter(status=Status.verified).count() for attempt in attempts] == [1] * PIECES


def test_at_once_expire_overdue_attempts(lms, vendor):
    attempts = [AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), started=True) for _ in range(PIECES)]
    at_once(tasks.expire_overdue_attempts)
    assert [attempt.history.filter(status=Status.submitted).count() for attempt in attempts] == [1] * PIECES
    kinds = Counter(OutboxMessage.objects.exclude(kind="vendor.exam").values_list("kind", flat=True))
    assert kinds == dict.fromkeys(["completion", "credit", "mail.status", "vendor.stop"], PIECES)
    assert len(lms.credit.statuses) == PIECES


def test_at_once_ask_for_missing_reviews(lms, settings):
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "askable",
        "askable": {"class": "tests.proctoring.services.test_reconciliation.AskableBackend"},
    }
    exam = ExamFactory(backend="askable")
    for _ in range(PIECES):
        AttemptFactory(proctored_exam=exam, submitted=True, completed_at=timezone.now() - 7 * DAY)
    OutboxMessage.objects.all().delete()
    outcomes = at_once(tasks.ask_for_missing_reviews)
    # A question to the vendor, and word to support.
    assert sum(outcomes) == OutboxMessage.objects.count() == 2 * PIECES
    assert OutboxMessage.objects.values("kind", "stream").distinct().count() == 2 * PIECES


def test_at_once_purge_exam_data():
    long_ago = timezone.now() - 400 * DAY
    for number in range(PIECES):
        idempotency.begin(Asked(owner="1", key=str(number), digest="d"))
        envelope = Envelope("watcher", "review", "theirs", b"{}", delivery_id=str(number))
        store(InboxDelivery, envelope, config.keyring)
        sent = {"state": OutboxState.DONE, "due_at": long_ago, "done_at": long_ago}
        OutboxMessage.objects.create(kind="vendor.stop", **sent)
    InboxDelivery.objects.update(state=InboxState.APPLIED, received_at=long_ago, due_at=None)
    IdempotentAnswer.objects.update(claimed_at=long_ago)
    outcomes = at_once(tasks.purge_exam_data)
    assert (len(outcomes), sum(outcomes)) == (WORKERS, 3 * PIECES)
    assert (InboxDelivery.objects.count(), OutboxMessage.objects.count(), IdempotentAnswer.objects.count()) == (0, 0, 0)


def test_at_once_continue_staff_actions():
    dead = [
        OutboxMessage.objects.create(kind="unheard.of", destination="other", state="dead").pk for _ in range(PIECES)
    ]
    action = StaffAction.objects.create(
        verb="send-again",
        ids=dead,
        marks=["dead"] * PIECES,
        total=PIECES,
        state="running",
        reason="again",
        by=UserFactory(superuser=True),
    )
    assert sum(at_once(tasks.continue_staff_actions)) == PIECES
    action.refresh_from_db()
    assert (action.state, action.position, action.done, action.refused) == ("done", PIECES, PIECES, 0)


def test_at_once_seal_audit_log():
    """The first seals of a log, for which there is no entry yet that everybody could wait for."""
    entries = [audit.entry("data.purged", Subject("kind", number)) for number in range(PIECES)]
    for entry in entries:
        entry.stamp = stamp(entry, config.audit_keyring)
    # Written without a word, so that nobody has sealed them yet.
    AuditEntry.objects.bulk_create(entries)
    at_once(tasks.seal_audit_log)
    sealed = AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sealed) == list(range(1, PIECES + 1))
    assert not list(findings(audit.log, lambda number: None))
