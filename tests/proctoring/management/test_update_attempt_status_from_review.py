"""``manage.py update_attempt_status_from_review`` (contract vendors_admin_screens.md §5, since_6_1.md 1-2, 12)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from proctoring.models import (
    OutboxMessage,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAttempt,
)
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory, UserFactory
from tests.proctoring.management.shell import exit_code, run

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt
Review = ProctoredExamSoftwareSecureReview
COMMAND = "update_attempt_status_from_review"
DAY = datetime(2026, 3, 9, tzinfo=UTC)
SPAN = ("--start_date_time", "2026-03-09 00:00:00", "--end_date_time", "2026-03-09 23:59:59")


@pytest.fixture
def exam(vendor, lms):
    return ExamFactory(backend="watcher")


def judged(exam, status=Status.verified, at=DAY, review=None, **fields):
    """An attempt as an old release left it, with a review from ``at``; a clean one unless ``review`` says more."""
    fields = {"submitted": True} | fields
    attempt = AttemptFactory(proctored_exam=exam, **fields)
    made = ReviewFactory(attempt=attempt, **(review or {}))
    Attempt.objects.filter(pk=attempt.pk).update(status=status, completed_at=attempt.completed_at)
    Review.objects.filter(pk=made.pk).update(modified=at)
    OutboxMessage.objects.all().delete()
    return Attempt.objects.get(pk=attempt.pk)


def statuses():
    return list(Attempt.objects.order_by("pk").values_list("status", flat=True))


def test_decides_again_with_all_that_follows(exam, lms, mailoutbox, committed):
    judged(exam, Status.submitted)
    with committed():
        done = run(COMMAND, *SPAN)
    assert (done.code, done.out) == (0, "1 submitted -> verified.\n")
    assert [status for _, _, status in lms.credit.statuses] == ["satisfied"]
    assert len(mailoutbox) == 1


def test_who_never_handed_in_has_not_passed(exam):
    """Rule 1 of level 6.1, applied to what an older one had verified."""
    judged(exam, submitted=False, status=Status.verified)
    judged(exam)
    done = run(COMMAND, *SPAN)
    assert statuses() == ["error", "verified"]
    assert done.out == "1 verified -> error, 1 unchanged.\n"


def test_a_timeout_counts_as_handed_in(exam):
    attempt = AttemptFactory(proctored_exam=exam, status=Status.timed_out)
    Review.objects.filter(pk=ReviewFactory(attempt=attempt).pk).update(modified=DAY)
    assert run(COMMAND, *SPAN).out == "1 unchanged.\n"


def test_a_dry_run_says_what_would_change(exam):
    judged(exam, submitted=False)
    judged(exam, Status.submitted, review={"suspicious": True})
    judged(exam, Status.declined, review={"suspicious": True})
    before = statuses()
    done = run(COMMAND, *SPAN, "--dry-run")
    assert done.out == (
        "Dry run, nothing was changed: 1 verified -> error, 1 submitted -> second_review_required, "
        "1 that may not move their attempt.\n"
    )
    assert (statuses(), OutboxMessage.objects.count()) == (before, 0)
    assert run(COMMAND, *SPAN).out == (
        "1 verified -> error, 1 submitted -> second_review_required, 1 that may not move their attempt.\n"
    )


@pytest.mark.parametrize("human", [True, False])
def test_a_status_of_an_old_release_is_for_people_to_end(exam, human):
    by = UserFactory(staff=True) if human else None
    judged(exam, "of old", review={"suspicious": True, "reviewed_by": by})
    told = "1 of old -> rejected" if human else "1 that may not move their attempt"
    assert run(COMMAND, *SPAN, dry_run=True).out == f"Dry run, nothing was changed: {told}.\n"
    assert run(COMMAND, *SPAN).out == f"{told}.\n"


def test_the_reviewer_decides(exam):
    reviewer = UserFactory(staff=True)
    attempt = judged(exam, Status.submitted, review={"suspicious": True, "reviewed_by": reviewer})
    run(COMMAND, *SPAN)
    assert attempt.history.first().history_user == reviewer
    assert statuses() == ["rejected"]


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_attempts_that_are_gone_or_reset_decide_nothing(exam, options):
    judged(exam, Status.submitted).delete()
    judged(exam, Status.onboarding_reset)
    assert "2 without an attempt to decide" in run(COMMAND, *SPAN, *options).out
    assert statuses() == ["onboarding_reset"]


class TestWeakness45:
    def test_weakness_45_the_review_keeps_its_time_and_gets_no_copy(self, exam):
        judged(exam, Status.submitted)
        run(COMMAND, *SPAN)
        assert list(Review.objects.values_list("modified", flat=True)) == [DAY]
        assert not ProctoredExamSoftwareSecureReviewHistory.objects.exists()

    def test_weakness_45_nothing_follows_where_nothing_changes(self, exam, lms, vendor, mailoutbox, committed):
        attempt = judged(exam)
        vendor.forget()
        rows = attempt.history.count()
        with committed():
            assert run(COMMAND, *SPAN).out == "1 unchanged.\n"
        assert (attempt.history.count(), OutboxMessage.objects.count(), len(mailoutbox)) == (rows, 0, 0)
        assert (lms.tracker.events, vendor.calls) == ([], [])
        assert Attempt.objects.get().completed_at == attempt.completed_at

    def test_weakness_45_again_changes_nothing(self, exam):
        judged(exam, Status.submitted)
        run(COMMAND, *SPAN)
        assert run(COMMAND, *SPAN).out == "1 unchanged.\n"

    def test_weakness_45_one_row_that_fails_never_stops_the_others(self, exam, caplog):
        _, poisoned, _ = [judged(exam, Status.submitted) for _ in range(3)]

        def refuse(instance, **kwargs):
            if instance.pk == poisoned.pk:
                raise ZeroDivisionError("words of a stranger")

        post_save.connect(refuse, sender=Attempt)
        try:
            done = run(COMMAND, *SPAN)
        finally:
            post_save.disconnect(refuse, sender=Attempt)
        assert (done.code, statuses()) == (1, ["verified", "submitted", "verified"])
        assert done.summary == "2 submitted -> verified, 1 failed."
        assert "error=ZeroDivisionError" in caplog.text
        assert "stranger" not in caplog.text + done.err

    def test_weakness_45_two_attempts_with_one_code_are_not_guessed_at(self, exam):
        attempt = judged(exam, Status.submitted)
        AttemptFactory(proctored_exam=exam, attempt_code=attempt.attempt_code)
        assert run(COMMAND, *SPAN).code == 1
        assert statuses() == ["submitted", "created"]


class TestWhich:
    def found(self, *arguments, **options):
        return run(COMMAND, *arguments, dry_run=True, **options).out

    @pytest.mark.parametrize(
        ("first", "last", "count"),
        [
            ("2026-03-09 00:00:00", "2026-03-09 00:00:00", 1),
            ("2026-03-09 00:00:01", "2026-03-10 00:00:00", 0),
            ("2026-03-08 00:00:00", "2026-03-08 23:59:59", 0),
            ("2026-03-08", "2026-03-10", 1),
        ],
    )
    def test_those_of_a_span_of_time_with_both_its_ends(self, exam, first, last, count):
        judged(exam)
        told = f"{count} unchanged" if count else "nothing to do"
        assert told in self.found(start_date_time=first, end_date_time=last)

    @pytest.mark.parametrize(
        ("start", "count"), [("2026-03-09 02:00:00+02:00", 1), ("2026-03-08T19:00:01-05:00", 0), (DAY, 1)]
    )
    def test_weakness_72_every_instant_has_a_zone(self, exam, settings, start, count):
        settings.TIME_ZONE = "Asia/Tokyo"
        judged(exam)
        told = f"{count} unchanged" if count else "nothing to do"
        assert told in self.found(start_date_time=start, end_date_time=DAY + timedelta(hours=1))

    def test_weakness_72_without_one_it_is_utc_and_nobody_is_warned(self, exam, settings, recwarn):
        settings.TIME_ZONE = "America/New_York"
        judged(exam)
        assert "1 unchanged" in self.found(*SPAN)
        assert not [warning for warning in recwarn if "naive" in str(warning.message)]

    @pytest.mark.parametrize("given", [[], SPAN[:2], SPAN[2:]])
    def test_weakness_45_a_span_is_needed(self, exam, given):
        judged(exam, Status.submitted)
        assert exit_code(COMMAND, *given) == 2
        assert run(COMMAND, start_date_time=None, end_date_time=None).code == 2
        assert statuses() == ["submitted"]

    @pytest.mark.parametrize(
        ("first", "last"),
        [("yesterday", "2026-03-09 00:00:00"), ("2026-03-09", "2026-02-30"), ("2026-03-09", "2026-03-08")],
    )
    def test_weakness_45_a_span_that_makes_no_sense_is_bad_usage(self, exam, first, last):
        judged(exam, Status.submitted)
        assert run(COMMAND, start_date_time=first, end_date_time=last).code == 2
        assert statuses() == ["submitted"]

    def test_of_one_exam_or_course(self, exam):
        other = ExamFactory(course_id="course-v1:Other+C+1")
        judged(exam)
        for _ in range(2):
            judged(other)
        assert "1 unchanged" in self.found(*SPAN, "--exam_id", str(exam.pk))
        assert "2 unchanged" in self.found(*SPAN, "--course-id", other.course_id)
        assert "nothing to do" in self.found(*SPAN, exam_id=str(exam.pk), course_id=exam.course_id, after="100000")

    @pytest.mark.parametrize("which", [{"exam_id": 10**6}, {"exam_id": "one"}, {"course_id": "none"}, {"after": "x"}])
    def test_what_is_not_there_is_bad_usage(self, exam, which):
        assert run(COMMAND, *SPAN, **which).code == 2

    def test_after_a_row(self, exam):
        for _ in range(3):
            judged(exam)
        second = list(Review.objects.order_by("pk").values_list("pk", flat=True))[1]
        assert "1 unchanged" in self.found(*SPAN, "--after", str(second))


def test_reading_takes_no_more_queries_for_more_rows(exam):
    def queries(number, *options):
        for _ in range(number):
            judged(exam)
        with CaptureQueriesContext(connection) as captured:
            assert run(COMMAND, *SPAN, *options).code == 0
        return len(captured)

    for options in ([], ["--dry-run"]):
        assert queries(2, *options) == queries(9, *options)


def test_a_move_takes_some_twenty_statements(exam):
    def queries(number):
        for _ in range(number):
            judged(exam, Status.submitted)
        with CaptureQueriesContext(connection) as captured:
            run(COMMAND, *SPAN)
        return len(captured)

    one, three = queries(1), queries(3)
    assert (three - one) / 2 <= 25
