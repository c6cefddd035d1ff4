"""Everything that reads the rows, once they are adopted; a failure ends the process."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from proctoring import api, tasks
from proctoring.models import ProctoredExamStudentAttempt
from tests.adoption.rows import published_rows
from verify_student import tasks as identity_tasks
from verify_student.api import IDVerificationService

COURSE = "course-v1:old+C1+1"
ROUTES = ("attempt/course_id/", "attempt/grouped/course_id/")
# Its place in the admin is the page for operators.
WITHOUT_ROWS = {"scheduledrun"}


def visit() -> dict[str, Any]:
    """What readers see."""
    rows = published_rows()
    call_command("migrate", check=True, verbosity=0)
    # Reading an attempt whose time is over hands it in too, so that the sweep comes first.
    swept = tasks.expire_overdue_attempts()
    pages = dict(_pages())
    ids = ProctoredExamStudentAttempt.objects.values_list("pk", flat=True)
    learners = User.objects.filter(username__startswith="learner").order_by("pk")
    for task in (identity_tasks.deliver_outbox, identity_tasks.apply_due_results, identity_tasks.purge_identity_data):
        task()
    return {
        "rows": rows,
        "pages": {name: status for name, status in pages.items() if status != 200},
        "visited": len(pages),
        "attempts": len([pk for pk in ids if api.get_exam_attempt_by_id(pk)]),
        "exams": len(api.get_all_exams_for_course(COURSE)),
        "identity": [IDVerificationService.user_status(learner) for learner in learners],
        "swept": swept,
        "statuses": sorted(set(ProctoredExamStudentAttempt.objects.values_list("status", flat=True))),
    }


def _pages() -> Iterator[tuple[str, int]]:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="staff"))
    for route in ROUTES:
        yield route, client.get(f"/api/edx_proctoring/v1/proctored_exam/{route}{COURSE}").status_code
    for model in admin.site._registry:
        opts = model._meta
        if opts.app_label not in {"proctoring", "verify_student"}:
            continue
        name = f"admin:{opts.app_label}_{opts.model_name}"
        yield name, client.get(reverse(f"{name}_changelist")).status_code
        for pk in () if opts.model_name in WITHOUT_ROWS else model._default_manager.values_list("pk", flat=True)[:50]:
            yield f"{name} {pk}", client.get(reverse(f"{name}_change", args=[pk]), follow=True).status_code
