"""
A trigger by which PostgreSQL itself refuses to delete entries, and to change them except for sealing.

PostgreSQL only. There, test databases are emptied by TRUNCATE, which no row trigger sees; MariaDB, MySQL and SQLite
empty tables by DELETE, which the trigger would refuse, and MariaDB and MySQL let many sites' accounts make no triggers.
On all of them a change is found by ``verify_audit_log``; the trigger only makes it harder.
"""

from typing import Any

from django.db import migrations

CREATE = """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
        AND (NEW.id, NEW.uid, NEW.at, NEW.event, NEW.subject_kind, NEW.subject_id, NEW.actor_kind, NEW.facts, NEW.stamp)
          = (OLD.id, OLD.uid, OLD.at, OLD.event, OLD.subject_kind, OLD.subject_id, OLD.actor_kind, OLD.facts, OLD.stamp)
        AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'entries of an audit log are added; nothing changes or deletes them';
END
$$;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_append_only();
"""
DROP = """
DROP TRIGGER {table}_append_only ON {table};
DROP FUNCTION {table}_append_only();
"""


class AppendOnlyTrigger(migrations.RunPython):
    """The operation that makes the trigger of ``table``, where the database is PostgreSQL."""

    def __init__(self, table: str) -> None:
        super().__init__(_running(CREATE, table), _running(DROP, table))


def _running(sql: str, table: str) -> Any:
    def run(state: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql.format(table=table), params=None)

    return run
