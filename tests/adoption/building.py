"""A database as the older apps left it."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.adoption.rows import published_rows

HERE = Path(__file__).parent
TYPES = {
    "sqlite": {
        "serial": "id integer NOT NULL PRIMARY KEY AUTOINCREMENT",
        "history_serial": "history_id integer NOT NULL PRIMARY KEY AUTOINCREMENT",
        "datetime": "datetime",
        "boolean": "bool",
        "binary": "BLOB",
        "text": "text",
        "user": "integer",
        "key": '"key"',
        "bytes": "x'00ff10'",
    },
    "postgresql": {
        "serial": "id serial PRIMARY KEY",
        "history_serial": "history_id serial PRIMARY KEY",
        "datetime": "timestamp with time zone",
        "boolean": "boolean",
        "binary": "bytea",
        "text": "text",
        "user": "integer",
        "key": '"key"',
        "bytes": "'\\x00ff10'::bytea",
    },
    "mysql": {
        "serial": "id integer AUTO_INCREMENT NOT NULL PRIMARY KEY",
        "history_serial": "history_id integer AUTO_INCREMENT NOT NULL PRIMARY KEY",
        "datetime": "datetime(6)",
        "boolean": "bool",
        "binary": "longblob",
        "text": "longtext",
        "user": "integer",
        "key": "`key`",
        "bytes": "x'00ff10'",
    },
}
# What the older apps have on record: the one under a name of its own, the other under ours.
RECORDED = [
    ("edx_proctoring", "0001_initial"),
    ("edx_proctoring", "0025_alter_history"),
    ("verify_student", "0001_initial"),
    ("verify_student", "0015_verificationattempt"),
]


def statements(name: str) -> list[str]:

    lines = (HERE / name).read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    return [one.strip() for one in text.format(**TYPES[connection.vendor]).split(";\n") if one.strip(" \n;")]


def build() -> dict[str, Any]:

    for app in ("contenttypes", "auth", "admin", "sessions"):
        call_command("migrate", app, verbosity=0)

    User.objects.create_user("learner1", "one@site.example", "pw")
    User.objects.create_user("learner2", "two@site.example", "pw")
    User.objects.create_superuser("staff", "staff@site.example", "pw")
    with connection.cursor() as cursor:
        for statement in [*statements("tables.sql"), *statements("rows.sql")]:
            cursor.execute(statement.rstrip(";"))
        if connection.vendor == "postgresql":
            for table, key in tables():
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), max({key})) FROM {table}"  # noqa: S608
                )
    recorder = MigrationRecorder(connection)
    for app, name in RECORDED:
        recorder.record_applied(app, name)
    return {"rows": published_rows()}


def tables() -> list[tuple[str, str]]:
    """Each table and its key, as the file of tables has them."""
    found = [one.split()[2] for one in statements("tables.sql") if one.startswith("CREATE TABLE")]
    history = {"proctoring_proctoredexamhistory", "proctoring_proctoredexamstudentattempt_history"}
    return [(table, "history_id" if table in history else "id") for table in found]
