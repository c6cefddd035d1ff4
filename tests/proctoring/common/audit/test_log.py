"""Entries are added with what they record, sealed afterwards, and never changed."""

import json
import logging
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from proctoring.common.audit import ActorKind, AppendOnly, Subject, findings
from proctoring.common.audit.log import code
from proctoring.models import AuditEntry
from proctoring.services import audit
from tests.factories import AttemptFactory, UserFactory

pytestmark = pytest.mark.django_db
ATTEMPT = Subject("attempt", 7)


def test_an_entry_says_who_did_what_to_which_row():
    attempt, person = AttemptFactory(), UserFactory()
    audit.record("attempt.moved", attempt, actor=person, target="rejected", minutes=5, reasons=["a", "b"], nothing=None)
    entry = AuditEntry.objects.get()
    assert (entry.event, entry.actor_kind, entry.actor_id) == ("attempt.moved", "person", person.pk)
    assert (entry.subject_kind, entry.subject_id) == ("proctoredexamstudentattempt", str(attempt.pk))
    assert json.loads(entry.facts) == {"target": "rejected", "minutes": 5, "reasons": ["a", "b"]}
    assert entry.facts == '{"minutes":5,"reasons":["a","b"],"target":"rejected"}'


@pytest.mark.parametrize(("actor", "kind"), [(None, "system"), (ActorKind.VENDOR, "vendor")])
def test_not_every_actor_is_a_person(actor, kind):
    audit.record("attempt.moved", ATTEMPT, actor=actor)
    assert AuditEntry.objects.values_list("actor_kind", "actor_id").get() == (kind, None)


@pytest.mark.parametrize("value", ["Ann Onymous", "ann@example.com", 1.5, b"x", {"a": 1}, ["two words"]])
def test_what_might_be_personal_is_refused_and_not_repeated(value):
    with pytest.raises(ValueError, match="neither a number nor a code") as refusal:
        audit.record("attempt.moved", ATTEMPT, name=value)
    assert "nn" not in str(refusal.value).removeprefix("name of an audit entry is neither")
    assert not AuditEntry.objects.exists()


def test_an_event_is_a_code():
    with pytest.raises(ValueError, match="Not an event"):
        audit.record("Something happened", ATTEMPT)


def test_known_words_become_codes():
    assert code("Rules Violation") == "Rules_Violation"


def test_it_is_written_with_what_it_records():
    with transaction.atomic():
        audit.record("attempt.moved", ATTEMPT)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


def test_an_entry_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        audit.record("attempt.moved", ATTEMPT)
    with django_assert_num_queries(1):
        audit.write([audit.entry("attempt.moved", ATTEMPT) for _ in range(50)])


def test_after_commit_it_is_sealed(committed):
    with committed():
        audit.record("attempt.moved", ATTEMPT)
    entry = AuditEntry.objects.get()
    assert (entry.sequence, entry.previous, len(entry.seal)) == (1, "0" * 64, 64)
    assert audit.log.head().seal == entry.seal


def test_entries_are_chained_in_the_order_of_writing(caplog):
    audit.write([audit.entry("attempt.moved", Subject("attempt", number)) for number in range(450)])
    with caplog.at_level(logging.INFO):
        assert audit.seal() == 450
    assert audit.seal() == 0
    chain = list(AuditEntry.objects.order_by("sequence").values_list("sequence", "subject_id", "previous", "seal"))
    assert [(place, subject) for place, subject, _, _ in chain] == [(n + 1, str(n)) for n in range(450)]
    assert [previous for _, _, previous, _ in chain[1:]] == [seal for _, _, _, seal in chain[:-1]]
    assert str(audit.log.head()) in caplog.text
    assert not list(findings(audit.log, print))


def test_sealing_when_nothing_waits_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        audit.seal()


def test_nothing_changes_or_deletes_an_entry():
    audit.record("attempt.moved", ATTEMPT)
    entry = AuditEntry.objects.get()
    entry.event = "attempt.removed"
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(event="attempt.removed"),
        lambda: AuditEntry.objects.bulk_update([entry], ["event"]),
        lambda: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"event": "attempt.removed"}),
        lambda: AuditEntry.objects.bulk_create(
            [entry], update_conflicts=True, update_fields=["event"], unique_fields=["id"]
        ),
    ):
        with pytest.raises(AppendOnly), transaction.atomic():
            change()
    assert AuditEntry.objects.get().event == "attempt.moved"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone has the trigger")
def test_the_database_refuses_too():
    audit.record("attempt.moved", ATTEMPT)
    audit.seal()
    for statement in (
        "DELETE FROM proctoring_auditentry",
        "UPDATE proctoring_auditentry SET event = 'attempt.removed'",
        "UPDATE proctoring_auditentry SET sequence = NULL",
        "UPDATE proctoring_auditentry SET seal = 'x'",
    ):
        with pytest.raises(DatabaseError, match="added"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_account_that_is_deleted_changes_nothing():
    person = UserFactory()
    audit.record("attempt.moved", ATTEMPT, actor=person)
    audit.seal()
    number = person.pk
    person.delete()
    assert AuditEntry.objects.get().actor_id == number
    assert not list(findings(audit.log, print))


def test_a_host_without_time_zones_has_the_same_seals(settings):
    settings.USE_TZ = False
    audit.record("attempt.moved", ATTEMPT)
    audit.seal()
    assert not list(findings(audit.log, print))
    assert isinstance(AuditEntry.objects.get().at, datetime)
    settings.USE_TZ = True
    assert AuditEntry.objects.get().at.tzinfo == UTC
