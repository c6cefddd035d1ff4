"""Sealing a log for the first time, by several at once, on a database with row locks."""

import pytest
from django.db import connection

from proctoring.common.audit import Subject, findings
from proctoring.models import AuditEntry
from proctoring.services import audit
from tests.proctoring.services.test_concurrency import together

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("entries", [150, 700])
def test_whoever_comes_second_at_the_beginning_leaves_it_to_the_first(entries):
    audit.write([audit.entry("attempt.moved", Subject("attempt", number)) for number in range(entries)])
    outcomes = together(audit.seal)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    audit.seal()
    assert not AuditEntry.objects.filter(sequence=None).exists()
    assert not list(findings(audit.log, print))
