"""``manage.py expire_overdue_attempts``."""

from datetime import UTC, datetime

import pytest

from proctoring.models import ProctoredExamStudentAttempt
from tests.factories import AttemptFactory
from tests.proctoring.management.shell import run, run_on_a_terminal

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt
COMMAND = "expire_overdue_attempts"


def open_attempts():
    return Attempt.objects.filter(status="started").count()


def test_closes_what_is_over_and_says_how_many():
    for _ in range(3):
        AttemptFactory(started=True)
    assert run(COMMAND, "--batch-size", "2").out == "3 closed.\n"
    assert open_attempts() == 0


def test_a_dry_run_only_counts():
    AttemptFactory(started=True)
    assert run(COMMAND, "--dry-run").out == "Dry run, nothing was changed: 1 closed.\n"
    assert open_attempts() == 1


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_failures_are_told_by_the_exit_code(options):
    poisoned, late = AttemptFactory(started=True), AttemptFactory(started=True)
    far = {"started_at": datetime(9999, 1, 1, tzinfo=UTC), "allowed_time_limit_mins": 2**31 - 1}
    Attempt.objects.filter(pk=poisoned.pk).update(**far)
    done = run(COMMAND, *options)
    late.refresh_from_db()
    assert done.code == 1
    assert done.summary.lower().endswith("1 failed, 1 closed.")
    assert (late.status == "submitted") == (not options)


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_a_batch_has_a_size(size):
    assert run(COMMAND, batch_size=size).code == 2


def test_progress_is_of_what_may_be_over():
    AttemptFactory(started=True)
    AttemptFactory()
    assert "1/1" in run_on_a_terminal(COMMAND)
