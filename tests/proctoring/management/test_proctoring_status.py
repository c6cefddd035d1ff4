"""``manage.py proctoring_status``."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command, execute_from_command_line
from django.utils import timezone

from proctoring.common.outbox import OutboxState
from proctoring.models import OutboxMessage
from proctoring.services.status import report
from tests.factories import AttemptFactory

pytestmark = pytest.mark.django_db
COMMAND = "proctoring_status"


def overdue():
    AttemptFactory(started=True, deadline_at=timezone.now() - timedelta(hours=1))


def exit_code():
    try:
        execute_from_command_line(["manage.py", COMMAND])
    except SystemExit as ended:
        return ended.code
    return 0


def test_it_prints_all_sections_of_all_apps(capsys):
    overdue()
    OutboxMessage.objects.create(kind="mail.status", destination="mail", state=OutboxState.DEAD, error_code="Timeout")
    call_command(COMMAND)
    said = capsys.readouterr().out
    for app in ("Proctored exams", "Identity verification"):
        for section in report():
            assert f"{app}: {section.title}\n" in said
    assert "  [broken] Attempts that run although their time is over: number 1, oldest 20" in said
    assert "    See whether proctoring.expire_overdue_attempts runs" in said
    assert "  [attention] mail.status: destination mail, number 1, oldest 20" in said
    assert "last error Timeout\n" in said
    assert "  There are none.\n" in said
    assert said.endswith("Altogether: broken\n")


def test_the_same_for_programs(capsys):
    overdue()
    call_command(COMMAND, "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], [app["app"] for app in told["apps"]]) == ("broken", ["proctoring", "verify_student"])
    (row,) = [row for row in told["apps"][0]["sections"][0]["rows"] if row["level"] == "broken"]
    assert (row["key"], row["count"], row["oldest"][:2]) == ("attempts.overdue", 1, "20")


def test_what_somebody_should_look_at_is_no_failure(capsys):
    OutboxMessage.objects.create(kind="mail.status", destination="mail", state=OutboxState.DEAD)
    assert exit_code() == 0
    assert capsys.readouterr().out.endswith("Altogether: attention\n")


def test_what_is_broken_is_a_failure():
    overdue()
    assert exit_code() == 1
    # Callers from Python read what is said.
    call_command(COMMAND)
