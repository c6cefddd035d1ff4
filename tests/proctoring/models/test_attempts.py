"""The questions asked about attempts (contract python.md §1.5)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from proctoring.models import VERIFICATION_DAYS_VALID, ProctoredExamStudentAttempt
from proctoring.statuses import ONBOARDING_ERRORS
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OTHER_COURSE = "course-v1:Other+C+1"
attempts = ProctoredExamStudentAttempt.objects


def created_at(moment: datetime, **fields: Any) -> ProctoredExamStudentAttempt:
    with time_machine.travel(moment, tick=False):
        return AttemptFactory(**fields)


def test_the_current_attempt_is_the_latest() -> None:
    exam, user = ExamFactory(), UserFactory()
    later = created_at(NOW, user=user, proctored_exam=exam)
    created_at(NOW - timedelta(days=1), user=user, proctored_exam=exam)
    created_at(NOW + timedelta(days=1), user=user)
    created_at(NOW + timedelta(days=1), proctored_exam=exam)

    assert attempts.get_current_exam_attempt(exam.id, user.id) == later
    assert attempts.get_current_exam_attempt(exam.id, UserFactory().id) is None


def test_of_attempts_created_in_the_same_instant_the_last_is_current() -> None:
    exam, user = ExamFactory(), UserFactory()
    first = created_at(NOW, user=user, proctored_exam=exam)
    second = created_at(NOW, user=user, proctored_exam=exam)

    assert attempts.get_current_exam_attempt(exam.id, user.id) == second
    assert list(attempts.get_user_attempts_by_exam_id(user.id, exam.id)) == [second, first]


def test_an_attempt_is_found_by_id_code_and_vendors_id() -> None:
    attempt = AttemptFactory()

    assert attempts.get_exam_attempt_by_id(attempt.id) == attempt
    assert attempts.get_exam_attempt_by_code(attempt.attempt_code) == attempt
    assert attempts.get_exam_attempt_by_external_id(attempt.external_id) == attempt


def test_an_unknown_attempt_is_none() -> None:
    assert attempts.get_exam_attempt_by_id(1) is None
    assert attempts.get_exam_attempt_by_code("unknown") is None
    assert attempts.get_exam_attempt_by_external_id("unknown") is None


@pytest.mark.parametrize("absent", [None, ""])
def test_no_code_and_no_vendors_id_match_no_attempt(absent: str | None) -> None:
    AttemptFactory(attempt_code=absent, external_id=absent)

    assert attempts.get_exam_attempt_by_code(absent) is None
    assert attempts.get_exam_attempt_by_external_id(absent) is None
    assert ProctoredExamStudentAttempt.get_historic_attempt_by_code(absent) is None


@pytest.mark.parametrize(
    ("column", "lookup"),
    [
        ("attempt_code", attempts.get_exam_attempt_by_code),
        ("external_id", attempts.get_exam_attempt_by_external_id),
    ],
)
def test_an_ambiguous_key_is_an_error(column: str, lookup: Callable[[str], object]) -> None:
    AttemptFactory.create_batch(2, **{column: "SAME"})

    with pytest.raises(ProctoredExamStudentAttempt.MultipleObjectsReturned):
        lookup("SAME")


def test_a_courses_attempts_come_newest_first() -> None:
    exam = ExamFactory()
    newest = created_at(NOW + timedelta(days=1), proctored_exam=exam)
    oldest = created_at(NOW - timedelta(days=1), proctored_exam=exam)
    middle = created_at(NOW)
    created_at(NOW, proctored_exam=ExamFactory(course_id=OTHER_COURSE))

    assert list(attempts.get_all_exam_attempts(COURSE_ID)) == [newest, middle, oldest]


def test_an_exams_attempts() -> None:
    exam = ExamFactory()
    mine = AttemptFactory.create_batch(2, proctored_exam=exam)
    AttemptFactory()

    assert list(attempts.get_all_exam_attempts_by_exam_id(exam.id)) == mine


def test_a_courses_practice_attempts_come_last_changed_first() -> None:
    exam = ExamFactory(practice=True)
    first = created_at(NOW, proctored_exam=exam)
    second = created_at(NOW + timedelta(minutes=1), proctored_exam=exam)
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        first.save()
    AttemptFactory()
    AttemptFactory(proctored_exam=exam, taking_as_proctored=False)
    AttemptFactory(proctored_exam=ExamFactory(practice=True, is_active=False))
    AttemptFactory(proctored_exam=ExamFactory(practice=True, course_id=OTHER_COURSE))

    def found(**users: Any) -> list[ProctoredExamStudentAttempt]:
        return list(attempts.get_proctored_practice_attempts_by_course_id(COURSE_ID, **users))

    assert found() == [first, second]
    assert found(users=[]) == [first, second]
    assert found(users=[second.user]) == [second]


def test_verified_onboarding_counts_in_any_course_for_a_limited_time() -> None:
    exam = ExamFactory(practice=True, backend="mock", course_id=OTHER_COURSE, is_active=False)
    valid = created_at(NOW, proctored_exam=exam, status=Status.verified)
    user = valid.user
    created_at(NOW - timedelta(days=VERIFICATION_DAYS_VALID), user=user, proctored_exam=exam, status=Status.verified)
    created_at(NOW, user=user, proctored_exam=exam, status=Status.submitted)
    created_at(NOW, user=user, proctored_exam=exam, status=Status.verified, taking_as_proctored=False)
    created_at(NOW, user=user, proctored_exam=ExamFactory(backend="mock"), status=Status.verified)
    created_at(NOW, user=user, proctored_exam=ExamFactory(practice=True), status=Status.verified)
    created_at(NOW, proctored_exam=exam, status=Status.verified)

    with time_machine.travel(NOW, tick=False):
        assert list(attempts.get_last_verified_proctored_onboarding_attempts([user], "mock")) == [valid]


@pytest.mark.parametrize("text", ["ali", "@school"])
def test_attempts_are_searched_by_username_and_email(text: str) -> None:
    wanted = AttemptFactory(user=UserFactory(username="alice", email="a@school.example"))
    AttemptFactory(user=UserFactory(username="bob"))
    AttemptFactory(user=wanted.user, proctored_exam=ExamFactory(course_id=OTHER_COURSE))

    assert list(attempts.get_filtered_exam_attempts(COURSE_ID, text)) == [wanted]


def test_a_learners_real_proctored_attempts_come_last_completed_first() -> None:
    user = UserFactory()
    early = AttemptFactory(user=user, submitted=True, completed_at=NOW)
    late = AttemptFactory(user=user, submitted=True, completed_at=NOW + timedelta(days=1))
    AttemptFactory(user=user, submitted=True, taking_as_proctored=False)
    AttemptFactory(user=user, submitted=True, is_sample_attempt=True)
    AttemptFactory(user=user, submitted=True, proctored_exam=ExamFactory(course_id=OTHER_COURSE))
    AttemptFactory(submitted=True)

    assert list(attempts.get_proctored_exam_attempts(COURSE_ID, user.username)) == [late, early]


def test_active_attempts_are_those_in_progress() -> None:
    user = UserFactory()
    here = created_at(NOW, user=user, started=True)
    there = created_at(
        NOW + timedelta(minutes=1),
        user=user,
        status=Status.ready_to_submit,
        proctored_exam=ExamFactory(course_id=OTHER_COURSE, is_active=False),
    )
    AttemptFactory(user=user)
    AttemptFactory(user=user, submitted=True)
    AttemptFactory(started=True)

    assert list(attempts.get_active_student_attempts(user.id)) == [there, here]
    assert list(attempts.get_active_student_attempts(user.id, COURSE_ID)) == [here]


def test_onboarding_errors_are_cleared_everywhere_but_only_for_the_learner() -> None:
    user = UserFactory()
    kept = AttemptFactory(user=user, submitted=True)
    others = AttemptFactory(status=Status.onboarding_missing)
    for status in ONBOARDING_ERRORS:
        AttemptFactory(user=user, status=status, proctored_exam=ExamFactory(course_id=OTHER_COURSE))

    attempts.clear_onboarding_errors(user.id)

    assert set(attempts.all()) == {kept, others}


def test_lists_come_with_user_and_exam(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    AttemptFactory.create_batch(3)

    with django_assert_num_queries(1):
        listed = [(item.user.username, item.proctored_exam.exam_name) for item in attempts.newest_first()]
    assert len(listed) == 3


def test_the_last_state_of_a_deleted_attempt_is_known_by_its_code() -> None:
    attempt = created_at(NOW, external_id="first")
    code, attempt_id = attempt.attempt_code, attempt.id
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        attempt.external_id = "second"
        attempt.save(update_fields=["external_id"])
        attempt.delete()

    known = ProctoredExamStudentAttempt.get_historic_attempt_by_code(code)

    assert known is not None
    assert (known.id, known.external_id, known.modified) == (attempt_id, "second", NOW + timedelta(minutes=1))
    assert not attempts.exists()


def test_an_unknown_code_has_no_history() -> None:
    assert ProctoredExamStudentAttempt.get_historic_attempt_by_code("unknown") is None


def test_the_history_outlives_learner_and_exam() -> None:
    attempt = AttemptFactory()
    exam = attempt.proctored_exam
    attempt.user.delete()
    exam.delete()

    assert list(ProctoredExamStudentAttempt.history.values_list("history_type", flat=True)) == ["-", "+"]


def test_an_attempt_is_named_by_id_and_status_only() -> None:
    attempt = AttemptFactory()

    assert str(attempt.id) in str(attempt)
    assert attempt.attempt_code not in str(attempt)
