"""Whatever is done to a log behind the application's back is found."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from proctoring.common.audit import ActorKind, Head, Subject, findings
from proctoring.models import AuditEntry
from proctoring.services import audit
from tests.proctoring.common.audit.tampering import set_column, sql

pytestmark = pytest.mark.django_db
NUMBER = 6
COLUMNS = [field.column for field in AuditEntry._meta.concrete_fields]


@pytest.fixture
def log():
    audit.write([audit.entry("attempt.moved", Subject("attempt", n), actor=ActorKind.VENDOR) for n in range(NUMBER)])
    audit.seal()
    return list(AuditEntry.objects.order_by("sequence"))


def found(expected=None):
    return [str(finding) for finding in findings(audit.log, lambda rows: None, expected)]


def test_a_log_that_nobody_touched_is_whole(log):
    assert found(audit.log.head()) == []
    assert found(Head(2, log[1].seal)) == []


def test_an_empty_log_is_whole():
    assert found() == []


def test_a_change_is_found(log):
    set_column(log[2].pk, "event", "attempt.removed")
    changed, forged = found()
    assert changed.startswith("entry 3: was changed or moved")
    assert forged.startswith("entry 3: does not say what the application wrote")


def test_a_removed_entry_is_found(log):
    sql("DELETE FROM {table} WHERE sequence = 3")
    assert found() == ["entry 3: missing: removed or moved"]
    sql("DELETE FROM {table} WHERE sequence IN (1, 2)")
    assert found() == ["entries 1 to 3: missing: removed or moved"]


def test_entries_that_changed_places_are_found(log):
    for row, place in ((log[1], -1), (log[2], 2), (log[1], 3)):
        set_column(row.pk, "sequence", place)
    assert {line.split(":")[0] for line in found()} == {"entry 2", "entry 3", "entry 4"}


def test_a_removed_entry_whose_followers_moved_up_is_found(log):
    sql("DELETE FROM {table} WHERE sequence = 3")
    for row in log[3:]:
        set_column(row.pk, "sequence", row.sequence - 1)
    lines = found()
    assert lines[0].startswith("entry 3: does not follow the entry before it")
    assert {line.split(":")[0] for line in lines} == {"entry 3", "entry 4", "entry 5"}


def columns_of(row, **instead):
    return {field.column: getattr(row, field.attname) for field in AuditEntry._meta.concrete_fields} | instead


def insert(values):
    AuditEntry._base_manager.bulk_create([AuditEntry(**values)])


def test_an_entry_that_was_inserted_with_seals_of_somebody_elses_making_is_found(log):
    last = log[-1]
    values = columns_of(last, id=None, uid=None, sequence=NUMBER + 1, previous=last.seal, seal="f" * 64)
    insert(values | {"uid": "00000000-0000-0000-0000-000000000001"})
    assert {line.split(":")[0] for line in found()} == {f"entry {NUMBER + 1}"}


def test_an_entry_that_was_slipped_to_the_sealer_is_found(log):
    copied = columns_of(log[0], id=None, sequence=None, previous="", seal="", key_id="")
    insert(copied | {"uid": "00000000-0000-0000-0000-000000000001"})
    assert found()[0].endswith(f"changed or inserted (row {AuditEntry.objects.latest('id').pk})")
    audit.seal()
    assert found()[0].startswith(f"entry {NUMBER + 1}: does not say what the application wrote")


def test_an_entry_that_was_unsealed_changed_and_handed_to_the_sealer_again_is_found(log):
    sql(
        "UPDATE {table} SET sequence = NULL, previous = '', seal = '', key_id = '', subject_id = '99' WHERE id = %s",
        log[-1].pk,
    )
    audit.seal()
    assert found()[0].startswith(f"entry {NUMBER}: does not say what the application wrote")


def test_an_entry_that_lost_its_place_only_is_found(log):
    set_column(log[-1].pk, "sequence", None)
    assert found() == [f"row {log[-1].pk}: has a seal but no place any more: it was taken out of the chain"]


def test_a_chain_that_was_made_anew_without_the_key_is_found(log, settings):
    settings.PROCTORING_SETTINGS = {**settings.PROCTORING_SETTINGS, "AUDIT_KEYS": {log[0].key_id: "ab" * 32}}
    sql("UPDATE {table} SET sequence = NULL, previous = '', seal = '', key_id = '', event = 'attempt.removed'")
    audit.seal()
    del settings.PROCTORING_SETTINGS
    assert len([line for line in found() if "was changed or moved" in line]) == NUMBER


def test_a_tail_that_was_cut_off_is_found_by_who_kept_the_head(log):
    head = audit.log.head()
    sql("DELETE FROM {table} WHERE sequence > 4")
    assert found() == []
    assert found(head) == [f"entry {NUMBER}: is not there, and was once the newest: the end of the log was cut off"]
    for _ in range(2):
        audit.record("attempt.moved", Subject("attempt", 1))
    audit.seal()
    assert found(head)[0].startswith(f"entry {NUMBER}: is not the one that was once the newest")


def test_entries_that_nobody_seals_are_found():
    audit.record("attempt.moved", Subject("attempt", 1))
    assert found() == []
    waiting = audit.entry("attempt.moved", Subject("attempt", 1))
    waiting.at = timezone.now() - timedelta(minutes=11)
    audit.write([waiting])
    row = AuditEntry.objects.latest("id").pk
    assert found() == [f"row {row}: was written and never sealed: is the sealing task running?"]


def keys(settings, **named):
    settings.PROCTORING_SETTINGS = {**settings.PROCTORING_SETTINGS, "AUDIT_KEYS": named}


def test_keys_may_change_as_long_as_the_old_ones_are_kept(log, settings):
    keys(settings, new="cd" * 32)
    audit.record("attempt.moved", Subject("attempt", 1))
    audit.seal()
    keys(settings, newest="ef" * 32, new="cd" * 32)
    audit.record("attempt.moved", Subject("attempt", 1))
    audit.seal()
    assert found() == []
    assert AuditEntry.objects.latest("sequence").key_id == "newest"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-secret", [settings.SECRET_KEY]
    assert found() == []
    settings.SECRET_KEY_FALLBACKS = []
    assert len([line for line in found() if "sealed with is unknown" in line]) == NUMBER


def changed_values(field, old):
    """Anything else that the column takes."""
    if field.column == "uid":
        # MariaDB takes no other kinds.
        values = st.uuids(version=4)
    elif field.column == "at":
        values = st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
    elif field.column in {"id", "actor_id", "sequence"}:
        values = st.integers(-(2**40), 2**40)
        values = values if field.column == "id" else values | st.none()
    else:
        # No spaces at the ends and no letters that some databases take for each other.
        values = st.text("abcdefghijklmnopqrstuvwxyz0123456789.:", max_size=field.max_length or 200)
    return values.filter(lambda value: value != old)


@given(data=st.data())
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_single_change_of_any_column_of_any_entry_is_found(log, data):
    entry = data.draw(st.sampled_from(log))
    field = AuditEntry._meta.get_field(data.draw(st.sampled_from(COLUMNS)))
    value = data.draw(changed_values(field, getattr(entry, field.attname)))
    taken = {getattr(row, field.attname) for row in log} if field.unique else set()
    assume(value not in taken)
    # MariaDB has no row 0 to be given.
    assume(not (field.column == "id" and value == 0 and connection.vendor == "mysql"))
    with transaction.atomic():
        assert set_column(entry.pk, field.column, value) == 1
        assert found()
        transaction.set_rollback(True)
    assert not found()
