"""What somebody can do who has the database and not the key."""

from typing import Any

from django.db import connection

from proctoring.models import AuditEntry

TABLE = AuditEntry._meta.db_table


def sql(statement: str, *values: Any, column: str = "id") -> int:
    """Run a statement past the application; how many rows it changed."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Whoever owns the table may do that.
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        cursor.execute(statement.format(table=TABLE, column=column), values)
        changed = cursor.rowcount
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER USER")
    return changed


def set_column(pk: int, column: str, value: Any) -> int:
    """Change one column of one row."""
    stored = AuditEntry._meta.get_field(column).get_db_prep_value(value, connection)
    return sql("UPDATE {table} SET {column} = %s WHERE id = %s", stored, pk, column=column)
