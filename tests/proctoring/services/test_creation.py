"""How an attempt begins."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderOnboardingException,
    ProctoredExamNotActiveException,
    ProctoredExamPermissionDenied,
    StudentExamAttemptAlreadyExistsException,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptOnPastDueProctoredExam,
)
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import attempts, delivery, registration
from proctoring.services.transitions import change_status
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, ReviewPolicyFactory, UserFactory

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher")


class TestCreate:
    def test_registers_a_proctored_attempt_and_keeps_the_vendors_id(self, exam, lms, vendor):
        user = UserFactory()
        attempt = attempts.create(exam, user, proctored=True)
        kind, exam_id, context = vendor.calls[-1]
        assert (kind, exam_id) == ("register", exam.external_id)
        assert context["attempt_code"] == attempt.attempt_code
        assert context["full_name"] == "Ada King Lovelace"
        stored = Attempt.objects.get()
        assert stored.external_id.startswith("watched-")
        assert (stored.status, stored.taking_as_proctored) == (Status.created, True)

    def test_asks_for_the_vendors_exam_id_where_it_never_came(self, lms, vendor):
        exam = ExamFactory(backend="watcher", external_id=None)
        vendor.calls.clear()
        attempts.create(exam, UserFactory(), proctored=True)
        assert [call[0] for call in vendor.calls] == ["exam", "register"]
        assert vendor.calls[1][1] == f"exam-{exam.pk}"

    def test_leaves_nothing_behind_when_the_vendor_refuses(self, exam, lms, vendor):
        vendor.fail_with = BackendProviderCannotRegisterAttempt("secret words", 401)
        with pytest.raises(BackendProviderCannotRegisterAttempt) as refusal:
            attempts.create(exam, UserFactory(), proctored=True)
        assert not Attempt.objects.exists()
        assert "secret" not in refusal.value.detail

    def test_says_one_sentence_whatever_the_plugin_raises(self, exam, lms, vendor):
        vendor.fail_with = ZeroDivisionError("secret words")
        with pytest.raises(BackendProviderCannotRegisterAttempt):
            attempts.create(exam, UserFactory(), proctored=True)
        assert not Attempt.objects.exists()

    def test_keeps_an_attempt_that_needs_onboarding_first(self, exam, lms, vendor):
        vendor.fail_with = BackendProviderOnboardingException(Status.onboarding_missing)
        attempt = attempts.create(exam, UserFactory(), proctored=True)
        assert (attempt.status, attempt.external_id) == (Status.onboarding_missing, None)

    def test_refuses_a_second_attempt(self, exam, lms, vendor):
        user = UserFactory()
        attempts.create(exam, user, proctored=True)
        with pytest.raises(StudentExamAttemptAlreadyExistsException):
            attempts.create(exam, user, proctored=True)

    def test_a_registration_that_got_lost_is_made_up_for(self, exam, lms, vendor):
        class Died(BaseException):
            """The process ends here."""

        delivery.deliver_due()
        vendor.fail_with = Died()
        with pytest.raises(Died):
            attempts.create(exam, UserFactory(), proctored=True)
        vendor.forget()
        lost = Attempt.objects.get()
        assert delivery.deliver_due() == 0
        with time_machine.travel(timezone.now() + timedelta(minutes=5)):
            assert delivery.deliver_due() == 1
        lost.refresh_from_db()
        assert lost.external_id == "watched-1"
        assert vendor.calls[-1][2]["attempt_code"] == lost.attempt_code

    def test_nothing_is_made_up_for_once_the_vendor_has_answered(self, exam, lms, vendor):
        attempts.create(exam, UserFactory(), proctored=True)
        assert not OutboxMessage.objects.filter(kind=registration.KIND).exists()

    def test_a_lost_registration_of_an_attempt_that_is_gone_is_nothing(self, lms, vendor):
        registration.complete({"attempt_id": 10**6})
        assert vendor.calls == []

    def test_does_not_disturb_a_registration_that_is_under_way(self, exam, lms, vendor):
        user = UserFactory()
        AttemptFactory(user=user, proctored_exam=exam, status=Status.created, external_id=None)
        with pytest.raises(StudentExamAttemptAlreadyExistsException):
            attempts.create(exam, user, proctored=True)

    def test_practice_may_be_repeated(self, lms, vendor):
        exam, user = ExamFactory(backend="watcher", practice=True), UserFactory()
        first = attempts.create(exam, user, proctored=True)
        second = attempts.create(exam, user, proctored=True)
        assert first.pk != second.pk
        assert second.is_sample_attempt

    def test_refuses_an_inactive_exam(self, lms):
        with pytest.raises(ProctoredExamNotActiveException):
            attempts.create(ExamFactory(is_active=False), UserFactory(), proctored=True)

    def test_refuses_to_proctor_a_timed_exam(self, lms):
        with pytest.raises(ProctoredExamPermissionDenied):
            attempts.create(ExamFactory(timed=True), UserFactory(), proctored=True)

    @pytest.mark.parametrize(("practice", "status"), [(False, 403), (True, 400)])
    def test_refuses_after_the_learners_own_due_date(self, lms, practice, status):
        exam, user = ExamFactory(backend="watcher", is_practice_exam=practice), UserFactory()
        lms.dates.due[user.pk] = datetime(2026, 1, 1, tzinfo=UTC)
        with pytest.raises(StudentExamAttemptOnPastDueProctoredExam) as refusal:
            attempts.create(exam, user, proctored=True)
        assert refusal.value.http_status == status

    def test_remembers_the_policy_in_force(self, lms, vendor):
        policy = ReviewPolicyFactory(proctored_exam__backend="watcher")
        attempt = attempts.create(policy.proctored_exam, UserFactory(), proctored=True)
        assert attempt.review_policy_id == policy.pk
        assert vendor.calls[-1][2]["review_policy"] == policy.review_policy

    def test_weakness_22_practice_waits_for_the_one_that_runs(self, lms, vendor):
        exam = ExamFactory(backend="watcher", practice=True)
        running = AttemptFactory(proctored_exam=exam, status=Status.started, started_at=timezone.now())
        Attempt.objects.update(allowed_time_limit_mins=90)
        with pytest.raises(StudentExamAttemptAlreadyExistsException):
            attempts.create(exam, running.user, proctored=True)
        Attempt.objects.update(started_at=timezone.now() - timedelta(days=1))
        assert attempts.create(exam, running.user, proctored=True).status == Status.created
        running.refresh_from_db()
        assert running.status == Status.submitted

    def test_weakness_25_a_suspended_account_is_not_registered_anywhere(self, exam, lms, vendor):
        vendor.forget()
        with pytest.raises(ProctoredExamPermissionDenied):
            attempts.create(exam, UserFactory(is_active=False), proctored=True)
        assert vendor.calls == []

    def test_weakness_40_a_second_request_finds_the_first_ones_attempt(self, exam, lms, vendor):
        user = UserFactory()

        def again():
            with pytest.raises(StudentExamAttemptAlreadyExistsException):
                attempts.create(exam, user, proctored=True)

        vendor.before_answering = again
        attempts.create(exam, user, proctored=True)
        assert Attempt.objects.count() == 1

    def test_an_attempt_that_is_removed_while_the_vendor_thinks_is_removed_there_too(
        self, exam, lms, vendor, committed
    ):
        vendor.before_answering = lambda: Attempt.objects.all().delete()
        with pytest.raises(StudentExamAttemptDoesNotExistsException), committed():
            attempts.create(exam, UserFactory(), proctored=True)
        delivery.deliver_due()
        assert ("remove", exam.external_id, "watched-1") in vendor.calls
        assert not Attempt.objects.exists()

    def test_a_vendor_may_give_no_id(self, exam, lms, vendor):
        vendor.gives_ids = False
        attempt = attempts.create(exam, UserFactory(), proctored=True)
        assert (attempt.external_id, attempt.status) == (None, Status.created)
        vendor.before_answering = lambda: Attempt.objects.all().delete()
        with pytest.raises(StudentExamAttemptDoesNotExistsException):
            attempts.create(exam, UserFactory(), proctored=True)
        assert not OutboxMessage.objects.filter(kind="vendor.remove").exists()

    def test_what_becomes_of_it_while_the_vendor_thinks_stays(self, exam, lms, vendor):
        vendor.before_answering = lambda: change_status(
            Attempt.objects.get().pk, Status.ready_to_start, actor=Actor.SYSTEM
        )
        attempt = attempts.create(exam, UserFactory(), proctored=True)
        stored = Attempt.objects.get()
        assert (attempt.status, attempt.external_id) == (Status.ready_to_start, "watched-1")
        assert (stored.status, stored.external_id, stored.modified) == (
            attempt.status,
            attempt.external_id,
            attempt.modified,
        )

    def test_is_up_to_date_when_nothing_came_between(self, exam, lms, vendor):
        attempt = attempts.create(exam, UserFactory(), proctored=True)
        stored = Attempt.objects.get()
        fields = [field.attname for field in Attempt._meta.concrete_fields]
        assert [getattr(attempt, name) for name in fields] == [getattr(stored, name) for name in fields]

    def test_a_refusal_leaves_handed_in_what_was_over(self, exam, lms, vendor):
        over = AttemptFactory(proctored_exam=exam, started=True)
        with pytest.raises(StudentExamAttemptAlreadyExistsException):
            attempts.create(exam, over.user, proctored=True)
        over.refresh_from_db()
        assert over.status == Status.submitted


class TestCreateStarted:
    def test_the_clock_runs(self, lms, committed):
        exam, user = ExamFactory(timed=True), UserFactory()
        with committed():
            attempt = attempts.create_started(exam, user)
        attempt.refresh_from_db()
        assert (attempt.status, attempt.allowed_time_limit_mins) == (Status.started, exam.time_limit_mins)
        assert list(attempt.history.order_by("history_id").values_list("status", flat=True)) == ["created", "started"]

    def test_refuses_a_second_one(self, lms):
        exam, user = ExamFactory(timed=True), UserFactory()
        attempts.create_started(exam, user)
        with pytest.raises(StudentExamAttemptAlreadyExistsException):
            attempts.create_started(exam, user)
        assert Attempt.objects.count() == 1

    def test_without_any_time_it_is_handed_in(self, lms):
        assert (
            attempts.create_started(ExamFactory(timed=True, time_limit_mins=0), UserFactory()).status
            == Status.submitted
        )
