"""Allowances by ids, as an LMS's code uses them."""

import pytest

from proctoring import api
from proctoring.exceptions import AllowanceValueNotAllowedException, ProctoredExamNotActiveException
from tests.factories import COURSE_ID, AllowanceFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
TIME = "additional_time_granted"


def test_an_allowance_as_a_dict():
    exam, user = ExamFactory(), UserFactory()
    assert api.add_allowance_for_user(exam.pk, user.username, TIME, "30") is None
    [allowance] = api.get_allowances_for_course(COURSE_ID)
    assert isinstance(allowance.pop("id"), int)
    assert allowance.pop("created") <= allowance.pop("modified")
    assert allowance == {
        "user": {"id": user.pk, "username": user.username, "email": user.email},
        "key": TIME,
        "value": "30",
        "proctored_exam": api.get_exam_by_id(exam.pk),
    }
    assert api.get_allowances_for_course("course-v1:Other+C+1") == []


def test_an_allowance_is_taken_back_silently():
    allowance = AllowanceFactory()
    for _ in range(2):
        assert api.remove_allowance_for_user(allowance.proctored_exam_id, allowance.user_id, TIME) is None
    assert api.get_allowances_for_course(COURSE_ID) == []


def test_an_inactive_exam_is_refused_in_words():
    with pytest.raises(ProctoredExamNotActiveException) as refusal:
        api.add_allowance_for_user(ExamFactory(is_active=False).pk, UserFactory().pk, TIME, "30")
    assert refusal.value.http_status == 400
    assert refusal.value.detail


def test_weakness_87_the_list_tells_what_came_of_each_pair():
    exam, user = ExamFactory(), UserFactory()
    data, successes, failures = api.add_bulk_allowances(
        exam_ids=[str(exam.pk), "0"], user_ids=[user.username, "nobody"], allowance_type="time_multiplier", value="1.5"
    )
    assert data == [
        {"exam_id": str(exam.pk), "user_id": user.username, "error": None},
        {"exam_id": str(exam.pk), "user_id": "nobody", "error": "user_not_found"},
        {"exam_id": "0", "user_id": user.username, "error": "exam_not_found"},
        {"exam_id": "0", "user_id": "nobody", "error": "exam_not_found"},
    ]
    assert (successes, failures) == (1, 3)
    assert [allowance["value"] for allowance in api.get_allowances_for_course(COURSE_ID)] == ["45"]


def test_a_bad_value_grants_nothing_to_anybody():
    with pytest.raises(AllowanceValueNotAllowedException):
        api.add_bulk_allowances([ExamFactory().pk], [UserFactory().pk], "time_multiplier", "nan")
    assert api.get_allowances_for_course(COURSE_ID) == []
