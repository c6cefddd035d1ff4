"""Every move there is or is not: from each status to each, by each kind of actor; what it changes, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.forms.models import model_to_dict

from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptedAlreadyStarted,
)
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services.transitions import change_status
from proctoring.statuses import ATTEMPT_MACHINE, COMPLETED, IN_PROGRESS, REVIEWED, Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
STARTED_AT = NOW - timedelta(minutes=30)
Attempt = ProctoredExamStudentAttempt

MOVES = [(source, target, actor) for source in Status for target in Status for actor in Actor]
CLOCK = {"started_at": NOW, "deadline_at": NOW + timedelta(minutes=90), "allowed_time_limit_mins": 90}


def snapshot(attempt):
    return model_to_dict(attempt) | {"started_at": attempt.started_at}


def expected_changes(source, target):
    """What contract python.md §2.4 and §2.9 say of an attempt that has a clock only while it runs."""
    running = source in IN_PROGRESS
    changes = {"status": target}
    if target == Status.started and not running:
        changes |= CLOCK
    if target == Status.submitted:
        changes |= {"completed_at": NOW}
    if target == Status.declined:
        changes |= {"taking_as_proctored": False, "external_id": None}
    if target == Status.error:
        changes |= {"is_resumable": True} | ({"time_remaining_seconds": 60 * 60} if running else {})
    return changes


@pytest.mark.parametrize(("source", "target", "actor"), MOVES)
@time_machine.travel(NOW, tick=False)
def test_every_move_by_everybody(source, target, actor):
    clock = {"started_at": STARTED_AT, "allowed_time_limit_mins": 90} if source in IN_PROGRESS else {}
    attempt = AttemptFactory(proctored_exam__backend="watcher", external_id="theirs", status=source, **clock)
    OutboxMessage.objects.all().delete()
    before = snapshot(attempt)
    if source != target and not ATTEMPT_MACHINE.allows(source, target, actor):
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            change_status(attempt.pk, target, actor=actor)
        changes = {}
    else:
        moved = change_status(attempt.pk, target, actor=actor)
        assert (moved.source, moved.changed) == (source, source != target)
        changes = expected_changes(source, target) if moved.changed else {}
    assert snapshot(Attempt.objects.get()) == before | changes
    assert attempt.history.count() == (2 if changes else 1)
    if not changes:
        assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(("source", "target"), [(source, target) for source in REVIEWED for target in Status])
def test_weakness_01_a_learner_never_leaves_a_verdict(source, target):
    attempt = AttemptFactory(status=source)
    if source != target:
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            change_status(attempt.pk, target, actor=Actor.LEARNER)
    attempt.refresh_from_db()
    assert attempt.status == source


def test_weakness_08_the_first_submission_counts(lms):
    attempt = AttemptFactory(started=True)
    first = change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM, at=NOW).attempt
    OutboxMessage.objects.all().delete()
    for at in (NOW + timedelta(hours=1), None):
        change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM, at=at)
    for status in (Status.error, Status.submitted):
        change_status(attempt.pk, status, actor=Actor.STAFF)
    attempt.refresh_from_db()
    assert attempt.completed_at == first.completed_at == NOW
    assert not OutboxMessage.objects.filter(kind="completion").exists()


def test_nobody_finishes_before_they_start():
    attempt = AttemptFactory(started=True)
    change_status(attempt.pk, Status.submitted, actor=Actor.SYSTEM, at=attempt.started_at - timedelta(days=1))
    attempt.refresh_from_db()
    assert attempt.completed_at == attempt.started_at


@pytest.mark.parametrize("source", [Status.created, Status.submitted])
def test_weakness_07_the_vendor_hears_that_nobody_will_come(source, vendor, committed):
    attempt = AttemptFactory(proctored_exam__backend="watcher", external_id="theirs", status=source)
    vendor.forget()
    with committed():
        change_status(attempt.pk, Status.declined, actor=Actor.SYSTEM)
    heard = [("remove", attempt.proctored_exam.external_id, "theirs")] if source not in COMPLETED else []
    assert [call for call in vendor.calls if call[0] == "remove"] == heard


@pytest.mark.parametrize("practice", [True, False])
@pytest.mark.parametrize("target", sorted(IN_PROGRESS))
def test_weakness_22_one_attempt_runs_at_a_time(practice, target):
    running = AttemptFactory(started=True, proctored_exam__practice=practice)
    second = AttemptFactory(user=running.user, proctored_exam=running.proctored_exam)
    elsewhere = AttemptFactory(user=running.user, proctored_exam=ExamFactory())
    with pytest.raises(StudentExamAttemptedAlreadyStarted):
        change_status(second.pk, target, actor=Actor.SYSTEM)
    assert change_status(elsewhere.pk, target, actor=Actor.SYSTEM).changed
    change_status(running.pk, Status.submitted, actor=Actor.SYSTEM)
    assert change_status(second.pk, target, actor=Actor.SYSTEM).changed


def test_weakness_39_a_stale_copy_overwrites_nothing():
    attempt = AttemptFactory(status=Status.ready_to_start)
    Attempt.objects.filter(pk=attempt.pk).update(is_status_acknowledged=True)
    change_status(attempt.pk, Status.started, actor=Actor.LEARNER)
    assert Attempt.objects.get().is_status_acknowledged


def test_weakness_44_a_second_start_finds_the_first(vendor):
    attempt = AttemptFactory(proctored_exam__backend="watcher", status=Status.ready_to_start)
    outcomes = [change_status(attempt.pk, Status.started, actor=Actor.LEARNER).changed for _ in range(2)]
    assert outcomes == [True, False]
    assert OutboxMessage.objects.filter(kind="vendor.start").count() == 1


@pytest.mark.parametrize("target", [Status.started, Status.submitted])
def test_an_attempt_that_is_not_there(target):
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        change_status(10**6, target, actor=Actor.SYSTEM)
