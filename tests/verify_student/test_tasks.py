"""What runs on a schedule; what each does is tested where it is done."""

import pytest

from demo.celery import app
from verify_student import tasks
from verify_student.conf import SCHEDULES
from verify_student.models import ScheduledRun


@pytest.mark.django_db
def test_whatever_runs_on_a_schedule_says_when_it_did():
    for schedule in SCHEDULES:
        getattr(tasks, schedule.task.removeprefix("verify_student."))()
    runs = ScheduledRun.objects.values_list("name", "outcome")
    assert set(runs) == {(schedule.task, "done") for schedule in SCHEDULES}


def test_every_task_has_a_schedule_but_those_that_follow_from_changes():
    ours = {name for name in app.tasks if name.startswith("verify_student.")}
    assert ours == {schedule.task for schedule in SCHEDULES} | {
        "verify_student.deliver_messages",
        "verify_student.run_staff_action",
        "verify_student.seal_audit_entries",
    }
