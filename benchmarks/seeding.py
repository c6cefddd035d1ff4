"""Rows by the million, written by PostgreSQL itself."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import Model


def fill(model: type[Model], rows: int, like: Model, **columns: str) -> None:
    """
    ``rows`` rows in place of those that were there: each as the unsaved ``like``, but for ``columns``, which are SQL
    over ``n``, the row's number from 1.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    values = _values(model, like) | columns
    names = ", ".join(connection.ops.quote_name(name) for name in values)
    parameters = [value for name, value in values.items() if name not in columns]
    chosen = ", ".join(columns.get(name, "%s") for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM generate_series(1, {rows:d}) AS n", parameters
        )
        cursor.execute(f"ANALYZE {table}")


def _values(model: type[Model], like: Model) -> Mapping[str, Any]:
    """What the database gets for each column of ``like`` that it does not number itself."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return {field.column: field.get_db_prep_save(field.pre_save(like, True), connection) for field in fields}
