"""Vouching in bulk: what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import UserFactory
from verify_student.models import ManualVerification
from verify_student.services import vouching

pytestmark = pytest.mark.django_db


def cost(work, learners, size):
    """How many statements ``work`` needs for so many learners, in batches of ``size``."""
    users = [UserFactory(email=f"learner{number}@example.test") for number in range(learners)]
    addresses = [(number, user.email.upper()) for number, user in enumerate(users, start=1)]
    with CaptureQueriesContext(connection) as captured:
        for _ in work(addresses, size, pytest.fail):
            pass
    return len([query for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]])


@pytest.mark.parametrize(("learners", "batches"), [(2, 1), (40, 1), (41, 2), (120, 3)])
def test_weakness_w64_a_batch_takes_the_same_whatever_its_size(learners, batches):
    # Accounts, whom to hold, who is known, the new rows, and that it is on record. Names come with the accounts where a
    # host has no profiles.
    assert cost(vouching.vouch, learners, 40) == 5 * batches
    assert ManualVerification.objects.count() == learners


@pytest.mark.parametrize("learners", [2, 40])
def test_weakness_w64_a_dry_run_reads_twice(learners):
    assert cost(vouching.rehearse, learners, 40) == 2
