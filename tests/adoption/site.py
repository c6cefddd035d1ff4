"""
``python -m tests.adoption.site build|visit``: an existing site's database, which ``DATABASE_URL`` names.

``build`` makes it as the older apps left it, ``visit`` goes through all that reads the rows once they are adopted.
Both print the published columns of every row, as they are first. Each is a process of its own, as on a site that moves.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django

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
    from django.db import connection

    lines = (HERE / name).read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    return [one.strip() for one in text.format(**TYPES[connection.vendor]).split(";\n") if one.strip(" \n;")]


def build() -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    for app in ("contenttypes", "auth", "admin", "sessions"):
        call_command("migrate", app, verbosity=0)
    from django.contrib.auth.models import User

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


def published_rows() -> dict[str, Any]:
    """Table -> rows, of the columns in the file of tables alone."""
    from proctoring.common.adoption import Published

    found: dict[str, Any] = {}
    for label in ("proctoring", "verify_student"):
        for model in Published(label).models:
            columns = sorted(field.attname for field in model._meta.concrete_fields)
            found[model._meta.db_table] = [[str(value) for value in row] for row in _rows(model, columns)]
    return found


def _rows(model: Any, columns: list[str]) -> Any:
    for row in model._base_manager.order_by("pk").values_list(*columns):
        yield [bytes(value).hex() if isinstance(value, bytes | memoryview) else value for value in row]


def visit() -> dict[str, Any]:
    """What readers see; any failure ends the process."""
    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from proctoring import api, tasks
    from proctoring.models import ProctoredExamStudentAttempt
    from verify_student import tasks as identity_tasks
    from verify_student.api import IDVerificationService

    rows = published_rows()
    call_command("migrate", check=True, verbosity=0)
    # Reading an attempt whose time is over hands it in too, so that the sweep comes first.
    swept = tasks.expire_overdue_attempts()
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="staff"))
    pages = {}
    for model in admin.site._registry:
        opts = model._meta
        if opts.app_label not in {"proctoring", "verify_student"}:
            continue
        pages[opts.model_name] = client.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")).status_code
        if opts.model_name == "scheduledrun":
            # Its place in the admin is the page for operators.
            continue
        for pk in model._default_manager.values_list("pk", flat=True)[:50]:
            url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[pk])
            pages[f"{opts.model_name} {pk}"] = client.get(url, follow=True).status_code
    course = "course-v1:old+C1+1"
    for route in ("attempt/course_id/", "attempt/grouped/course_id/"):
        pages[route] = client.get(f"/api/edx_proctoring/v1/proctored_exam/{route}{course}").status_code
    attempts = [
        api.get_exam_attempt_by_id(pk) for pk in ProctoredExamStudentAttempt.objects.values_list("pk", flat=True)
    ]
    learners = User.objects.filter(username__startswith="learner").order_by("pk")
    shown = {
        "rows": rows,
        "pages": {name: status for name, status in pages.items() if status != 200},
        "visited": len(pages),
        "attempts": len([attempt for attempt in attempts if attempt]),
        "exams": len(api.get_all_exams_for_course(course)),
        "identity": [IDVerificationService.user_status(learner) for learner in learners],
        "swept": swept,
        "statuses": sorted(set(ProctoredExamStudentAttempt.objects.values_list("status", flat=True))),
    }
    for task in (identity_tasks.deliver_outbox, identity_tasks.apply_due_results, identity_tasks.purge_photos):
        task()
    return shown


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    told = {"build": build, "visit": visit}[sys.argv[1]]()
    print(json.dumps(told, default=str))


if __name__ == "__main__":
    main()
