"""Starting practice and onboarding over."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.common.http import VendorUnreachable
from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderOnboardingException,
    ProctoredExamIllegalStatusTransition,
    ProctoredExamNotActiveException,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptOnPastDueProctoredExam,
)
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import creation, delivery, resetting
from proctoring.signals import exam_attempt_status_signal
from proctoring.statuses import COMPLETED, INCOMPLETE, OUTSIDE
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt
KEPT = (COMPLETED | OUTSIDE) - {Status.verified, Status.submitted}


@pytest.fixture
def exam(vendor, lms):
    exam = ExamFactory(backend="watcher", practice=True)
    delivery.deliver_due()
    exam.refresh_from_db()
    vendor.forget()
    return exam


def reset(attempt):
    return resetting.reset(attempt.proctored_exam, attempt.user_id, by=attempt.user)


def untouched(attempt):
    status = attempt.status
    attempt.refresh_from_db()
    return attempt.status == status and Attempt.objects.get() == attempt


@pytest.mark.parametrize("status", sorted(KEPT))
@pytest.mark.parametrize("proctored", [True, False])
def test_the_old_attempt_is_kept_as_reset(exam, status, proctored):
    old = AttemptFactory(proctored_exam=exam, status=status, taking_as_proctored=proctored)
    new = reset(old)
    old.refresh_from_db()
    assert old.status == Status.onboarding_reset
    assert (new.status, new.user, new.taking_as_proctored) == (Status.created, old.user, proctored)
    assert bool(new.external_id) == proctored


@pytest.mark.parametrize("proctored", [True, False])
def test_one_that_waits_for_its_review_goes(exam, vendor, committed, proctored):
    old = AttemptFactory(proctored_exam=exam, submitted=True, external_id="theirs", taking_as_proctored=proctored)
    with committed():
        new = reset(old)
    assert Attempt.objects.get() == new
    assert ("remove", exam.external_id, "theirs") in vendor.calls


@pytest.mark.parametrize("status", sorted(INCOMPLETE | {Status.verified}))
def test_there_is_nothing_to_start_over(exam, status):
    old = AttemptFactory(proctored_exam=exam, status=status)
    with pytest.raises(ProctoredExamIllegalStatusTransition):
        reset(old)
    assert untouched(old)


def test_a_graded_exam_is_not_started_over(lms):
    old = AttemptFactory(submitted=True)
    with pytest.raises(ProctoredExamIllegalStatusTransition):
        reset(old)


def test_without_any_attempt(exam):
    with pytest.raises(StudentExamAttemptDoesNotExistsException):
        resetting.reset(exam, UserFactory().pk, by=None)


def past_due(exam, lms, vendor):
    exam.due_date = timezone.now() - timedelta(days=1)
    exam.save()
    return StudentExamAttemptOnPastDueProctoredExam


def inactive(exam, lms, vendor):
    exam.is_active = False
    exam.save()
    return ProctoredExamNotActiveException


def vendor_away(exam, lms, vendor):
    vendor.fail_with = VendorUnreachable("watcher")
    return BackendProviderCannotRegisterAttempt


@pytest.mark.parametrize("status", [Status.submitted, Status.error, Status.rejected])
@pytest.mark.parametrize("obstacle", [past_due, inactive, vendor_away])
def test_weakness_15_nothing_changes_where_no_new_attempt_can_be_made(exam, lms, vendor, obstacle, status):
    refusal = obstacle(exam, lms, vendor)
    old = AttemptFactory(proctored_exam=exam, status=status)
    with pytest.raises(refusal):
        reset(old)
    assert untouched(old)
    assert not OutboxMessage.objects.filter(kind="vendor.register").exists()


def test_weakness_16_a_reset_is_a_move_like_any_other(exam, committed):
    heard = []

    def listen(**told):
        heard.append((told["attempt_id"], told["status"]))

    old = AttemptFactory(proctored_exam=exam, status=Status.error)
    exam_attempt_status_signal.connect(listen)
    try:
        with committed():
            new = reset(old)
    finally:
        exam_attempt_status_signal.disconnect(listen)
    assert sorted(heard) == [(old.pk, "onboarding_reset"), (new.pk, "created")]
    row = old.history.first()
    assert (row.status, row.history_user) == (Status.onboarding_reset, old.user)


def test_a_vendor_that_wants_onboarding_first_still_counts_as_asked(exam, vendor):
    vendor.fail_with = BackendProviderOnboardingException(Status.onboarding_pending)
    old = AttemptFactory(proctored_exam=exam, status=Status.error)
    assert reset(old).status == Status.onboarding_pending
    old.refresh_from_db()
    assert old.status == Status.onboarding_reset


def test_a_verdict_that_comes_meanwhile_stays(exam, vendor):
    old = AttemptFactory(proctored_exam=exam, status=Status.second_review_required)
    vendor.before_answering = lambda: Attempt.objects.filter(pk=old.pk).update(modified=timezone.now(), **VERIFIED)
    assert reset(old).status == Status.created
    old.refresh_from_db()
    assert old.status == Status.verified


def test_two_resets_at_once_make_one_attempt(exam, vendor):
    old = AttemptFactory(proctored_exam=exam, status=Status.error)
    stale = Attempt.objects.get()
    reset(old)
    with pytest.raises(ProctoredExamIllegalStatusTransition):
        creation.replace(stale, by=None)
    assert Attempt.objects.count() == 2


def test_a_process_that_dies_meanwhile_is_made_up_for(exam, vendor):
    class Died(BaseException):
        """The process ends here."""

    old = AttemptFactory(proctored_exam=exam, submitted=True)
    vendor.fail_with = Died()
    with pytest.raises(Died):
        resetting.reset(exam, old.user_id, by=None)
    vendor.forget()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        delivery.deliver_due()
    assert Attempt.objects.get().external_id == "watched-1"


VERIFIED = {"status": Status.verified}
