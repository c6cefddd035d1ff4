"""Several people or vendors at the same time, on a database with row locks."""

from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection

from proctoring.backends.types import ReviewEvent
from proctoring.exceptions import (
    ProctoredExamAlreadyExists,
    ProctoredExamReviewAlreadyExists,
    ProctoredExamReviewPolicyAlreadyExists,
)
from proctoring.models import (
    ProctoredExam,
    ProctoredExamReviewPolicy,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAllowance,
    ProctoredExamStudentAllowanceHistory,
    ProctoredExamStudentAttempt,
)
from proctoring.services import allowances, attempts, exams, policies, reviews
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from proctoring.statuses import ReviewStatus
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, ReviewFactory, UserFactory
from tests.proctoring.services.test_concurrency import WORKERS, together

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]
TIME = "additional_time_granted"


def numbered(do):
    """:func:`together`, each with a number of its own."""
    numbers = count()
    return together(lambda: do(next(numbers)))


def kinds(outcomes):
    return Counter(type(outcome) for outcome in outcomes)


def test_weakness_41_one_exam_for_one_part_of_a_course():
    where = {"course_id": COURSE_ID, "content_id": "block", "exam_name": "Final", "time_limit_mins": 90}
    outcomes = together(lambda: exams.create(**where))
    assert kinds(outcomes) == {ProctoredExam: 1, ProctoredExamAlreadyExists: WORKERS - 1}


def test_weakness_42_one_policy_for_one_exam():
    exam, author = ExamFactory(), UserFactory()
    outcomes = numbered(lambda number: policies.create(exam.pk, author.pk, f"Policy {number}"))
    assert kinds(outcomes) == {ProctoredExamReviewPolicy: 1, ProctoredExamReviewPolicyAlreadyExists: WORKERS - 1}


def test_weakness_89_one_allowance_and_every_former_one_kept():
    exam, user = ExamFactory(), UserFactory()
    outcomes = numbered(lambda number: allowances.grant(exam.pk, user.pk, TIME, str(number)))
    assert kinds(outcomes) == {ProctoredExamStudentAllowance: WORKERS}
    said = {ProctoredExamStudentAllowance.objects.get().value}
    said |= set(ProctoredExamStudentAllowanceHistory.objects.values_list("value", flat=True))
    assert said == {str(number) for number in range(WORKERS)}


def test_overlapping_bulk_grants_all_arrive():
    exam_ids = [exam.pk for exam in ExamFactory.create_batch(3)]
    user_ids = [user.pk for user in UserFactory.create_batch(4)]

    def grant(number):
        turn = 1 if number % 2 else -1
        return allowances.grant_in_bulk(exam_ids[::turn], user_ids[::turn], TIME, str(number))

    for _ in range(2):
        outcomes = numbered(grant)
        assert all(isinstance(outcome, list) for outcome in outcomes), outcomes
        assert all(one.error is None for outcome in outcomes for one in outcome)
    assert ProctoredExamStudentAllowance.objects.count() == 12
    assert ProctoredExamStudentAllowance.objects.values("value").distinct().count() == 1


def test_an_attempt_that_starts_while_time_is_granted_has_the_time():
    exam = ExamFactory(time_limit_mins=60)
    waiting = [AttemptFactory(proctored_exam=exam, status=Status.ready_to_start) for _ in range(WORKERS)]

    def act(number):
        pair = waiting[number // 2]
        if number % 2:
            return attempts.start(pair)
        return allowances.grant(exam.pk, pair.user_id, TIME, "30")

    outcomes = numbered(act)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    started = ProctoredExamStudentAttempt.objects.filter(status=Status.started)
    assert started.count() == WORKERS // 2
    assert {one.deadline_at - one.started_at for one in started} == {timedelta(minutes=90)}


def test_two_first_reviews_of_an_attempt_are_a_first_and_a_second_one(lms):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), submitted=True)
    outcomes = together(lambda: reviews.record(attempt, ReviewEvent(ReviewStatus.passed), {"status": "passed"}))
    assert kinds(outcomes) == {ProctoredExamSoftwareSecureReview: WORKERS}
    assert ProctoredExamSoftwareSecureReview.objects.count() == 1
    assert ProctoredExamSoftwareSecureReviewHistory.objects.count() == WORKERS - 1
    assert attempt.history.filter(status=Status.verified).count() == 1


def test_a_vendor_and_staff_who_judge_at_once_do_not_block_each_other(lms):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), submitted=True)
    review, judge = ReviewFactory(attempt=attempt, suspicious=True), UserFactory(staff=True)

    def judged(number):
        if number % 2:
            return reviews.decide(review, reviewer=judge, review_status="Clean")
        return reviews.record(attempt, ReviewEvent(ReviewStatus.suspicious), {"status": "suspicious"})

    outcomes = kinds(numbered(judged))
    assert set(outcomes) <= {ProctoredExamSoftwareSecureReview, ProctoredExamReviewAlreadyExists}, outcomes
    attempt.refresh_from_db()
    assert attempt.status == Status.verified


def test_weakness_s15_errors_reported_at_once_are_counted_one_after_the_other(lms):
    exam, user = ExamFactory(backend="watcher"), UserFactory()
    waiting = [AttemptFactory(proctored_exam=exam, user=user, status=Status.ready_to_start) for _ in range(WORKERS)]
    outcomes = numbered(lambda number: attempts.report_error(waiting[number]))
    assert kinds(outcomes) == {ProctoredExamStudentAttempt: 3, type(None): WORKERS - 3}
