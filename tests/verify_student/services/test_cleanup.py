"""Deleting in bulk: what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.verify_student.factories import ManualFactory
from verify_student.models import ManualVerification
from verify_student.services import cleanup

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("learners", [2, 40])
def test_weakness_w64_a_batch_takes_the_same_whatever_its_size(host, learners):
    host.people.retired = {ManualFactory().user_id for _ in range(learners)}
    with CaptureQueriesContext(connection) as captured:
        assert [batch.counts for batch in cleanup.erase(100)] == [{cleanup.DELETED: learners}]
    # The batch, which of them no hold covers, blanking, deleting, and a look whether there is another one.
    assert len([query for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]) == 5
    assert not ManualVerification.objects.exists()
