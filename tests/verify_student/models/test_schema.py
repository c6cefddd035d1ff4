"""The database has the published schema: existing sites' tables are taken over as they are (contract §1)."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.proctoring.models.test_schema import USER, Table, as_seen, column_kind, constraints_of, real_table

pytestmark = pytest.mark.django_db

PHOTOS = "verify_student_softwaresecurephotoverification"

STATUS = {"id": "auto", "status": "char100", "status_changed": "datetime", "user_id": "int", "name": "char255"}
STAMPS = {"created_at": "datetime", "updated_at": "datetime"}
BASE = STATUS | STAMPS | {"expiration_date": "datetime?"}
BASE_INDEXED = {"user_id", "created_at", "updated_at", "expiration_date"}

PUBLISHED = {
    "verify_student_manualverification": Table(
        BASE | {"reason": "char255"}, indexed=BASE_INDEXED, references={"user_id": USER}
    ),
    "verify_student_ssoverification": Table(
        BASE | {"identity_provider_type": "char100", "identity_provider_slug": "char30"},
        indexed=BASE_INDEXED | {"identity_provider_slug"},
        references={"user_id": USER},
    ),
    PHOTOS: Table(
        BASE
        | {
            "face_image_url": "char255",
            "photo_id_image_url": "char255",
            "receipt_id": "char255",
            "display": "bool",
            "submitted_at": "datetime?",
            "reviewing_user_id": "int?",
            "reviewing_service": "char255",
            "error_msg": "text",
            "error_code": "char50",
            "photo_id_key": "text",
            "copy_id_photo_from_id": "int?",
            "expiry_email_date": "datetime?",
        },
        indexed=BASE_INDEXED
        | {"receipt_id", "display", "submitted_at", "reviewing_user_id", "copy_id_photo_from_id", "expiry_email_date"},
        references={"user_id": USER, "reviewing_user_id": USER, "copy_id_photo_from_id": PHOTOS},
    ),
    "verify_student_verificationattempt": Table(
        STATUS | STAMPS | {"expiration_datetime": "datetime?", "hide_status_from_user": "bool?"},
        indexed={"user_id", "created_at", "updated_at"},
        references={"user_id": USER},
    ),
    "verify_student_verificationdeadline": Table(
        {
            "id": "auto",
            "created": "datetime",
            "modified": "datetime",
            "course_key": "char255",
            "deadline": "datetime",
            "deadline_is_explicit": "bool",
        },
        unique={("course_key",)},
    ),
    "verify_student_sspverificationretryconfig": Table(
        {"id": "auto", "change_date": "datetime", "changed_by_id": "int?", "enabled": "bool", "arguments": "text"},
        indexed={"changed_by_id"},
        references={"changed_by_id": USER},
    ),
}
# What our own later migrations add to the published tables.
COLUMNS_ADDED_SINCE = {
    PHOTOS: {
        "provider": "char64",
        "queued_at": "datetime?",
        "expiry_mailed_at": "datetime?",
        "reminded_at": "datetime?",
    }
}
INDEXES_ADDED_SINCE = {
    PHOTOS: {"status", "provider"},
    "verify_student_manualverification": {"reason"},
    "verify_student_verificationattempt": {"status", "name"},
    "verify_student_verificationdeadline": {"deadline"},
}


@pytest.mark.parametrize("table", PUBLISHED)
def test_columns_have_the_published_types(table):
    with connection.cursor() as cursor:
        rows = connection.introspection.get_table_description(cursor, table)

    expected = PUBLISHED[table].columns | COLUMNS_ADDED_SINCE.get(table, {})
    kinds = {name: as_seen(kind) for name, kind in expected.items()}
    assert {row.name: column_kind(row) for row in rows} == {
        name: "int?" if kind == "bool?" and connection.vendor == "mysql" else kind for name, kind in kinds.items()
    }


@pytest.mark.parametrize("table", PUBLISHED)
def test_primary_keys_and_uniques_are_the_published_ones(table):
    constraints = constraints_of(table)

    assert [item["columns"] for item in constraints if item["primary_key"]] == [["id"]]
    assert {tuple(item["columns"]) for item in constraints if item["unique"] and not item["primary_key"]} == PUBLISHED[
        table
    ].unique


@pytest.mark.parametrize("table", PUBLISHED)
def test_columns_that_can_be_looked_up_are_the_published_ones(table):
    published = PUBLISHED[table]
    keyed = [item for item in constraints_of(table) if item["index"] or item["unique"] or item["primary_key"]]

    expected = published.indexed | {"id"} | {columns[0] for columns in published.unique}
    assert {item["columns"][0] for item in keyed} == expected | INDEXES_ADDED_SINCE.get(table, set())


@pytest.mark.parametrize("table", PUBLISHED)
def test_references_are_the_published_ones(table):
    references = {
        item["columns"][0]: tuple(item["foreign_key"]) for item in constraints_of(table) if item["foreign_key"]
    }

    assert references == {column: (real_table(target), "id") for column, target in PUBLISHED[table].references.items()}


def test_tables_of_an_existing_site_are_adopted():
    """``migrate --fake-initial`` recognises them, so that nothing is created twice."""
    executor = MigrationExecutor(connection)
    initial = executor.loader.get_migration("verify_student", "0001_initial")

    recognised, _ = executor.detect_soft_applied(None, initial)

    assert recognised


def test_the_initial_migration_creates_the_published_tables_and_no_others():
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state(("verify_student", "0001_initial"))

    tables = {model._meta.db_table for model in state.apps.get_models() if model._meta.app_label == "verify_student"}
    assert tables == set(PUBLISHED)


def test_no_migration_is_missing():
    call_command("makemigrations", "verify_student", check=True, dry_run=True, verbosity=0)
