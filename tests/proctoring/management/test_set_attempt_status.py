"""``manage.py set_attempt_status`` (contract vendors_admin_screens.md §5)."""

import pytest

from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.statuses import COMPLETED, INCOMPLETE
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory
from tests.proctoring.management.shell import exit_code, run

pytestmark = pytest.mark.django_db
Attempt = ProctoredExamStudentAttempt
COMMAND = "set_attempt_status"


@pytest.fixture
def attempt(vendor, lms):
    attempt = AttemptFactory(proctored_exam=ExamFactory(backend="watcher"), started=True, external_id="theirs")
    OutboxMessage.objects.all().delete()
    vendor.forget()
    return attempt


def stored(attempt):
    return Attempt.objects.get(pk=attempt.pk).status


def test_moves_the_attempt_with_all_that_follows(attempt, vendor, lms, mailoutbox, committed):
    with committed():
        done = run(COMMAND, "-a", str(attempt.pk), "-t", "submitted")
    assert (done.code, stored(attempt)) == (0, "submitted")
    assert lms.credit.statuses == [(attempt.user_id, attempt.proctored_exam.content_id, "submitted")]
    assert [call[0] for call in vendor.calls] == ["stop"]
    assert len(mailoutbox) == 1


def test_says_what_it_is_about_and_that_it_is_done(attempt):
    lines = run(COMMAND, "--attempt", str(attempt.pk), "--to", "verified").out.splitlines()
    assert lines == [
        f"Attempt {attempt.pk} is to become verified.",
        "started -> verified; what follows: 1 credit, 1 mail.status.",
        "Completed.",
    ]


def test_plain_options_do_as_well(attempt):
    assert run(COMMAND, attempt=str(attempt.pk), to="error").code == 0
    assert stored(attempt) == "error"


def test_a_dry_run_says_what_would_follow_and_does_nothing(attempt, vendor, lms, committed):
    before = (stored(attempt), attempt.history.count(), OutboxMessage.objects.count())
    with committed():
        done = run(COMMAND, "-a", str(attempt.pk), "-t", "rejected", "--dry-run")
    assert done.out.splitlines()[1:] == [
        "started -> rejected; what follows: 1 credit, 1 grade.zero, 1 certificate.invalidate, 1 mail.status.",
        "Dry run, nothing was changed.",
    ]
    assert (stored(attempt), attempt.history.count(), OutboxMessage.objects.count()) == before
    assert (vendor.calls, lms.tracker.events, lms.grades.overrides) == ([], [], [])


def test_what_follows_is_told_of_this_move_only(attempt, lms):
    # The learner's other attempt, and other learners, have had messages of their own.
    run(COMMAND, "-a", str(attempt.pk), "-t", "error")
    run(COMMAND, "-a", str(AttemptFactory(started=True).pk), "-t", "submitted")
    done = run(COMMAND, "-a", str(attempt.pk), "-t", "submitted")
    assert "what follows: 1 vendor.stop, 1 credit, 1 mail.status." in done.out


def test_declining_declines_the_others_too(attempt):
    assert "1 decline.others" in run(COMMAND, "-a", str(attempt.pk), "-t", "declined", dry_run=True).out


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_weakness_45_the_status_it_has_already_changes_nothing(attempt, options):
    run(COMMAND, "-a", str(attempt.pk), "-t", "submitted")
    completed, written = Attempt.objects.get().completed_at, OutboxMessage.objects.count()
    done = run(COMMAND, "-a", str(attempt.pk), "-t", "submitted", *options)
    assert done.code == 0
    assert "It is submitted already; nothing follows." in done.out
    assert (Attempt.objects.get().completed_at, OutboxMessage.objects.count()) == (completed, written)


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_move_that_is_not_possible_is_one_sentence(attempt, options):
    run(COMMAND, "-a", str(attempt.pk), "-t", "submitted")
    done = run(COMMAND, "-a", str(attempt.pk), "-t", "created", *options)
    assert (done.code, done.err) == (
        1,
        f"Attempt {attempt.pk}: This is not possible in the attempt's present state.",
    )
    assert stored(attempt) == "submitted"


@pytest.mark.parametrize("attempt_id", ["12345", str(2**40), str(2**63 - 1)])
def test_an_attempt_that_is_not_there_is_one_sentence(db, attempt_id):
    done = run(COMMAND, "-a", attempt_id, "-t", "verified")
    assert (done.code, done.err) == (1, f"Attempt {attempt_id}: There is no such attempt.")


@pytest.mark.parametrize("status", sorted(INCOMPLETE | COMPLETED))
def test_statuses_that_can_be_set(attempt, status):
    assert run(COMMAND, "-a", str(attempt.pk), "-t", status, "--dry-run").code == 0


@pytest.mark.parametrize("status", [Status.expired, Status.onboarding_reset, "nonsense", "Verified", "", None])
def test_statuses_that_cannot_be_set(attempt, status):
    done = run(COMMAND, attempt=str(attempt.pk), to=status)
    assert (done.code, stored(attempt)) == (2, "started")
    assert "verified" in done.err
    assert done.out == ""


@pytest.mark.parametrize("arguments", [["-a", "1"], ["-t", "verified"], [], ["-a", "one", "-t", "verified"]])
def test_what_is_missing_is_bad_usage(arguments):
    assert exit_code(COMMAND, *arguments) == 2
