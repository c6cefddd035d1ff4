"""``manage.py set_is_attempt_active`` (contract vendors_admin_screens.md §5)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proctoring.models import (
    OutboxMessage,
    ProctoredExamSoftwareSecureReview,
    ProctoredExamSoftwareSecureReviewHistory,
    ProctoredExamStudentAttempt,
)
from tests.factories import AttemptFactory, ExamFactory, ReviewFactory
from tests.proctoring.management.shell import run, run_on_a_terminal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]
Review = ProctoredExamSoftwareSecureReview
Former = ProctoredExamSoftwareSecureReviewHistory
COMMAND = "set_is_attempt_active"


@pytest.fixture
def exam():
    return ExamFactory(backend="watcher")


def reviewed(exam, archived=0, **fields):
    review = ReviewFactory(attempt=AttemptFactory(proctored_exam=exam, submitted=True), **fields)
    for _ in range(archived):
        review.archived().save()
    return review


def orphan(exam, archived=0):
    """As an old release left it: the attempt is gone, and nobody said so."""
    review = reviewed(exam, archived)
    ProctoredExamStudentAttempt.objects.filter(attempt_code=review.attempt_code).delete()
    Review.objects.filter(pk=review.pk).update(is_attempt_active=True)
    return review


def active(model):
    return list(model.objects.filter(is_attempt_active=True).order_by("pk").values_list("attempt_code", flat=True))


def test_marks_reviews_and_their_archive(exam):
    here = reviewed(exam, archived=1)
    for archived in (0, 1, 2):
        orphan(exam, archived)
    # Its review is gone as well, so only the archive speaks of it.
    gone = orphan(exam, archived=2)
    Review.objects.filter(pk=gone.pk).delete()
    assert run(COMMAND).out == "3 reviews, 6 archived reviews.\n"
    assert active(Review) == active(Former) == [here.attempt_code]


def test_a_dry_run_only_counts(exam):
    orphan(exam, archived=2)
    assert run(COMMAND, "--dry-run").out == "Dry run, nothing was changed: 1 reviews, 2 archived reviews.\n"
    assert (len(active(Review)), len(active(Former))) == (1, 2)


def test_nothing_follows_from_it(exam):
    review = orphan(exam)
    Review.objects.filter(pk=review.pk).update(review_status="Suspicious")
    before = Review.objects.get(pk=review.pk).modified
    OutboxMessage.objects.all().delete()
    run(COMMAND)
    assert (Former.objects.count(), OutboxMessage.objects.count()) == (0, 0)
    assert Review.objects.get(pk=review.pk).modified == before


def test_what_is_done_is_not_found_again(exam):
    orphan(exam, archived=1)
    run(COMMAND)
    assert run(COMMAND).out == "Nothing to do.\n"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_weakness_46_no_row_is_left_out_whatever_the_size_of_a_batch(exam, size):
    here = [reviewed(exam, archived=1).attempt_code for _ in range(2)]
    for _ in range(5):
        orphan(exam, archived=1)
    # A batch that begins among the reviews does not end in the archive, and none is kept from one call to the next.
    for _ in range(2):
        assert run(COMMAND, batch_size=size, sleep_time=0).code == 0
        assert active(Review) == active(Former) == here


def test_rests_between_batches(exam, monkeypatch):
    rests = []
    monkeypatch.setattr("time.sleep", rests.append)
    for _ in range(3):
        orphan(exam)
    run(COMMAND, "--batch_size", "2", "--sleep_time", "3")
    assert rests == [3.0]


def test_says_which_rows_it_has_marked(exam, caplog):
    caplog.set_level("INFO", "proctoring.services.orphans")
    review = orphan(exam, archived=1)
    run(COMMAND)
    assert caplog.messages == [
        "Looking for reviews of attempts that are gone",
        f"Its attempt is gone: kind=reviews id={review.pk}",
        "Marked: reviews=1 archived=1",
        "Looking for archived reviews of attempts that are gone",
    ]
    assert review.attempt_code not in caplog.text


def test_a_batch_takes_no_more_queries_for_more_rows(exam):
    def queries(number):
        for _ in range(number):
            orphan(exam, archived=1)
        with CaptureQueriesContext(connection) as captured:
            run(COMMAND)
        return len(captured)

    assert queries(2) == queries(9)


def test_progress_is_of_all_that_say_it_is_there(exam):
    reviewed(exam, archived=1)
    orphan(exam)
    assert "3/3" in run_on_a_terminal(COMMAND)
