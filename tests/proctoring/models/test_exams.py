"""Exams and review policies (contract python.md §1.2-1.4)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from proctoring.models import ProctoredExam, ProctoredExamReviewPolicy
from tests.factories import COURSE_ID, ExamFactory, ReviewPolicyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("is_active", "marker"), [(True, "active"), (False, "inactive")])
def test_an_exam_names_its_course_and_whether_it_is_active(is_active: bool, marker: str) -> None:
    exam = ExamFactory.build(exam_name="Midterm", is_active=is_active)

    assert str(exam) == f"{COURSE_ID}: Midterm ({marker})"


def test_an_exam_is_found_by_its_content() -> None:
    exam = ExamFactory(is_active=False)

    assert ProctoredExam.get_exam_by_content_id(exam.course_id, exam.content_id) == exam
    assert ProctoredExam.get_exam_by_content_id("course-v1:Other+C+1", exam.content_id) is None


def test_an_exam_is_found_by_its_id() -> None:
    exam = ExamFactory()

    assert ProctoredExam.get_exam_by_id(exam.id) == exam
    assert ProctoredExam.get_exam_by_id(exam.id + 1) is None


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({}, ["proctored", "practice", "timed", "inactive"]),
        ({"active_only": True}, ["proctored", "practice", "timed"]),
        ({"proctored_exams_only": True}, ["proctored", "inactive"]),
        ({"active_only": True, "proctored_exams_only": True}, ["proctored"]),
    ],
)
def test_a_courses_exams_can_be_narrowed(flags: dict[str, bool], expected: list[str]) -> None:
    ExamFactory(exam_name="proctored")
    ExamFactory(exam_name="practice", practice=True)
    ExamFactory(exam_name="timed", timed=True)
    ExamFactory(exam_name="inactive", is_active=False)
    ExamFactory(course_id="course-v1:Other+C+1")

    exams = ProctoredExam.get_all_exams_for_course(COURSE_ID, **flags)

    assert [exam.exam_name for exam in exams] == expected


def test_a_courses_practice_exams_are_the_active_proctored_ones() -> None:
    practice = ExamFactory(practice=True)
    ExamFactory()
    ExamFactory(practice=True, is_active=False)
    ExamFactory(practice=True, is_proctored=False)
    ExamFactory(practice=True, course_id="course-v1:Other+C+1")

    assert list(ProctoredExam.get_practice_proctored_exams_for_course(COURSE_ID)) == [practice]


def test_every_save_refreshes_the_time_of_change() -> None:
    with time_machine.travel(NOW, tick=False):
        exam = ExamFactory()
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        exam.exam_name = "Renamed"
        exam.save(update_fields=["exam_name"])

    exam.refresh_from_db()
    assert (exam.created, exam.modified) == (NOW, NOW + timedelta(hours=1))


def test_an_exams_history_has_a_row_for_every_change() -> None:
    exam = ExamFactory(exam_name="First")
    exam.exam_name = "Second"
    exam.save()
    exam_id = exam.id
    exam.delete()

    history = ProctoredExam.history.filter(id=exam_id)
    assert [(row.history_type, row.exam_name) for row in history] == [
        ("-", "Second"),
        ("~", "Second"),
        ("+", "First"),
    ]


def test_an_exam_has_one_policy_or_none() -> None:
    policy = ReviewPolicyFactory()

    assert ProctoredExamReviewPolicy.get_review_policy_for_exam(policy.proctored_exam_id) == policy
    assert ProctoredExamReviewPolicy.get_review_policy_for_exam(ExamFactory().id) is None
    assert policy.proctored_exam.exam_name not in str(policy)


def test_the_newest_of_duplicate_policies_counts() -> None:
    with time_machine.travel(NOW, tick=False):
        first = ReviewPolicyFactory()
        second = ReviewPolicyFactory(proctored_exam=first.proctored_exam)

    assert ProctoredExamReviewPolicy.get_review_policy_for_exam(first.proctored_exam_id) == second


def test_an_archived_policy_carries_its_text_and_id_and_is_kept() -> None:
    with time_machine.travel(NOW, tick=False):
        policy = ReviewPolicyFactory(review_policy="Closed book")
    archived = policy.archived()
    archived.save()

    assert (archived.original_id, archived.review_policy) == (policy.id, "Closed book")
    assert (archived.set_by_user, archived.proctored_exam) == (policy.set_by_user, policy.proctored_exam)
    assert archived.created > policy.created
    assert str(policy.id) in str(archived)
    with pytest.raises(NotImplementedError):
        archived.delete()
