"""Approving in bulk: what it costs."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.verify_student.factories import VerificationFactory
from verify_student.services import approving

pytestmark = pytest.mark.django_db

READS_A_BATCH = 1
# Held three times, the approval before, the row, and messages for what follows.
MOST_STATEMENTS_A_LEARNER = 8


def cost(work, learners, size):
    """How many statements ``work`` needs for so many learners, in batches of ``size``."""
    ids = [VerificationFactory(status="submitted").user_id for _ in range(learners)]
    counts = Counter()
    with CaptureQueriesContext(connection) as captured:
        for batch in work(ids, size, pytest.fail):
            counts.update(batch.counts)
    assert counts == {approving.APPROVED: learners}
    return len([query for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]])


@pytest.mark.parametrize(("learners", "size"), [(2, 10), (9, 10), (9, 3)])
def test_weakness_w64_a_batch_is_read_by_one_query(learners, size):
    assert cost(approving.rehearse, learners, size) == READS_A_BATCH * -(-learners // size)


def test_weakness_w64_writing_takes_the_same_for_every_learner():
    one, five = (cost(approving.approve, learners, 10) - READS_A_BATCH for learners in (1, 5))
    assert five == 5 * one
    assert one <= MOST_STATEMENTS_A_LEARNER


def test_ids_are_read_as_they_are_needed():
    read = []

    def ids():
        for number in range(1, 10):
            read.append(number)
            yield number

    next(approving.rehearse(ids(), 2, lambda user_id: None))
    assert read == [1, 2, 3, 4]
