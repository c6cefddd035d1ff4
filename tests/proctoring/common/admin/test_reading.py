"""What cannot be a row is refused or not found, whatever the database thinks of it."""

from http import HTTPStatus

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from proctoring.models import ProctoredExamReviewPolicy, ProctoredExamStudentAllowance
from tests.factories import ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
NO_ROWS = ["<script>", "1e9", str(2**63), "9" * 40, "-1", "²", "\0"]


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(superuser=True))
    return client


@pytest.mark.parametrize("number", NO_ROWS)
def test_rows_that_were_chosen(staff, number):
    chosen = {"action": "deny-attempt", "select_across": "0", ACTION_CHECKBOX_NAME: number}
    answer = staff.post(reverse("admin:proctoring_proctoredexamstudentattempt_changelist"), chosen)
    assert answer.status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("number", NO_ROWS)
def test_rows_that_were_searched_for(staff, number):
    answer = staff.post(
        reverse("admin:proctoring_proctoredexamreviewpolicy_add"), {"proctored_exam": number, "review_policy": "Look."}
    )
    assert answer.status_code == HTTPStatus.OK
    assert answer.context["adminform"].form.errors["proctored_exam"]
    wish = {"user": number, "proctored_exam": number, "key": "time_multiplier", "value": "2"}
    assert staff.post(reverse("admin:proctoring_proctoredexamstudentallowance_add"), wish).status_code == HTTPStatus.OK
    assert not ProctoredExamReviewPolicy.objects.exists()
    assert not ProctoredExamStudentAllowance.objects.exists()


def test_a_row_that_was_searched_for_is_shown_again(staff):
    exam = ExamFactory()
    answer = staff.post(reverse("admin:proctoring_proctoredexamreviewpolicy_add"), {"proctored_exam": exam.pk})
    assert f'<option value="{exam.pk}" selected>' in answer.content.decode()


@pytest.mark.parametrize("lookup", ["id__regex", "status__iregex", "user__username__regex"])
def test_patterns_in_addresses(staff, lookup):
    answer = staff.get(reverse("admin:proctoring_proctoredexamstudentattempt_changelist"), {lookup: "*"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
