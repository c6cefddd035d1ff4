"""Each scheduled task, run several times at the same moment: each piece of work is done once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.db import connection
from django.utils import timezone

from proctoring.common.audit import Subject, findings
from proctoring.common.audit.seals import stamp
from proctoring.common.inbox import Envelope, InboxState, store
from proctoring.common.outbox import OutboxState
from tests.factories import UserFactory
from tests.proctoring.services.test_concurrency import together
from tests.verify_student.factories import VerificationFactory
from tests.verify_student.pictures import picture
from tests.verify_student.services.reminders.mornings import DAY, addresses_of, ended, ending, morning, written_to
from verify_student import tasks
from verify_student.conf import SCHEDULES, config
from verify_student.models import (
    AuditEntry,
    InboxDelivery,
    OutboxMessage,
    PhotoKind,
    ScheduledRun,
    SoftwareSecurePhotoVerification,
    StaffAction,
    StoredPhoto,
)
from verify_student.services import audit, photos

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("host"),
]
PIECES = 5
LONG_AGO = timezone.now() - timedelta(days=400)


def at_once(task):
    """What the runs of the task returned, none of which failed; one row says that it ran."""
    outcomes = together(task)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert ScheduledRun.objects.get(name=task.name).outcome == "done"
    return outcomes


def test_every_scheduled_task_is_here():
    told = {name.removeprefix("test_at_once_") for name in globals() if name.startswith("test_at_once_")}
    assert told >= {schedule.task.removeprefix("verify_student.") for schedule in SCHEDULES}


def mails_to_send():
    rows = [VerificationFactory(status="approved") for _ in range(PIECES)]
    ids = [
        OutboxMessage.objects.create(kind="mail.approved", destination="mail", payload={"verification_id": row.pk}).pk
        for row in rows
    ]
    return rows, ids


def test_at_once_deliver_outbox():
    rows, _ = mails_to_send()
    OutboxMessage.objects.create(kind="unheard.of", destination="other")
    at_once(tasks.deliver_outbox)
    assert written_to() == addresses_of(*rows)
    assert set(OutboxMessage.objects.values_list("state", "tries")) == {("done", 1), ("pending", 1)}


def test_deliver_messages_that_several_were_told_of():
    rows, ids = mails_to_send()
    together(lambda: tasks.deliver_messages(ids))
    assert written_to() == addresses_of(*rows)


def test_at_once_apply_due_results(vendor_settings, files):
    rows = [VerificationFactory(status="submitted", provider="software_secure") for _ in range(PIECES)]
    for row in rows:
        body = b'{"EdX-ID": "%s", "Result": "PASS", "Reason": "", "MessageType": ""}' % row.receipt_id.encode()
        store(InboxDelivery, Envelope("software_secure", "result", row.receipt_id, body), config.keyring)
    store(InboxDelivery, Envelope("unheard of", "result", "r", b"{}"), config.keyring)
    InboxDelivery.objects.update(due_at=timezone.now())
    assert sum(at_once(tasks.apply_due_results)) == PIECES + 1
    assert set(SoftwareSecurePhotoVerification.objects.values_list("status", flat=True)) == {"approved"}
    assert OutboxMessage.objects.filter(kind="mail.approved").count() == PIECES
    tried = Counter(InboxDelivery.objects.values_list("source", "tries"))
    assert tried == {("software_secure", 1): PIECES, ("unheard of", 1): 1}


def test_at_once_purge_identity_data(files):
    photo = photos.decode_file(picture())
    for number in range(PIECES):
        row = photos.keep("receipt", PhotoKind.FACE, photo)
        row.verification = VerificationFactory(status="denied")
        row.save()
        envelope = Envelope("software_secure", "result", "r", b"{}", delivery_id=str(number))
        store(InboxDelivery, envelope, config.keyring)
        sent = {"state": OutboxState.DONE, "due_at": LONG_AGO, "done_at": LONG_AGO}
        OutboxMessage.objects.create(kind="mail.approved", **sent)
    SoftwareSecurePhotoVerification.objects.update(status_changed=LONG_AGO)
    InboxDelivery.objects.update(state=InboxState.APPLIED, received_at=LONG_AGO, due_at=None)
    assert sum(at_once(tasks.purge_identity_data)) == 3 * PIECES
    assert not StoredPhoto.objects.filter(deleted_at=None).exists()
    assert not [name for folder in files.listdir("")[0] for name in files.listdir(folder)[1]]
    assert (InboxDelivery.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_at_once_send_expiry_mail():
    rows = [ended() for _ in range(PIECES)]
    with morning():
        outcomes = at_once(tasks.send_expiry_mail)
    assert (written_to(), sum(outcomes)) == (addresses_of(*rows), PIECES)


def test_at_once_send_reminders(host):
    rows = [ending(5 * DAY) for _ in range(PIECES)]
    host.courses.verified.update(row.user_id for row in rows)
    mailbox.outbox.clear()
    with morning():
        outcomes = at_once(tasks.send_reminders)
    assert (written_to(), sum(outcomes)) == (addresses_of(*rows), PIECES)


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
