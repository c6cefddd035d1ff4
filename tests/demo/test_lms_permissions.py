"""Who may take proctored exams, and who may retire people."""

from typing import Any

import pytest

from demo.lms.models import Enrollment, EnrollmentMode
from demo.lms.seeding.course import COURSE_ID

pytestmark = pytest.mark.django_db

CAN_TAKE = "edx_proctoring.can_take_proctored_exam"
CAN_RETIRE = "accounts.can_retire_user"
EXAM = {"course_id": COURSE_ID}


def test_enrolled_learners_may_take_exams(learner: Any) -> None:
    assert learner.has_perm(CAN_TAKE, EXAM)


def test_only_exams_of_their_course(learner: Any) -> None:
    assert not learner.has_perm(CAN_TAKE, {"course_id": "course-v1:Other+Course+1"})
    assert not learner.has_perm(CAN_TAKE)


@pytest.mark.parametrize("change", [{"is_active": False}, {"mode": EnrollmentMode.AUDIT}])
def test_not_without_a_fitting_enrolment(learner: Any, change: dict[str, Any]) -> None:
    Enrollment.objects.update(**change)
    assert not learner.has_perm(CAN_TAKE, EXAM)


def test_the_enrolment_is_asked_for_once(learner: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert all(learner.has_perm(CAN_TAKE, EXAM | {"id": number}) for number in range(5))


def test_not_with_an_inactive_account(learner: Any) -> None:
    learner.is_active = False
    assert not learner.has_perm(CAN_TAKE, EXAM)


def test_other_permissions_are_not_granted(learner: Any) -> None:
    assert not learner.has_perm(CAN_RETIRE)
    assert not learner.has_perm("edx_proctoring.something_else", EXAM)


def test_superusers_may_retire_people(staff: Any) -> None:
    assert staff.has_perm(CAN_RETIRE)
