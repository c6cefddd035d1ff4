"""``manage.py expire_overdue_attempts``."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from proctoring.models import ProctoredExamStudentAttempt
from tests.factories import AttemptFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt


def open_attempts():
    return Attempt.objects.filter(status="started").count()


def test_closes_what_is_over_and_says_how_many(capsys):
    for _ in range(3):
        AttemptFactory(started=True)
    call_command("expire_overdue_attempts", "--batch-size", "2")
    assert capsys.readouterr().out == "3 overdue attempts closed, 0 failed.\n"
    assert open_attempts() == 0


def test_a_dry_run_only_counts(capsys):
    AttemptFactory(started=True)
    call_command("expire_overdue_attempts", "--dry-run")
    assert capsys.readouterr().out == "1 overdue attempts would be closed, 0 failed.\n"
    assert open_attempts() == 1


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_failures_are_told_by_the_exit_code(options):
    poisoned, late = AttemptFactory(started=True), AttemptFactory(started=True)
    far = {"started_at": datetime(9999, 1, 1, tzinfo=UTC), "allowed_time_limit_mins": 2**31 - 1}
    Attempt.objects.filter(pk=poisoned.pk).update(**far)
    with pytest.raises(CommandError) as failure:
        call_command("expire_overdue_attempts", *options)
    assert failure.value.returncode == 1
    late.refresh_from_db()
    assert (late.status == "submitted") == (not options)


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_a_batch_has_a_size(size):
    with pytest.raises(CommandError):
        call_command("expire_overdue_attempts", "--batch-size", size)
