"""Verbs in the admin: a look beforehand, a reason, row by row, a record."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from proctoring.models import ProctoredExamStudentAttempt, StaffAction
from tests.factories import AttemptFactory

ACT = "admin:proctoring_proctoredexamstudentattempt_act"
LIST = "admin:proctoring_proctoredexamstudentattempt_changelist"


@pytest.mark.django_db(transaction=True)
def test_one_row(admin_client):
    attempt = AttemptFactory(status="error", is_resumable=True)
    url = reverse(ACT, args=[attempt.pk, "resume-attempt"])
    page = admin_client.get(url)
    assert "The learner may go on" in page.content.decode()
    assert admin_client.post(url, {"reason": " "}).status_code == 400
    answer = admin_client.post(url, {"reason": "the network broke"})
    assert answer.status_code == 302, answer.content
    attempt.refresh_from_db()
    assert attempt.ready_to_resume
    assert "the network broke" in LogEntry.objects.get().change_message
    assert admin_client.get(answer["Location"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_many_rows(admin_client):
    attempts = [AttemptFactory(status="error", is_resumable=True) for _ in range(12)]
    attempts.append(AttemptFactory(status="submitted"))
    answer = admin_client.post(
        reverse(LIST), {"action": "resume-attempt", "_selected_action": [attempt.pk for attempt in attempts]}
    )
    assert answer.status_code == 302
    look = answer["Location"]
    assert "13 rows" in admin_client.get(look).content.decode()
    assert admin_client.post(look, {"reason": "outage"}).status_code == 302
    action = StaffAction.objects.get()
    assert (action.state, action.done, action.refused) == ("done", 12, 1)
    assert ProctoredExamStudentAttempt.objects.filter(ready_to_resume=True).count() == 12
    assert "12" in admin_client.get(look).content.decode()
    assert admin_client.get(reverse("admin:proctoring_staffaction_changelist")).status_code == 200
    assert admin_client.get(reverse(LIST) + "?q=" + attempts[0].user.username[:3]).status_code == 200
