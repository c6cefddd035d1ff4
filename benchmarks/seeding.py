"""Rows by the million, written by PostgreSQL itself."""

from collections.abc import Mapping
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model


def fill(model: type[Model], rows: int, like: Model, **columns: str) -> None:
    """:func:`add`, in place of the rows that were there, and of those that refer to them."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {connection.ops.quote_name(model._meta.db_table)} CASCADE")
    add(model, rows, like, **columns)


def add(model: type[Model], rows: int, like: Model, **columns: str) -> None:
    """
    ``rows`` more rows: each as the unsaved ``like``, but for ``columns``, which are SQL over ``n``, the row's number
    from 1.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    values = _values(model, like) | columns
    names = ", ".join(connection.ops.quote_name(name) for name in values)
    parameters = [value for name, value in values.items() if name not in columns]
    chosen = ", ".join(columns.get(name, "%s") for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM generate_series(1, {rows:d}) AS n", parameters
        )
        cursor.execute(f"ANALYZE {table}")


def go_on_counting(*models: type[Model]) -> None:
    """Rows were added under ids of their own: the database numbers its next ones from there."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _values(model: type[Model], like: Model) -> Mapping[str, Any]:
    """What the database gets for each column of ``like`` that it does not number itself."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return {field.column: field.get_db_prep_save(field.pre_save(like, True), connection) for field in fields}
