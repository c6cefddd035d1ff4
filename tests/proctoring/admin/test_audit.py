"""The audit log, as staff see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proctoring.common.audit import Subject
from proctoring.common.inbox import Envelope, store
from proctoring.common.outbox import OutboxState
from proctoring.conf import config
from proctoring.models import AuditEntry, InboxDelivery, OutboxMessage
from proctoring.services import audit
from tests.factories import AttemptFactory, ReviewFactory, UserFactory
from tests.proctoring.admin.conftest import Screens

LOG = "auditentry"


@pytest.fixture
def entries() -> list[AuditEntry]:
    person = UserFactory()
    audit.record("attempt.moved", Subject("attempt", 7), actor=person)
    audit.record("review.decided", Subject("review", 8))
    audit.seal()
    return list(AuditEntry.objects.order_by("id"))


def test_entries_are_only_read(screens: Screens, entries: list[AuditEntry]) -> None:
    pk = entries[0].pk
    assert screens.row(LOG, pk).status_code == 200
    assert screens.save(LOG, pk, event="attempt.removed").status_code == 403
    assert screens.add(LOG).status_code == 403
    assert screens.delete(LOG, pk).status_code == 403


@pytest.mark.parametrize(
    "query",
    [{"event": "attempt.moved"}, {"actor_kind__exact": "person"}, {"q": "attempt 7"}, {"q": "7"}],
)
def test_entries_are_filtered_and_searched(screens: Screens, entries: list[AuditEntry], query: dict[str, str]) -> None:
    assert screens.found(LOG, **query)[-1] == entries[0]
    assert entries[1] not in screens.found(LOG, **query)


def test_entries_are_found_by_who_made_them(screens: Screens, entries: list[AuditEntry]) -> None:
    assert entries[0] in screens.found(LOG, q=str(entries[0].actor_id))


def test_the_list_takes_the_same_statements_however_long_it_is(screens: Screens, query_budget) -> None:
    audit.write(audit.entry("attempt.moved", Subject("attempt", number)) for number in range(30))
    with query_budget("admin.audit_log"):
        assert len(screens.rows(LOG).context["cl"].result_list) == 30


def test_looking_at_what_vendors_said_is_on_record(screens: Screens) -> None:
    review = ReviewFactory(attempt=AttemptFactory(submitted=True), suspicious=True)
    delivery = store(InboxDelivery, Envelope("mock", "ready", "attempt-1", b"{}"), config.keyring)
    message = OutboxMessage.objects.create(kind="mail.status", destination="mail", state=OutboxState.DEAD)
    before = AuditEntry.objects.count()
    screens.row("proctoredexamsoftwaresecurereview", review.pk)
    screens.row("inboxdelivery", delivery.pk)
    screens.row("outboxmessage", message.pk)
    looks = AuditEntry.objects.order_by("id").values_list("event", "subject_id", "actor_kind")[before:]
    assert list(looks) == [
        ("review.looked_at", str(review.pk), "person"),
        ("inboxdelivery.looked_at", str(delivery.pk), "person"),
        ("outboxmessage.looked_at", str(message.pk), "person"),
    ]


def test_a_list_is_no_look(screens: Screens) -> None:
    OutboxMessage.objects.create(kind="mail.status", destination="mail", state=OutboxState.DEAD)
    with CaptureQueriesContext(connection) as captured:
        screens.found("outboxmessage")
    assert not AuditEntry.objects.exists()
    assert not [query for query in captured.captured_queries if "INSERT" in query["sql"]]
