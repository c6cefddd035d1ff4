"""Taking allowances back in the admin: a look beforehand, a reason, row by row, a record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from proctoring.models import ProctoredExamStudentAllowance, ProctoredExamStudentAllowanceHistory, StaffAction
from tests.factories import AllowanceFactory
from tests.fakes import FakeLms
from tests.proctoring.admin.conftest import Screens

ALLOWANCE = "proctoredexamstudentallowance"
VERB = "take-back-allowance"
LIST = f"admin:proctoring_{ALLOWANCE}_changelist"
DELETE, VIEW = f"delete_{ALLOWANCE}", f"view_{ALLOWANCE}"


def url_of(allowance: ProctoredExamStudentAllowance) -> str:
    return reverse(f"admin:proctoring_{ALLOWANCE}_act", args=[allowance.pk, VERB])


@pytest.mark.django_db(transaction=True)
def test_one_is_taken_back_with_a_reason(screens_with: Callable[..., Screens], lms: FakeLms) -> None:
    screens, allowance = screens_with(DELETE, VIEW), AllowanceFactory(value="30")
    url = url_of(allowance)

    assert url in screens.row(ALLOWANCE, allowance.pk).content.decode()
    assert "loses 30 minutes" in screens.client.get(url).content.decode()
    assert screens.client.post(url, {"reason": " "}).status_code == 400
    answer = screens.client.post(url, {"reason": "granted by mistake"})

    assert answer.url == reverse(LIST)
    assert not ProctoredExamStudentAllowance.objects.exists()
    assert ProctoredExamStudentAllowanceHistory.objects.get().value == "30"
    assert "granted by mistake" in LogEntry.objects.get().change_message
    assert sum("deleted" in name for name in lms.tracker.names) == 1


@pytest.mark.django_db(transaction=True)
def test_many_are_left_to_the_task_queue(screens: Screens, lms: FakeLms) -> None:
    *chosen, other = AllowanceFactory.create_batch(13)

    look = screens.act(ALLOWANCE, VERB, [one.pk for one in chosen])["Location"]
    assert "12 rows" in screens.client.get(look).content.decode()
    screens.client.post(look, {"reason": "the wrong course"})

    action = StaffAction.objects.get()
    assert (action.state, action.done, action.refused) == ("done", 12, 0)
    assert ProctoredExamStudentAllowance.objects.get() == other


def test_none_are_deleted_in_bulk_by_the_request(screens: Screens) -> None:
    allowance = AllowanceFactory()

    actions = screens.rows(ALLOWANCE).context["cl"].model_admin.get_actions
    chosen = {"action": "delete_selected", "_selected_action": [allowance.pk], "post": "yes"}
    screens.client.post(reverse(LIST), chosen)

    assert set(actions(screens.rows(ALLOWANCE).wsgi_request)) == {VERB}
    assert ProctoredExamStudentAllowance.objects.get() == allowance


def test_it_takes_the_permission_to_delete(screens_with: Callable[..., Screens]) -> None:
    allowance = AllowanceFactory()
    looks = screens_with(VIEW, f"change_{ALLOWANCE}")

    assert url_of(allowance) not in looks.row(ALLOWANCE, allowance.pk).content.decode()
    assert looks.client.get(url_of(allowance)).status_code == 403
    assert looks.client.post(url_of(allowance), {"reason": "because"}).status_code == 403
    assert ProctoredExamStudentAllowance.objects.exists()


@pytest.mark.parametrize("rows", [12, 60])
def test_a_look_takes_few_statements_a_row(
    screens: Screens, query_budget: Callable[[str], AbstractContextManager[Any]], rows: int
) -> None:
    look = screens.act(ALLOWANCE, VERB, [one.pk for one in AllowanceFactory.create_batch(rows)])["Location"]

    with query_budget("admin.allowances.taking_back"):
        assert screens.client.get(look).status_code == 200
