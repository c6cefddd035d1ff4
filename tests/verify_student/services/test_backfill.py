"""Back-filling in bulk: what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import UserFactory
from verify_student.lms.types import SignOnProvider
from verify_student.models import SSOVerification
from verify_student.services import backfill

pytestmark = pytest.mark.django_db

PROVIDER = SignOnProvider(SSOVerification.SAML, "gatech", vouches=True)


def cost(host, learners, work):
    """How many statements ``work`` needs for so many learners in one batch, those apart that write announcements."""
    host.sign_ons.linked["saml-gatech"] = [UserFactory().pk for _ in range(learners)]
    with CaptureQueriesContext(connection) as captured:
        list(work())
    outbox = [query for query in captured.captured_queries if "INSERT" in query["sql"] and "outbox" in query["sql"]]
    others = [query for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    return len(others) - len(outbox)


@pytest.mark.parametrize("learners", [1, 50])
def test_weakness_w64_a_batch_takes_the_same_whatever_its_size(host, learners):
    # Who is verified, who they are, whom to hold, who is verified now, the new rows, what is on record.
    assert cost(host, learners, lambda: backfill.backfill("saml-gatech", PROVIDER, 100)) == 6


@pytest.mark.parametrize("learners", [1, 50])
def test_weakness_w64_a_dry_run_reads_twice(host, learners):
    assert cost(host, learners, lambda: backfill.rehearse("saml-gatech", 100)) == 2
