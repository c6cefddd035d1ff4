"""The database has the published schema: existing sites' tables are taken over as they are (contract python.md §1)."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db

EXAM = "proctoring_proctoredexam"
REVIEW = "proctoring_proctoredexamsoftwaresecurereview"
USER = "user"  # Stands for the table of the site's user model.


@dataclass(frozen=True)
class Table:
    """Columns as ``type`` or ``type?`` (nullable); indexed columns, without keys and uniques; references by column."""

    columns: dict[str, str]
    indexed: set[str] = field(default_factory=set)
    unique: set[tuple[str, ...]] = field(default_factory=set)
    references: dict[str, str] = field(default_factory=dict)
    primary_key: str = "id"


STAMPS = {"created": "datetime", "modified": "datetime"}
EXAM_COLUMNS = STAMPS | {
    "course_id": "char255",
    "content_id": "char255",
    "external_id": "char255?",
    "exam_name": "text",
    "time_limit_mins": "int",
    "due_date": "datetime?",
    "is_proctored": "bool",
    "is_practice_exam": "bool",
    "is_active": "bool",
    "hide_after_due": "bool",
    "backend": "char255?",
}
ATTEMPT_COLUMNS = STAMPS | {
    "started_at": "datetime?",
    "completed_at": "datetime?",
    "attempt_code": "char255?",
    "external_id": "char255?",
    "allowed_time_limit_mins": "int?",
    "status": "char64",
    "taking_as_proctored": "bool",
    "is_sample_attempt": "bool",
    "review_policy_id": "int?",
    "is_status_acknowledged": "bool",
    "time_remaining_seconds": "int?",
    "is_resumable": "bool",
    "ready_to_resume": "bool",
    "resumed": "bool",
}
POLICY_COLUMNS = STAMPS | {
    "id": "auto",
    "set_by_user_id": "int",
    "proctored_exam_id": "int",
    "review_policy": "text",
}
ALLOWANCE_COLUMNS = STAMPS | {
    "id": "auto",
    "user_id": "int",
    "proctored_exam_id": "int",
    "key": "char255",
    "value": "char255",
}
REVIEW_COLUMNS = STAMPS | {
    "id": "auto",
    "attempt_code": "char255",
    "is_attempt_active": "bool",
    "review_status": "char255",
    "raw_data": "text",
    "encrypted_video_url": "binary?",
    "reviewed_by_id": "int?",
    "student_id": "int?",
    "exam_id": "int?",
}
COMMENT_COLUMNS = STAMPS | {
    "id": "auto",
    "review_id": "int",
    "start_time": "int",
    "stop_time": "int",
    "duration": "int",
    "comment": "text",
    "status": "char255",
}
HISTORY_COLUMNS = {
    "history_id": "auto",
    "history_date": "datetime",
    "history_change_reason": "char100?",
    "history_type": "char1",
    "history_user_id": "int?",
}
POLICY_REFERENCES = {"set_by_user_id": USER, "proctored_exam_id": EXAM}
ALLOWANCE_REFERENCES = {"user_id": USER, "proctored_exam_id": EXAM}
REVIEW_REFERENCES = {"reviewed_by_id": USER, "student_id": USER, "exam_id": EXAM}

PUBLISHED = {
    EXAM: Table(
        {"id": "auto"} | EXAM_COLUMNS,
        indexed={"course_id", "content_id", "external_id"},
        unique={("course_id", "content_id")},
    ),
    "proctoring_proctoredexamhistory": Table(
        {"id": "int"} | EXAM_COLUMNS | HISTORY_COLUMNS,
        indexed={"id", "course_id", "content_id", "external_id", "history_user_id"},
        references={"history_user_id": USER},
        primary_key="history_id",
    ),
    "proctoring_proctoredexamreviewpolicy": Table(
        POLICY_COLUMNS, indexed={"set_by_user_id", "proctored_exam_id"}, references=POLICY_REFERENCES
    ),
    "proctoring_proctoredexamreviewpolicyhistory": Table(
        POLICY_COLUMNS | {"original_id": "int"},
        indexed={"original_id", "set_by_user_id", "proctored_exam_id"},
        references=POLICY_REFERENCES,
    ),
    "proctoring_proctoredexamstudentattempt": Table(
        {"id": "auto", "user_id": "int", "proctored_exam_id": "int"} | ATTEMPT_COLUMNS,
        indexed={"user_id", "proctored_exam_id", "attempt_code", "external_id"},
        references={"user_id": USER, "proctored_exam_id": EXAM},
    ),
    "proctoring_proctoredexamstudentattempt_history": Table(
        {"id": "int", "user_id": "int?", "proctored_exam_id": "int?"} | ATTEMPT_COLUMNS | HISTORY_COLUMNS,
        indexed={"id", "user_id", "proctored_exam_id", "attempt_code", "external_id", "history_user_id"},
        references={"history_user_id": USER},
        primary_key="history_id",
    ),
    "proctoring_proctoredexamstudentallowance": Table(
        ALLOWANCE_COLUMNS,
        indexed={"user_id", "proctored_exam_id"},
        unique={("user_id", "proctored_exam_id", "key")},
        references=ALLOWANCE_REFERENCES,
    ),
    "proctoring_proctoredexamstudentallowancehistory": Table(
        ALLOWANCE_COLUMNS | {"allowance_id": "int"},
        indexed={"user_id", "proctored_exam_id"},
        references=ALLOWANCE_REFERENCES,
    ),
    REVIEW: Table(
        REVIEW_COLUMNS,
        indexed={"reviewed_by_id", "student_id", "exam_id"},
        unique={("attempt_code",)},
        references=REVIEW_REFERENCES,
    ),
    "proctoring_proctoredexamsoftwaresecurereviewhistory": Table(
        REVIEW_COLUMNS,
        indexed={"attempt_code", "reviewed_by_id", "student_id", "exam_id"},
        references=REVIEW_REFERENCES,
    ),
    "proctoring_proctoredexamstudentattemptcomment": Table(
        COMMENT_COLUMNS, indexed={"review_id"}, references={"review_id": REVIEW}
    ),
}
# What our own later migrations add to the published tables.
INDEXES_ADDED_SINCE = {
    "proctoring_proctoredexamhistory": {"history_date"},
    "proctoring_proctoredexamstudentattempt_history": {"history_date"},
    "proctoring_proctoredexamstudentallowance": {"modified"},
    "proctoring_proctoredexamstudentallowancehistory": {"created"},
}
COLUMNS_ADDED_SINCE = {
    "proctoring_proctoredexamstudentattempt": {"deadline_at": "datetime?"},
    "proctoring_proctoredexamstudentattempt_history": {"deadline_at": "datetime?"},
    "proctoring_proctoredexamstudentallowance": {"multiplier": "DecimalField?"},
    "proctoring_proctoredexamstudentallowancehistory": {"multiplier": "DecimalField?"},
}
PAIRS_ADDED_SINCE = {
    "proctoring_proctoredexamstudentattempt": {
        ("status", "deadline_at"),
        ("modified", "id"),
        ("proctored_exam_id", "created"),
        ("proctored_exam_id", "status", "created"),
        ("proctored_exam_id", "user_id", "created"),
    },
    "proctoring_proctoredexamsoftwaresecurereview": {("modified", "id")},
    "proctoring_proctoredexamsoftwaresecurereviewhistory": {("modified", "id")},
}
KINDS = {
    "AutoField": "auto",
    "IntegerField": "int",
    "BooleanField": "bool",
    "DateTimeField": "datetime",
    "TextField": "text",
    "BinaryField": "binary",
}
# MySQL and MariaDB report booleans and blobs as what they store them in.
SEEN_BY_MYSQL = {"bool": "int", "binary?": "text?"}


def real_table(name: str) -> str:
    return get_user_model()._meta.db_table if name == USER else name


def as_seen(kind: str) -> str:
    return SEEN_BY_MYSQL.get(kind, kind) if connection.vendor == "mysql" else kind


def column_kind(row: Any) -> str:
    field_type = connection.introspection.get_field_type(row.type_code, row)
    kind = f"char{row.display_size}" if field_type == "CharField" else KINDS.get(field_type, field_type)
    return f"{kind}?" if row.null_ok else kind


def constraints_of(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        return list(connection.introspection.get_constraints(cursor, table).values())


@pytest.mark.parametrize("table", PUBLISHED)
def test_columns_have_the_published_types(table: str) -> None:
    with connection.cursor() as cursor:
        rows = connection.introspection.get_table_description(cursor, table)

    expected = PUBLISHED[table].columns | COLUMNS_ADDED_SINCE.get(table, {})
    assert {row.name: column_kind(row) for row in rows} == {name: as_seen(kind) for name, kind in expected.items()}


@pytest.mark.parametrize("table", PUBLISHED)
def test_primary_keys_and_uniques_are_the_published_ones(table: str) -> None:
    constraints = constraints_of(table)

    assert [item["columns"] for item in constraints if item["primary_key"]] == [[PUBLISHED[table].primary_key]]
    assert {tuple(item["columns"]) for item in constraints if item["unique"] and not item["primary_key"]} == PUBLISHED[
        table
    ].unique


@pytest.mark.parametrize("table", PUBLISHED)
def test_columns_that_can_be_looked_up_are_the_published_ones(table: str) -> None:
    """By leading column, because MySQL serves a reference from a unique constraint that starts with the same column."""
    published = PUBLISHED[table]
    keys = {published.primary_key} | {columns[0] for columns in published.unique}
    keyed = [item for item in constraints_of(table) if item["index"] or item["unique"] or item["primary_key"]]

    pairs = {columns for columns in published.unique if len(columns) > 1} | PAIRS_ADDED_SINCE.get(table, set())
    expected = published.indexed | keys | INDEXES_ADDED_SINCE.get(table, set()) | {columns[0] for columns in pairs}
    assert {item["columns"][0] for item in keyed} == expected
    assert {tuple(item["columns"]) for item in keyed if len(item["columns"]) > 1} == pairs


@pytest.mark.parametrize("table", PUBLISHED)
def test_references_are_the_published_ones(table: str) -> None:
    references = {
        item["columns"][0]: tuple(item["foreign_key"]) for item in constraints_of(table) if item["foreign_key"]
    }

    assert references == {column: (real_table(target), "id") for column, target in PUBLISHED[table].references.items()}


def test_tables_of_an_existing_site_are_adopted() -> None:
    """``migrate --fake-initial`` recognises them, so that nothing is created twice."""
    executor = MigrationExecutor(connection)
    initial = executor.loader.get_migration("proctoring", "0001_initial")

    recognised, _ = executor.detect_soft_applied(None, initial)

    assert recognised


def test_the_initial_migration_creates_the_published_tables_and_no_others() -> None:
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state(("proctoring", "0001_initial"))

    tables = {model._meta.db_table for model in state.apps.get_models() if model._meta.app_label == "proctoring"}
    assert tables == set(PUBLISHED)


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "proctoring", check=True, dry_run=True, verbosity=0)
