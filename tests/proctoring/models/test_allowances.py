"""Allowances (contract python.md §1.6-1.7)."""

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from proctoring.models import ProctoredExamStudentAllowance, ProctoredExamStudentAllowanceHistory
from tests.factories import COURSE_ID, AllowanceFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
TIME, _ = ProctoredExamStudentAllowance.ADDITIONAL_TIME_GRANTED
EXCEPTION, _ = ProctoredExamStudentAllowance.REVIEW_POLICY_EXCEPTION


def test_the_kinds_are_published_as_one_flat_tuple() -> None:
    ((*kinds,),) = ProctoredExamStudentAllowance.all_allowances

    assert kinds[0::2] == ["additional_time_granted", "review_policy_exception"]
    assert all(str(label) for label in kinds[1::2])


def test_a_learner_has_each_kind_once_for_an_exam() -> None:
    allowance = AllowanceFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        AllowanceFactory(user=allowance.user, proctored_exam=allowance.proctored_exam)


def test_a_courses_allowances_come_with_user_and_exam(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    allowances = AllowanceFactory.create_batch(2)
    AllowanceFactory(proctored_exam=ExamFactory(course_id="course-v1:Other+C+1"))

    with django_assert_num_queries(1):
        found = list(ProctoredExamStudentAllowance.get_allowances_for_course(COURSE_ID))
        assert all(allowance.user.username and allowance.proctored_exam.exam_name for allowance in found)
    assert found == allowances


def test_a_learners_allowances_for_an_exam() -> None:
    extra = AllowanceFactory()
    note = AllowanceFactory(user=extra.user, proctored_exam=extra.proctored_exam, exception=True)
    AllowanceFactory(user=extra.user)

    found = ProctoredExamStudentAllowance.get_allowances_for_user(extra.proctored_exam_id, extra.user_id)

    assert list(found) == [extra, note]


def test_one_allowance_is_found_by_its_key() -> None:
    extra = AllowanceFactory()
    exam_id, user_id = extra.proctored_exam_id, extra.user_id

    assert ProctoredExamStudentAllowance.get_allowance_for_user(exam_id, user_id, TIME) == extra
    assert ProctoredExamStudentAllowance.get_allowance_for_user(exam_id, user_id, EXCEPTION) is None


@pytest.mark.parametrize(
    ("kind", "value", "is_valid"),
    [
        (TIME, "30", True),
        (TIME, "0", True),
        (TIME, "-5", False),
        (TIME, "1.5", False),
        (TIME, "²", False),
        (TIME, "", False),
        (EXCEPTION, "anything", True),
        ("unknown_kind", "anything", True),
    ],
)
def test_additional_time_is_digits_only(kind: str, value: str, is_valid: bool) -> None:
    assert ProctoredExamStudentAllowance.is_allowance_value_valid(kind, value) is is_valid


@pytest.mark.parametrize(("value", "minutes"), [("45", 45), ("soon", None)])
def test_additional_time_is_read_as_minutes(value: str, minutes: int | None) -> None:
    extra = AllowanceFactory(value=value)

    found = ProctoredExamStudentAllowance.get_additional_time_granted(extra.proctored_exam_id, extra.user_id)
    assert found == minutes


def test_without_an_allowance_there_is_nothing() -> None:
    exam, user = ExamFactory(), UserFactory()

    assert ProctoredExamStudentAllowance.get_additional_time_granted(exam.id, user.id) is None
    assert ProctoredExamStudentAllowance.get_review_policy_exception(exam.id, user.id) is None


def test_the_exception_is_read_as_text() -> None:
    note = AllowanceFactory(exception=True, value="May use a reader.")

    found = ProctoredExamStudentAllowance.get_review_policy_exception(note.proctored_exam_id, note.user_id)
    assert found == "May use a reader."


def test_an_archived_allowance_carries_its_value_and_id() -> None:
    allowance = AllowanceFactory(value="30")
    archived = allowance.archived()
    archived.save()

    assert (archived.allowance_id, archived.key, archived.value) == (allowance.id, TIME, "30")
    assert (archived.user, archived.proctored_exam) == (allowance.user, allowance.proctored_exam)


def test_no_text_of_an_allowance_appears_in_its_name() -> None:
    note = AllowanceFactory(exception=True, value="private")

    assert "private" not in f"{note} {note.archived()}"


def test_a_bulk_update_archives_every_previous_state() -> None:
    first, second = AllowanceFactory(value="10"), AllowanceFactory(value="20")
    AllowanceFactory(value="30", proctored_exam=ExamFactory(course_id="course-v1:Other+C+1"))

    changed = ProctoredExamStudentAllowance.get_allowances_for_course(COURSE_ID).update(value="")

    assert changed == 2
    archive = ProctoredExamStudentAllowanceHistory.objects.order_by("allowance_id")
    assert list(archive.values_list("allowance_id", "value")) == [(first.id, "10"), (second.id, "20")]


def test_a_bulk_update_of_nothing_archives_nothing() -> None:
    assert ProctoredExamStudentAllowance.objects.filter(key="unknown").update(value="") == 0
    assert not ProctoredExamStudentAllowanceHistory.objects.exists()
