"""The screens of allowances, and their files."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from proctoring.models import ProctoredExamStudentAllowance
from tests.factories import ExamFactory, UserFactory
from tests.proctoring.admin.conftest import Screens

ALLOWANCE, FORMER = "proctoredexamstudentallowance", "proctoredexamstudentallowancehistory"
HEADER = "course_id,exam,user,key,value\n"
TIME = "additional_time_granted"
EVERY = [f"{verb}_{ALLOWANCE}" for verb in ("view", "add", "change", "delete")]


def send(screens: Screens, text: str) -> HttpResponse:
    file = SimpleUploadedFile("allowances.csv", text.encode(), content_type="text/csv")
    url = reverse(f"admin:proctoring_{ALLOWANCE}_import")
    return screens.client.post(url, {"import_file": file, "format": "0", "resource": "0"})


def confirm(screens: Screens, page: HttpResponse) -> HttpResponse:
    form = page.context["confirm_form"]
    return screens.client.post(reverse(f"admin:proctoring_{ALLOWANCE}_process_import"), form.initial)


def export(screens: Screens, **query: Any) -> HttpResponse:
    return screens.client.get(reverse(f"admin:proctoring_{ALLOWANCE}_export"), query)


def test_a_file_is_looked_at_and_then_granted(screens: Screens) -> None:
    exam, learner = ExamFactory(time_limit_mins=60), UserFactory()
    text = f"{HEADER}{exam.course_id},{exam.pk},{learner.username},{TIME},15\n"

    page = send(screens, text)

    assert [row.import_type for row in page.context["result"].rows] == ["new"]
    assert not ProctoredExamStudentAllowance.objects.exists()

    answer = confirm(screens, page)

    assert answer.status_code == 302
    granted = ProctoredExamStudentAllowance.objects.get()
    assert (granted.user, granted.proctored_exam, granted.key, granted.value) == (learner, exam, TIME, "15")
    assert "new: 1" in LogEntry.objects.get().change_message
    assert [row.import_type for row in send(screens, text).context["result"].rows] == ["skip"]
