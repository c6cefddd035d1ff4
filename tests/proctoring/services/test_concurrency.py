"""Two at the same time, on a database with row locks: one of them waits, and sees what the other did."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from proctoring.common.inbox import Envelope
from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    StudentExamAttemptAlreadyExistsException,
    StudentExamAttemptedAlreadyStarted,
)
from proctoring.models import InboxDelivery, OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import attempts, clock, delivery, inbox, resetting
from proctoring.services.transitions import Transition, change_status
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]
WORKERS = 6


def together(do):
    """What ``do`` answered or raised, done by several threads at the same moment."""
    start = threading.Barrier(WORKERS)

    def work(_):
        try:
            start.wait(timeout=20)
            return do()
        except Exception as error:  # the caller looks at its kind
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def test_one_attempt_and_one_registration(lms, vendor):
    exam, user = ExamFactory(backend="watcher"), UserFactory()
    vendor.forget()
    outcomes = Counter(type(outcome) for outcome in together(lambda: attempts.create(exam, user, proctored=True)))
    assert outcomes == {ProctoredExamStudentAttempt: 1, StudentExamAttemptAlreadyExistsException: WORKERS - 1}
    assert [call[0] for call in vendor.calls] == ["register"]


def test_one_submission_and_one_of_each_effect(lms, vendor, mailoutbox):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), status=Status.started)
    together(lambda: attempts.submit(attempt))
    kinds = Counter(OutboxMessage.objects.exclude(kind="vendor.exam").values_list("kind", flat=True))
    assert kinds == {"completion": 1, "credit": 1, "mail.status": 1, "vendor.stop": 1}
    assert len(lms.credit.statuses) == len(mailoutbox) == 1
    assert attempt.history.filter(status=Status.submitted).count() == 1


def test_one_delivery_applied_once(lms):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), submitted=True, external_id="theirs")
    envelope = Envelope(source="watcher", kind="review", subject="theirs", body=b'{"status": "passed"}')
    outcomes = together(lambda: inbox.receive(envelope))
    assert all(isinstance(outcome, InboxDelivery) for outcome in outcomes), outcomes
    assert InboxDelivery.objects.get().tries == 1
    assert attempt.history.filter(status=Status.verified).count() == 1


def test_a_verdict_and_a_late_submission_end_in_the_verdict(lms):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), submitted=True)
    turn = iter([Actor.VENDOR, *[Actor.LEARNER] * WORKERS])

    def move():
        actor = next(turn)
        return change_status(attempt.pk, Status.verified if actor == Actor.VENDOR else Status.submitted, actor=actor)

    outcomes = together(move)
    attempt.refresh_from_db()
    assert attempt.status == Status.verified
    assert {type(outcome) for outcome in outcomes} <= {Transition, ProctoredExamIllegalStatusTransition}


def test_one_of_several_attempts_runs(lms, vendor):
    exam, user = ExamFactory(backend="watcher", practice=True), UserFactory()
    waiting = iter([AttemptFactory(proctored_exam=exam, user=user) for _ in range(WORKERS)])
    outcomes = Counter(type(outcome) for outcome in together(lambda: attempts.start_clock(next(waiting))))
    assert outcomes == {ProctoredExamStudentAttempt: 1, StudentExamAttemptedAlreadyStarted: WORKERS - 1}
    assert ProctoredExamStudentAttempt.objects.filter(status=Status.started).count() == 1


def test_a_reader_and_the_sweep_close_an_attempt_once(lms, vendor):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), started=True)
    turn = iter([lambda row: clock.close_overdue(), lambda row: attempts.by_id(row.pk)] * WORKERS)
    outcomes = together(lambda: next(turn)(attempt))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert attempt.history.filter(status=Status.submitted).count() == 1
    assert len(lms.credit.statuses) == 1


def test_going_on_twice_makes_one_attempt(lms, vendor):
    old = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), status=Status.error, ready_to_resume=True)
    together(lambda: attempts.create(old.proctored_exam, old.user, proctored=True))
    assert ProctoredExamStudentAttempt.objects.count() == 2


def test_starting_over_twice_makes_one_attempt(lms, vendor):
    exam = ExamFactory(backend="watcher", practice=True)
    old = AttemptFactory(proctored_exam=exam, status=Status.rejected)
    together(lambda: resetting.reset(exam, old.user_id, by=old.user))
    old.refresh_from_db()
    assert old.status == Status.onboarding_reset
    assert ProctoredExamStudentAttempt.objects.count() == 2


def test_declining_everything_at_once_declines_everything(lms, vendor):
    exams, user = [ExamFactory(backend="watcher") for _ in range(3)], UserFactory()
    rows = [AttemptFactory(proctored_exam=exam, user=user, external_id=None) for exam in exams[:2]]
    waiting = iter(rows * WORKERS)
    together(lambda: attempts.decline(next(waiting)))
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        delivery.deliver_due()
    statuses = ProctoredExamStudentAttempt.objects.values_list("proctored_exam_id", "status")
    assert sorted(statuses) == [(exam.pk, Status.declined) for exam in exams]


def test_more_time_or_the_end_but_not_both(lms, vendor):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), started=True)
    turn = iter([attempts.submit, lambda row: clock.reschedule(row.user_id, row.proctored_exam)] * WORKERS)
    outcomes = together(lambda: next(turn)(attempt))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    attempt.refresh_from_db()
    assert attempt.status == Status.submitted
