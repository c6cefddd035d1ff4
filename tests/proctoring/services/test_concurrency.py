"""Two at the same time, on a database with row locks: one of them waits, and sees what the other did."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from proctoring.common.inbox import Envelope
from proctoring.exceptions import ProctoredExamIllegalStatusTransition, StudentExamAttemptAlreadyExistsException
from proctoring.models import InboxDelivery, OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import attempts, inbox
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
