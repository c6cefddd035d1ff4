"""Going on with an exam that broke off."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.common.http import VendorUnreachable
from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    ProctoredExamIllegalResumeUpdate,
    StudentExamAttemptAlreadyExistsException,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptOnPastDueProctoredExam,
)
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import attempts, delivery, resuming
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
Attempt = ProctoredExamStudentAttempt


@pytest.fixture
def broken(vendor, lms):
    """An attempt that broke off half an hour after its start."""
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), status=Status.ready_to_start)
    with time_machine.travel(NOW, tick=False):
        attempt = attempts.start(attempt)
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        attempt = attempts.report_error(attempt)
    delivery.deliver_due()
    vendor.forget()
    return attempt


def flags(attempt):
    attempt.refresh_from_db()
    return (attempt.is_resumable, attempt.ready_to_resume, attempt.resumed)


def create_again(attempt):
    return attempts.create(attempt.proctored_exam, attempt.user, proctored=True)


def test_from_the_error_to_the_second_half(broken):
    judge = UserFactory(staff=True)
    assert flags(broken) == (True, False, False)
    assert resuming.approve(broken.pk, by=judge) == broken
    assert flags(broken) == (False, True, False)
    row = broken.history.first()
    assert (row.history_user, row.history_change_reason) == (judge, "ready to resume")
    second = create_again(broken)
    assert flags(broken) == (False, True, True)
    assert broken.status == Status.error
    assert (second.status, second.time_remaining_seconds) == (Status.created, 3600)
    assert second.attempt_code != broken.attempt_code
    assert second.external_id
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        running = attempts.start(attempts.mark_ready(second))
    assert running.deadline_at == NOW + timedelta(days=1, minutes=60)


def test_weakness_05_nobody_goes_on_without_an_approval(broken):
    with pytest.raises(StudentExamAttemptAlreadyExistsException):
        create_again(broken)
    assert flags(broken) == (True, False, False)


def test_weakness_12_nothing_left_is_carried_as_nothing(broken):
    Attempt.objects.update(time_remaining_seconds=0)
    resuming.approve(broken.pk, by=None)
    second = attempts.mark_ready(create_again(broken))
    assert second.time_remaining_seconds == 0
    assert attempts.start(second).status == Status.submitted


def test_weakness_14_a_refused_registration_can_be_tried_again(broken, vendor):
    resuming.approve(broken.pk, by=None)
    vendor.fail_with = VendorUnreachable("watcher")
    with pytest.raises(BackendProviderCannotRegisterAttempt):
        create_again(broken)
    assert flags(broken) == (False, True, False)
    assert Attempt.objects.get() == broken
    vendor.fail_with = None
    assert create_again(broken).time_remaining_seconds == 3600


def test_weakness_14_the_past_due_check_comes_first(broken, lms):
    resuming.approve(broken.pk, by=None)
    lms.dates.due[broken.user_id] = timezone.now() - timedelta(minutes=1)
    with pytest.raises(StudentExamAttemptOnPastDueProctoredExam):
        create_again(broken)
    assert flags(broken) == (False, True, False)


def test_a_process_that_dies_meanwhile_leaves_a_resumed_attempt_and_its_successor(broken, vendor):
    class Died(BaseException):
        """The process ends here."""

    resuming.approve(broken.pk, by=None)
    vendor.fail_with = Died()
    with pytest.raises(Died):
        create_again(broken)
    vendor.forget()
    assert flags(broken) == (False, True, True)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        delivery.deliver_due()
    assert attempts.current(broken.proctored_exam_id, broken.user_id).external_id == "watched-1"


@pytest.mark.parametrize("taken", [{"ready_to_resume": True}, {"resumed": True}, {}])
def test_an_approval_is_given_once_and_only_where_it_is_wanted(taken):
    attempt = AttemptFactory(status=Status.error, **taken)
    with pytest.raises(ProctoredExamIllegalResumeUpdate):
        resuming.approve(attempt.pk, by=None)
    assert attempt.history.count() == 1


def test_only_an_approved_attempt_is_gone_on_from():
    with pytest.raises(ProctoredExamIllegalResumeUpdate):
        resuming.mark_resumed(AttemptFactory(status=Status.error, is_resumable=True))


def test_an_attempt_that_is_not_there():
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        resuming.approve(10**6, by=None)


def test_learners_stuck_by_an_old_release_can_go_on(vendor, lms):
    stuck = AttemptFactory(
        proctored_exam=ExamFactory(backend="watcher"), status=Status.error, resumed=True, time_remaining_seconds=60
    )
    assert create_again(stuck).time_remaining_seconds == 60
