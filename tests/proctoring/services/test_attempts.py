"""The verbs on an attempt."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.exceptions import (
    BackendProviderCannotRegisterAttempt,
    BackendProviderOnboardingException,
    ProctoredExamIllegalStatusTransition,
    ProctoredExamNotActiveException,
    ProctoredExamPermissionDenied,
    StudentExamAttemptAlreadyExistsException,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptedAlreadyStarted,
    StudentExamAttemptOnPastDueProctoredExam,
)
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import attempts, delivery, registration
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, ReviewPolicyFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
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


class TestSitting:
    @time_machine.travel(NOW, tick=False)
    def test_start_stamps_the_clock_once(self, exam, lms):
        attempt = attempts.start(AttemptFactory(proctored_exam=exam, status=Status.ready_to_start))
        assert (attempt.started_at, attempt.allowed_time_limit_mins) == (NOW, 90)
        attempts.stop(attempt)
        with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
            again = attempts.start(Attempt.objects.get())
        assert again.started_at == NOW

    def test_a_second_start_is_refused(self, exam, lms):
        attempt = attempts.start(AttemptFactory(proctored_exam=exam, status=Status.ready_to_start))
        with pytest.raises(StudentExamAttemptedAlreadyStarted):
            attempts.start(attempt)

    def test_submitting_twice_keeps_the_first_time(self, exam, lms):
        attempt = attempts.start(AttemptFactory(proctored_exam=exam, status=Status.ready_to_start))
        first = attempts.submit(attempts.stop(attempt))
        assert attempts.submit(first).completed_at == first.completed_at

    @pytest.mark.parametrize("status", [Status.verified, Status.rejected, Status.second_review_required])
    @pytest.mark.parametrize("verb", [attempts.submit, attempts.decline, attempts.start, attempts.click_download])
    def test_a_learner_never_leaves_a_reviewed_status(self, exam, lms, status, verb):
        attempt = AttemptFactory(proctored_exam=exam, status=status)
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            verb(attempt)
        assert Attempt.objects.get().status == status

    def test_a_late_error_report_changes_nothing(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.submitted)
        assert attempts.report_error(attempt) is None
        assert Attempt.objects.get().status == Status.submitted

    def test_an_error_keeps_the_time_that_is_left(self, exam, lms):
        with time_machine.travel(NOW, tick=False):
            attempt = attempts.start(AttemptFactory(proctored_exam=exam, status=Status.ready_to_start))
        with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
            attempt = attempts.report_error(attempt)
        assert (attempt.status, attempt.time_remaining_seconds, attempt.is_resumable) == (Status.error, 3600, True)

    def test_ready_comes_late_and_changes_nothing(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        assert attempts.mark_ready(attempt).status == Status.started

    def test_click_download(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.created)
        assert attempts.click_download(attempt).status == Status.download_software_clicked


class TestDecline:
    def test_takes_the_course_s_other_graded_proctored_exams_along(self, exam, lms):
        other, done = ExamFactory(backend="watcher"), ExamFactory(backend="watcher")
        untouched = [ExamFactory(timed=True), ExamFactory(practice=True), ExamFactory(course_id="a/b/c")]
        attempt = AttemptFactory(proctored_exam=exam, status=Status.created)
        AttemptFactory(proctored_exam=done, user=attempt.user, status=Status.verified)
        declined = attempts.decline(attempt)
        assert (declined.status, declined.taking_as_proctored, declined.external_id) == (Status.declined, False, None)
        statuses = dict(Attempt.objects.values_list("proctored_exam_id", "status"))
        assert statuses == {exam.pk: Status.declined, other.pk: Status.declined, done.pk: Status.verified}
        assert not Attempt.objects.filter(proctored_exam__in=untouched).exists()

    @pytest.mark.parametrize("kind", [{"timed": True}, {"practice": True}])
    def test_declining_anything_else_declines_nothing_more(self, exam, lms, kind):
        attempt = AttemptFactory(proctored_exam=ExamFactory(**kind), status=Status.created)
        attempts.decline(attempt)
        assert Attempt.objects.count() == 1


class TestOverdue:
    def start_at(self, moment, exam, **fields):
        return AttemptFactory(
            proctored_exam=exam, status=Status.started, started_at=moment, allowed_time_limit_mins=90, **fields
        )

    def test_reading_closes_at_the_deadline(self, exam, lms):
        attempt = self.start_at(NOW, exam)
        with time_machine.travel(NOW + timedelta(hours=5), tick=False):
            closed = attempts.by_id(attempt.pk)
        assert (closed.status, closed.completed_at) == (Status.submitted, NOW + timedelta(minutes=90))

    def test_an_attempt_in_time_stays_open(self, exam, lms):
        attempt = self.start_at(NOW, exam)
        with time_machine.travel(NOW + timedelta(minutes=90), tick=False):
            assert attempts.by_id(attempt.pk).status == Status.started

    def test_the_timed_out_state_where_a_site_wants_it(self, exam, lms, settings):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"ALLOW_TIMED_OUT_STATE": True}
        attempt = self.start_at(NOW - timedelta(days=1), exam)
        assert attempts.by_id(attempt.pk).status == Status.timed_out

    def test_the_sweep_closes_what_nobody_looks_at(self, exam, lms):
        late = [self.start_at(NOW - timedelta(days=1), exam) for _ in range(5)]
        running = self.start_at(NOW, exam)
        assert attempts.close_overdue(NOW, batch=2) == len(late)
        assert Attempt.objects.get(status=Status.started) == running

    def test_one_poisoned_row_never_stops_the_sweep(self, exam, lms):
        self.start_at(NOW - timedelta(days=1), ExamFactory(backend="watcher"))
        poisoned = self.start_at(NOW - timedelta(days=1), exam)
        Attempt.objects.filter(pk=poisoned.pk).update(
            started_at=datetime(9999, 1, 1, tzinfo=UTC), allowed_time_limit_mins=2**31 - 1
        )
        assert attempts.close_overdue(NOW) == 1

    def test_active_of_closes_what_is_over(self, exam, lms):
        attempt = self.start_at(NOW - timedelta(days=1), exam)
        assert attempts.active_of(attempt.user_id).status == Status.submitted
        assert attempts.active_of(attempt.user_id) is None


class TestSetStatus:
    def test_an_unknown_attempt(self):
        with pytest.raises(StudentExamAttemptDoesNotExistsException):
            attempts.set_status(10**6, Status.verified)

    def test_an_unknown_status(self, exam):
        attempt = AttemptFactory(proctored_exam=exam)
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            attempts.set_status(attempt.pk, "nonsense")

    def test_starting_over_counts_as_a_submission(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        assert attempts.set_status(attempt.pk, Status.created).status == Status.submitted

    def test_a_timeout_counts_as_a_submission_at_its_moment(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        assert attempts.set_status(attempt.pk, Status.timed_out, timeout_at=NOW).completed_at == NOW

    def test_declining_alone(self, exam, lms):
        ExamFactory(backend="watcher")
        attempt = AttemptFactory(proctored_exam=exam, status=Status.created)
        attempts.set_status(attempt.pk, Status.declined, cascade=False)
        assert Attempt.objects.count() == 1

    def test_a_status_of_an_old_release_can_be_left_by_the_system_only(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status="ancient")
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            attempts.submit(attempt)
        assert attempts.set_status(attempt.pk, Status.error, actor=Actor.STAFF).status == Status.error
