"""The do-nothing answers, called the way the app calls its LMS (contract python.md §6)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import override_settings

from proctoring import lms

ABOUT = {"user_id": 1, "course_key_or_id": "course"}
REQUIREMENT = {"req_namespace": "proctored_exam", "req_name": "content"}
USER = AnonymousUser()


@pytest.fixture(autouse=True)
def bare_host() -> Iterator[None]:
    with override_settings(PROCTORING_SETTINGS={}):
        yield


def test_credit_is_unknown() -> None:
    assert lms.credit().get_credit_state(1, "course") is None
    assert lms.credit().get_credit_state(1, "course", return_course_info=True) is None


def test_credit_statuses_go_nowhere() -> None:
    lms.credit().set_credit_requirement_status(**ABOUT, **REQUIREMENT, status="satisfied")
    lms.credit().remove_credit_requirement_status(**ABOUT, **REQUIREMENT)


def test_grades_are_left_alone() -> None:
    grades = lms.grades()
    assert grades.should_override_grade_on_rejected_exam("course") is False
    grades.override_subsection_grade(
        **ABOUT, usage_key_or_id="content", earned_all=0.0, earned_graded=0.0, overrider=None, comment=""
    )
    grades.undo_override_subsection_grade(**ABOUT, usage_key_or_id="content")


def test_certificates_are_left_alone() -> None:
    lms.certificates().invalidate_certificate(**ABOUT)


def test_nobody_is_staff_and_nobody_can_be_written_to() -> None:
    instructor = lms.instructor()
    assert instructor.is_course_staff(USER, "course") is False
    assert instructor.get_proctoring_escalation_email("course") is None
    instructor.complete_student_attempt("name", "content")
    instructor.delete_student_attempt("name", "course", "content", requesting_user=USER)
    instructor.send_support_notification(
        course_id="course", exam_name="Exam", student_username="name", review_status="Suspicious", review_url="/"
    )


def test_nobody_is_enrolled() -> None:
    assert len(lms.enrollments().get_enrollments_can_take_proctored_exams("course", None)) == 0


def test_courses_are_empty_and_endless() -> None:
    details = lms.learning_sequences().get_user_course_outline_details("course", USER, datetime(2026, 1, 1, tzinfo=UTC))
    assert not details.outline.accessible_sequences
    assert not details.schedule.sequences
    assert details.schedule.course_end is None


def test_the_profile_name_holds() -> None:
    assert lms.name_affirmation().get_verified_name(USER, is_verified=False, statuses_to_exclude=["denied"]) is None


def test_no_date_is_known() -> None:
    assert lms.dates().get_due_date(lms.ExamRef("course", "content"), 1) is None
    assert lms.dates().get_course_end("course") is None
