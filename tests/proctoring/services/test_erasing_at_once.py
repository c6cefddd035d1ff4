"""A learner is retired by several at the same time: erased once, certified once, by whoever came first."""

import pytest
from django.db import connection

from proctoring.models import AuditEntry, ErasureCertificate, PendingErasure
from proctoring.services import retirement
from tests.factories import AllowanceFactory
from tests.proctoring.services.test_concurrency import WORKERS, together

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]


def test_one_certificate():
    learner = AllowanceFactory(value="30").user
    outcomes = together(lambda: retirement.erase(learner.pk))
    certificate = ErasureCertificate.objects.get()
    assert outcomes == [certificate] * WORKERS
    assert AuditEntry.objects.filter(event="certificate.issued").count() == 1
    assert not PendingErasure.objects.exists()
