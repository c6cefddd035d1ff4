"""``manage.py update_attempts_for_exam`` (contract vendors_admin_screens.md §5, python.md §2.5-2.6)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services.transitions import change_status
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory
from tests.proctoring.management.shell import exit_code, run, run_on_a_terminal

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt
COMMAND = "update_attempts_for_exam"


@pytest.fixture
def exam(vendor, lms):
    return ExamFactory(backend="watcher")


def attempts(exam, *statuses, **fields):
    made = [AttemptFactory(proctored_exam=exam, submitted=True, **fields | {"status": status}) for status in statuses]
    OutboxMessage.objects.all().delete()
    return made


def kinds():
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True))


def test_credit_grade_and_certificate_again(exam, lms, committed):
    attempts(exam, Status.submitted, Status.verified, Status.rejected, Status.started)
    with committed():
        done = run(COMMAND, "--exam_id", str(exam.pk))
    assert (done.code, done.out) == (
        0,
        "3 credit, 1 grade.zero, 1 certificate.invalidate, 1 attempts without any.\n",
    )
    assert sorted(status for _, _, status in lms.credit.statuses) == ["failed", "satisfied", "submitted"]
    assert len(lms.grades.overrides) == len(lms.certificates.invalidated) == 1


def test_weakness_45_no_mail_no_vendor_no_times(exam, vendor, lms, mailoutbox, committed):
    made = attempts(exam, Status.submitted, Status.verified, Status.rejected, Status.error, Status.declined)
    before = list(Attempt.objects.order_by("pk").values())
    rows = Attempt.history.count()
    vendor.forget()
    with committed():
        run(COMMAND, exam_id=exam.pk)
    assert list(Attempt.objects.order_by("pk").values()) == before
    assert (Attempt.history.count(), len(made)) == (rows, 5)
    assert (vendor.calls, mailoutbox, lms.instructor.completed) == ([], [], [])
    assert set(OutboxMessage.objects.values_list("destination", flat=True)) == {"lms"}


def test_a_zero_grade_that_an_earlier_rejection_left_is_taken_away(exam, lms, committed):
    (attempt,) = attempts(exam, Status.submitted)
    for status in (Status.rejected, Status.second_review_required, Status.verified):
        change_status(attempt.pk, status, actor=Actor.STAFF)
    OutboxMessage.objects.all().delete()
    with committed():
        run(COMMAND, exam_id=exam.pk)
    assert (kinds(), len(lms.grades.undone)) == (["credit", "grade.restore"], 1)


@pytest.mark.parametrize(
    ("statuses", "written"),
    [
        # Contract python.md §2.5: what the learner's other attempts are decides whether this one counts.
        ((Status.error, Status.verified), ["credit"]),
        ((Status.verified, Status.verified), ["credit", "credit"]),
        ((Status.submitted, Status.rejected), ["credit", "grade.zero", "certificate.invalidate"]),
        ((Status.rejected, Status.rejected), []),
        ((Status.declined, Status.rejected), ["credit"]),
        ((Status.created, Status.onboarding_missing), []),
    ],
)
def test_the_same_gate_as_when_it_moved(exam, statuses, written):
    first, second = attempts(exam, *statuses)
    Attempt.objects.filter(pk=second.pk).update(user=first.user)
    run(COMMAND, exam_id=exam.pk)
    assert kinds() == written


def test_other_kinds_of_exams(vendor, lms):
    for traits in ({"timed": True}, {"practice": True}):
        exam = ExamFactory(**traits)
        attempts(exam, Status.submitted)
        assert run(COMMAND, exam_id=exam.pk).out == "1 attempts without any.\n"


def test_only_this_exam(exam):
    attempts(ExamFactory(), Status.verified)
    assert run(COMMAND, exam_id=exam.pk).out == "Nothing to do.\n"


def test_a_dry_run_only_counts(exam):
    attempts(exam, Status.verified, Status.rejected)
    done = run(COMMAND, exam_id=exam.pk, dry_run=True)
    assert done.out == (
        "Dry run, nothing was changed: 2 credit, 1 grade.zero, 1 certificate.invalidate, 0 attempts without any.\n"
    )
    assert kinds() == []


def test_after_a_row(exam):
    first, second = attempts(exam, Status.verified, Status.verified)
    run(COMMAND, exam_id=exam.pk, after=first.pk)
    assert [message.payload["user_id"] for message in OutboxMessage.objects.all()] == [second.user_id]


def test_weakness_45_an_exam_is_needed(exam):
    assert exit_code(COMMAND) == 2
    assert exit_code(COMMAND, "--exam_id", "one") == 2


@pytest.mark.parametrize("exam_id", [10**6, "1000000", 2**40, 2**63 - 1])
def test_weakness_45_an_exam_that_is_not_there_is_bad_usage(exam, exam_id):
    assert run(COMMAND, exam_id=exam_id).code == 2


def test_progress_is_of_all_attempts(exam):
    attempts(exam, Status.verified, Status.error)
    assert "2/2" in run_on_a_terminal(COMMAND, exam_id=exam.pk)


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_batch_takes_no_more_queries_for_more_rows(exam, options):
    def queries(number):
        attempts(exam, *[Status.verified, Status.rejected] * number)
        with CaptureQueriesContext(connection) as captured:
            run(COMMAND, "--exam_id", str(exam.pk), *options)
        return len(captured)

    assert queries(1) == queries(9)


def test_batches_and_their_log(exam, caplog):
    caplog.set_level("INFO", "proctoring.services.reapplying")
    made = attempts(exam, Status.verified, Status.started, Status.error)
    done = run(COMMAND, "--exam-id", str(exam.pk), "--batch_size", "2", "--sleep_time", "0")
    assert done.out == "2 credit, 1 attempts without any.\n"
    assert caplog.messages == [
        f"Status applied again: attempt={made[0].pk} status=verified",
        f"Status applied again: attempt={made[2].pk} status=error",
    ]
