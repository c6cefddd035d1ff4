"""The verbs on an attempt."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from proctoring.exceptions import (
    ProctoredExamIllegalStatusTransition,
    ProctoredExamPermissionDenied,
    ProctoredExamSuspiciousLookup,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptedAlreadyStarted,
)
from proctoring.models import ProctoredExamStudentAttempt
from proctoring.services import attempts
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
Attempt = ProctoredExamStudentAttempt


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher")


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

    def test_a_stale_copy_does_not_start_again(self, exam, lms):
        stale = AttemptFactory(proctored_exam=exam, status=Status.ready_to_start)
        attempts.start(Attempt.objects.get())
        with pytest.raises(StudentExamAttemptedAlreadyStarted):
            attempts.start(stale)

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

    def test_weakness_02_set_up_comes_before_the_start(self, exam, lms):
        for status in (Status.created, Status.download_software_clicked):
            attempt = AttemptFactory(proctored_exam=exam, status=status)
            with pytest.raises(ProctoredExamIllegalStatusTransition):
                attempts.start(attempt)
            assert attempts.start_clock(attempt).status == Status.started

    def test_without_proctoring_there_is_nothing_to_set_up(self, lms):
        assert attempts.start(AttemptFactory(proctored_exam__timed=True)).status == Status.started

    def test_weakness_03_a_timed_exam_has_no_software(self, lms):
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            attempts.click_download(AttemptFactory(proctored_exam__timed=True))

    @pytest.mark.parametrize("status", [Status.started, Status.ready_to_submit])
    def test_a_repeated_click_hands_nothing_in(self, exam, lms, status):
        attempt = AttemptFactory(proctored_exam=exam, status=status)
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            attempts.click_download(attempt)
        assert Attempt.objects.get().status == status

    def test_an_error_before_the_start_leaves_all_the_time(self, exam, lms):
        attempt = attempts.report_error(AttemptFactory(proctored_exam=exam, status=Status.ready_to_start))
        assert (attempt.time_remaining_seconds, attempt.is_resumable) == (None, True)

    def test_a_start_closes_what_ran_out_before(self, exam, lms):
        old = AttemptFactory(proctored_exam=exam, started=True)
        new = AttemptFactory(proctored_exam=exam, user=old.user, status=Status.ready_to_start)
        assert attempts.start(new).status == Status.started
        old.refresh_from_db()
        assert old.status == Status.submitted


class TestErrorReports:
    @pytest.fixture
    def passing(self, exam, lms):
        """The exam, where operators let the failures of its vendor pass."""
        lms.switches.on = {"edx_proctoring.watcher_ping_failure_passthrough"}
        return exam

    def test_pass_where_operators_say_so(self, passing):
        attempt = AttemptFactory(proctored_exam=passing, status=Status.started)
        assert attempts.report_error(attempt) is None
        assert Attempt.objects.get().status == Status.started

    @pytest.mark.parametrize("backend", ["other", None])
    def test_pass_at_that_vendor_only(self, passing, backend):
        attempt = AttemptFactory(proctored_exam=ExamFactory(backend=backend), status=Status.started)
        assert attempts.report_error(attempt).status == Status.error

    def broken(self, exam, user, times, **fields):
        for _ in range(times):
            AttemptFactory(proctored_exam=exam, user=user, **{"status": Status.error} | fields)

    @pytest.mark.parametrize("so_far", [{}, {"resumed": True}, {"status": Status.declined, "resumed": True}])
    def test_weakness_s15_are_taken_so_often_at_an_exam_and_no_more(self, exam, lms, so_far, caplog):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        self.broken(exam, attempt.user, 3, **so_far)
        assert attempts.report_error(attempt) is None
        assert Attempt.objects.get(pk=attempt.pk).status == Status.started
        assert f"attempt={attempt.pk}" in caplog.text

    def test_weakness_s15_others_exams_and_learners_do_not_count(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        self.broken(exam, attempt.user, 2)
        self.broken(exam, attempt.user, 1, submitted=True, status=Status.submitted)
        self.broken(exam, UserFactory(), 3)
        self.broken(ExamFactory(backend="watcher"), attempt.user, 3)
        assert attempts.report_error(attempt).status == Status.error

    @pytest.mark.parametrize(("taken", "outcomes"), [(0, [False]), (1, [True, False]), (2, [True, True, False])])
    def test_weakness_s15_the_site_says_how_often(self, exam, lms, settings, taken, outcomes):
        settings.PROCTORING_SETTINGS = settings.PROCTORING_SETTINGS | {"MAX_ERROR_REPORTS": taken}
        user = UserFactory()
        rows = [AttemptFactory(proctored_exam=exam, user=user) for _ in outcomes]
        assert [attempts.report_error(row) is not None for row in rows] == outcomes

    def test_weakness_s15_the_lms_is_not_limited(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        self.broken(exam, attempt.user, 3)
        assert attempts.set_status(attempt.pk, Status.error).status == Status.error


class TestLookup:
    def test_by_what_people_and_vendors_call_it(self, exam):
        attempt = AttemptFactory(proctored_exam=exam, external_id="theirs")
        assert attempts.by_code(attempt.attempt_code) == attempt
        assert attempts.by_external_id("theirs") == attempt
        assert attempts.current(exam.pk, attempt.user_id) == attempt

    @pytest.mark.parametrize("find", [attempts.by_code, attempts.by_external_id])
    @pytest.mark.parametrize("key", [None, "", "unknown"])
    def test_weakness_43_no_key_finds_nothing(self, exam, find, key):
        AttemptFactory(proctored_exam=exam, external_id=None, attempt_code=None)
        with pytest.raises(StudentExamAttemptDoesNotExistsException):
            find(key)

    @pytest.mark.parametrize("find", [attempts.by_code, attempts.by_external_id])
    def test_weakness_43_several_are_not_guessed_from(self, exam, find):
        for _ in range(2):
            AttemptFactory(proctored_exam=exam, external_id="same", attempt_code="same")
        with pytest.raises(ProctoredExamSuspiciousLookup):
            find("same")

    def test_weakness_37_the_latest_of_one_instant_is_the_last_one(self, exam):
        with time_machine.travel(NOW, tick=False):
            user = UserFactory()
            rows = [AttemptFactory(proctored_exam=exam, user=user) for _ in range(4)]
        assert attempts.current(exam.pk, user.pk) == rows[-1]


class TestEdit:
    def test_what_may_be_changed(self):
        attempt = AttemptFactory()
        attempts.edit(attempt.pk, is_status_acknowledged=True, time_remaining_seconds=0)
        attempt.refresh_from_db()
        assert (attempt.is_status_acknowledged, attempt.time_remaining_seconds) == (True, 0)

    @pytest.mark.parametrize("fields", [{"status": "verified"}, {"is_status_acknowledged": True, "external_id": "x"}])
    def test_anything_else_changes_nothing(self, fields):
        attempt = AttemptFactory()
        with pytest.raises(ProctoredExamPermissionDenied):
            attempts.edit(attempt.pk, **fields)
        assert attempt.history.count() == 1

    def test_weakness_39_a_submission_meanwhile_stays(self):
        attempt = AttemptFactory(status=Status.started)
        attempts.submit(attempt)
        attempts.edit(attempt.pk, is_status_acknowledged=True)
        assert Attempt.objects.get().status == Status.submitted

    def test_what_is_not_there(self):
        with pytest.raises(StudentExamAttemptDoesNotExistsException):
            attempts.edit(10**6, is_status_acknowledged=True)


class TestDecline:
    def test_takes_the_course_s_other_graded_proctored_exams_along(self, exam, lms, committed):
        other, done = ExamFactory(backend="watcher"), ExamFactory(backend="watcher")
        untouched = [ExamFactory(timed=True), ExamFactory(practice=True), ExamFactory(course_id="a/b/c")]
        attempt = AttemptFactory(proctored_exam=exam, status=Status.created)
        AttemptFactory(proctored_exam=done, user=attempt.user, status=Status.verified)
        with committed():
            declined = attempts.decline(attempt)
        assert (declined.status, declined.taking_as_proctored, declined.external_id) == (Status.declined, False, None)
        statuses = dict(Attempt.objects.values_list("proctored_exam_id", "status"))
        assert statuses == {exam.pk: Status.declined, other.pk: Status.declined, done.pk: Status.verified}
        assert not Attempt.objects.filter(proctored_exam__in=untouched).exists()

    def test_weakness_07_all_of_them_are_declined_in_the_same_way(self, exam, lms, vendor, committed):
        attempt = AttemptFactory(proctored_exam=exam, external_id="a")
        running = AttemptFactory(
            proctored_exam=ExamFactory(backend="watcher"),
            user=attempt.user,
            external_id="b",
            status=Status.started,
            started_at=timezone.now(),
            allowed_time_limit_mins=90,
        )
        with committed():
            attempts.decline(attempt)
        running.refresh_from_db()
        assert (running.status, running.taking_as_proctored, running.external_id) == (Status.declined, False, None)
        assert sorted(call[2] for call in vendor.calls if call[0] == "remove") == ["a", "b"]

    def test_weakness_78_costs_a_few_statements_an_exam(self, exam, lms, query_budget):
        user = UserFactory()
        for _ in range(5):
            ExamFactory(backend="watcher")
        payload = {"user_id": user.pk, "course_id": exam.course_id, "exam_id": exam.pk}
        with query_budget("services.decline_others"):
            attempts.decline_others(payload)
        assert set(Attempt.objects.values_list("status", flat=True)) == {Status.declined}
        attempts.decline_others(payload)
        assert Attempt.objects.count() == 5

    def test_of_somebody_who_is_gone_declines_nothing(self, exam):
        attempts.decline_others({"user_id": 10**6, "course_id": exam.course_id, "exam_id": 0})
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize("kind", [{"timed": True}, {"practice": True}])
    def test_weakness_06_declining_anything_else_declines_nothing_more(self, exam, lms, kind, committed):
        attempt = AttemptFactory(proctored_exam=ExamFactory(**kind), status=Status.created)
        with committed():
            attempts.decline(attempt)
        assert Attempt.objects.count() == 1


class TestSetStatus:
    def test_an_unknown_attempt(self):
        with pytest.raises(StudentExamAttemptDoesNotExistsException):
            attempts.set_status(10**6, Status.verified)

    def test_weakness_23_an_unknown_status(self, exam):
        attempt = AttemptFactory(proctored_exam=exam)
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            attempts.set_status(attempt.pk, "nonsense")

    def test_starting_over_counts_as_a_submission(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        assert attempts.set_status(attempt.pk, Status.created).status == Status.submitted

    def test_a_timeout_counts_as_a_submission_at_its_moment(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        assert attempts.set_status(attempt.pk, Status.timed_out, timeout_at=NOW).completed_at == NOW

    @pytest.mark.parametrize(("zone", "hours"), [("UTC", 0), ("Asia/Tokyo", 9)])
    def test_weakness_72_a_moment_without_a_time_zone_is_in_the_current_one(self, exam, lms, zone, hours):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        with timezone.override(zone):
            attempts.set_status(attempt.pk, Status.timed_out, timeout_at=NOW.replace(tzinfo=None))
        attempt.refresh_from_db()
        assert attempt.completed_at == NOW - timedelta(hours=hours)

    def test_weakness_09_a_timeout_without_a_moment_is_now(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status=Status.started)
        with time_machine.travel(NOW, tick=False):
            assert attempts.set_status(attempt.pk, Status.timed_out).completed_at == NOW

    def test_a_start_without_time_is_handed_in_at_once(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, time_remaining_seconds=0)
        moved = attempts.set_status(attempt.pk, Status.started)
        assert (moved.status, moved.completed_at) == (Status.submitted, moved.started_at)

    def test_declining_alone(self, exam, lms, committed):
        ExamFactory(backend="watcher")
        attempt = AttemptFactory(proctored_exam=exam, status=Status.created)
        with committed():
            attempts.set_status(attempt.pk, Status.declined, cascade=False)
        assert Attempt.objects.count() == 1

    def test_a_status_of_an_old_release_can_be_left_by_the_system_only(self, exam, lms):
        attempt = AttemptFactory(proctored_exam=exam, status="ancient")
        with pytest.raises(ProctoredExamIllegalStatusTransition):
            attempts.submit(attempt)
        assert attempts.set_status(attempt.pk, Status.error, actor=Actor.STAFF).status == Status.error
