"""``manage.py reset_attempts`` (contract vendors_admin_screens.md §5, since_6_1.md 6)."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.models.signals import pre_delete
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proctoring.common.http import VendorUnreachable
from proctoring.models import OutboxMessage, ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.services import delivery
from proctoring.statuses import COMPLETED, ONBOARDING_ERRORS, PRE_START
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import COURSE_ID, AttemptFactory, ExamFactory, ReviewFactory
from tests.proctoring.management.shell import exit_code, run

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt
COMMAND = "reset_attempts"


@pytest.fixture
def exam(vendor, lms):
    return ExamFactory(backend="watcher")


@pytest.fixture
def listed(tmp_path):
    """A file with one number, or whatever else, in each line."""

    def write(*lines):
        path = tmp_path / "attempts.txt"
        path.write_text("".join(f"{getattr(line, 'pk', line)}\n" for line in lines))
        return str(path)

    return write


def created(exam, number=1, **fields):
    attempts = [AttemptFactory(proctored_exam=exam, **fields) for _ in range(number)]
    OutboxMessage.objects.all().delete()
    return attempts


def left():
    return list(Attempt.objects.order_by("pk"))


def kinds():
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))


def test_deletes_what_is_listed_and_leaves_the_rest(exam, listed):
    kept, *others = created(exam, 4)
    done = run(COMMAND, "-p", listed(*others))
    assert (done.code, done.out) == (0, f"3 removed, 3 at exam {exam.pk}.\n")
    assert left() == [kept]


def test_the_number_deleted_is_logged_by_batch(exam, listed, caplog):
    caplog.set_level(logging.INFO)
    run(COMMAND, "--file_path", listed(*created(exam, 3)), "--batch_size", "2", "--sleep_time", "0")
    assert [line for line in caplog.messages if "removed" in line] == [
        "Attempts removed: attempts=2 refused=0",
        "Attempts removed: attempts=1 refused=0",
    ]


def test_plain_options_do_as_well(exam, listed):
    path = listed(*created(exam, 3))
    assert run(COMMAND, file_path=path, batch_size="2", sleep_time="0").code == 0
    assert left() == []


def test_rests_after_a_full_batch(exam, listed, monkeypatch):
    rests = []
    monkeypatch.setattr("time.sleep", rests.append)
    run(COMMAND, "-p", listed(*created(exam, 3)), "--batch_size", "2", "--sleep_time", "1.5")
    assert rests == [1.5]


def test_a_file_is_needed(exam, tmp_path):
    assert exit_code(COMMAND) == 2
    assert run(COMMAND, "-p", str(tmp_path / "missing")).code == 2


def test_lines_that_make_no_sense_are_told_by_number_and_the_rest_is_done(exam, listed):
    first, second = created(exam, 2)
    done = run(COMMAND, "-p", listed(first, "somebody@example.com", "", 2**40, "-1", second))
    assert (done.code, left()) == (1, [])
    assert done.summary == f"2 removed, 2 at exam {exam.pk}, 3 lines refused."
    assert done.err.splitlines()[:3] == [
        "Line 2: not a number of a row",
        "Line 5: not a number of a row",
        "Line 4: there is no such attempt",
    ]
    assert "somebody" not in done.err + done.out


def test_a_number_that_is_listed_twice_is_removed_once(exam, listed):
    (attempt,) = created(exam)
    assert run(COMMAND, "-p", listed(attempt, attempt)).out == f"1 removed, 1 at exam {exam.pk}.\n"


class TestWhatTheVendorHears:
    def test_is_written_once_for_a_batch_and_told_after_commit(self, exam, listed, vendor, committed):
        attempts = created(exam, 3)
        vendor.forget()
        with committed():
            run(COMMAND, "-p", listed(*attempts))
        told = [("remove", exam.external_id, attempt.external_id) for attempt in attempts]
        assert sorted(vendor.calls) == sorted(told)

    def test_a_vendor_that_is_away_is_left_alone_and_hears_later(self, exam, listed, vendor, committed):
        attempts = created(exam, 3)
        vendor.forget()
        vendor.fail_with = VendorUnreachable("watcher")
        with committed():
            run(COMMAND, "-p", listed(*attempts))
        assert (len(vendor.calls), left()) == (1, [])
        vendor.fail_with = None
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            delivery.deliver_due()
        assert len(vendor.answered) == 3

    def test_one_that_does_not_confirm_is_asked_of_the_next(self, exam, listed, vendor, committed):
        attempts = created(exam, 3)
        vendor.forget()
        vendor.confirms_removal = False
        with committed():
            run(COMMAND, "-p", listed(*attempts))
        assert len(vendor.calls) == 3

    def test_is_nothing_where_it_has_nothing(self, exam, listed):
        attempts = created(exam, external_id=None) + created(ExamFactory(timed=True))
        run(COMMAND, "-p", listed(*attempts))
        assert (kinds(), left()) == ([], [])


class TestWeakness47:
    def test_weakness_47_attempts_of_another_course_are_refused(self, exam, listed):
        (mine,), (other,) = created(exam), created(ExamFactory(course_id="course-v1:Other+C+1"))
        done = run(COMMAND, "-p", listed(mine, other), "--course-id", COURSE_ID)
        assert (done.code, left()) == (1, [other])
        assert "Line 2: the attempt is at an exam of another course" in done.err

    @pytest.mark.parametrize("course", ["course-v1:No+Such+Course", "a\0b", ""])
    def test_weakness_47_a_course_without_exams_is_bad_usage(self, exam, listed, course):
        (attempt,) = created(exam)
        assert run(COMMAND, "-p", listed(attempt), course_id=course).code == 2
        assert left() == [attempt]

    def test_weakness_47_a_dry_run_says_how_many_at_each_exam(self, exam, listed):
        other = ExamFactory(backend="watcher")
        attempts = created(exam, 2) + created(other) + created(other, started=True)
        done = run(COMMAND, "-p", listed(*attempts), "--dry-run")
        assert done.summary == (
            f"Dry run, nothing was changed: 3 removed, 2 at exam {exam.pk}, 1 at exam {other.pk}, 1 lines refused."
        )
        assert (len(left()), kinds()) == (4, [])

    @pytest.mark.parametrize("status", sorted(PRE_START | ONBOARDING_ERRORS | {"eligible", "expired"}))
    def test_weakness_47_what_nobody_has_begun_leaves_nothing_behind(self, exam, listed, status):
        run(COMMAND, "-p", listed(*created(exam, status=status)))
        assert (left(), kinds()) == ([], ["vendor.remove"])

    @pytest.mark.parametrize("status", sorted(COMPLETED - ONBOARDING_ERRORS | {"started", "ready_to_submit", "of old"}))
    def test_weakness_47_what_was_begun_or_judged_is_refused(self, exam, listed, status):
        attempts = created(exam, status=status)
        done = run(COMMAND, "-p", listed(*attempts))
        assert (done.code, left(), kinds()) == (1, attempts, [])
        assert "Line 1: the attempt has been begun, or something has come of it" in done.err

    def test_weakness_47_a_clock_that_has_run_is_a_beginning(self, exam, listed):
        attempts = created(exam, status=Status.created, started_at=timezone.now())
        run(COMMAND, "-p", listed(*attempts))
        assert left() == attempts

    def test_weakness_47_what_was_begun_leaves_nothing_behind_where_it_is_wanted(self, exam, listed, lms, committed):
        (attempt,) = created(exam, submitted=True)
        review = ReviewFactory(attempt=attempt)
        Attempt.objects.filter(pk=attempt.pk).update(status=Status.verified)
        OutboxMessage.objects.all().delete()
        with committed():
            assert run(COMMAND, "-p", listed(attempt), "--started-too").code == 0
        assert left() == []
        assert kinds() == ["answers.delete", "grade.undo", "credit.remove", "vendor.remove"]
        assert lms.instructor.deleted == [(attempt.user.username, exam.course_id, exam.content_id)]
        assert lms.credit.removed == [(attempt.user_id, exam.content_id)]
        review.refresh_from_db()
        assert not review.is_attempt_active
        assert ProctoredExamSoftwareSecureReview.objects.count() == 1


@pytest.fixture
def poisoned(exam):
    """An attempt that a host's listener will not let go."""
    (attempt,) = created(exam)
    numbers = {attempt.pk}

    def refuse(instance, **kwargs):
        if instance.pk in numbers:
            raise ZeroDivisionError("words of a stranger")

    pre_delete.connect(refuse, sender=Attempt)
    yield attempt
    pre_delete.disconnect(refuse, sender=Attempt)


def test_one_row_that_fails_never_stops_the_others(exam, poisoned, listed, caplog):
    done = run(COMMAND, "-p", listed(*created(exam), poisoned, *created(exam)))
    assert (done.code, done.summary) == (1, f"1 failed, 2 removed, 2 at exam {exam.pk}.")
    assert (left(), kinds()) == ([poisoned], ["vendor.remove"] * 2)
    assert f"An attempt could not be removed: attempt={poisoned.pk} error=ZeroDivisionError" in caplog.messages
    assert "stranger" not in caplog.text + done.err


def test_reading_takes_no_more_queries_for_more_rows(exam, listed):
    def selects(number):
        path = listed(*created(exam, number))
        with CaptureQueriesContext(connection) as queries:
            assert run(COMMAND, "-p", path, sleep_time=0).code == 0
        return sum(query["sql"].startswith("SELECT") for query in queries)

    assert selects(2) == selects(9) == 2
