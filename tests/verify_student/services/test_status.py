"""What operators have to know of identity verification."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proctoring.common.operations import Level
from proctoring.common.outbox import OutboxState
from tests.verify_student.factories import VerificationFactory
from verify_student.conf import SCHEDULES
from verify_student.models import OutboxMessage, SoftwareSecurePhotoVerification
from verify_student.services import delivery, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """Rows by the keys of their section and of their own, as they are when asked for."""

    def made():
        return {(section.key, row.key): row for section in status.report() for row in section.rows}

    return made


def test_a_site_without_any_work_is_well_but_for_its_schedule(report):
    wrong = {key for key, row in report().items() if row.level is not Level.OK}
    assert wrong == {("schedule", schedule.task) for schedule in SCHEDULES}


def test_learners_who_wait_for_a_decision(report):
    for state, days in (("submitted", 9), ("must_retry", 6), ("submitted", 4), ("approved", 99)):
        row = VerificationFactory(status=state)
        since = timezone.now() - timedelta(days=days)
        SoftwareSecurePhotoVerification.objects.filter(pk=row.pk).update(status_changed=since)
    told = report()["stuck", "verifications.waiting"]
    assert (told.count, told.level, (timezone.now() - told.oldest).days) == (2, Level.ATTENTION, 9)


def test_a_provider_that_is_a_machine_is_told_of(report, settings):
    assert not [key for key in report() if key[0] == "contacts"]
    settings.VERIFY_STUDENT = settings.VERIFY_STUDENT | {"PROVIDER": "software_secure"}
    assert report()["contacts", "software_secure"].breaker == "closed"


def test_what_became_of_calls_is_known(report):
    OutboxMessage.objects.create(kind="unheard.of", destination="software_secure")
    delivery.courier.do_due()
    row = report()["contacts", "software_secure"]
    assert (row.level, row.error_code, row.waiting) == (Level.ATTENTION, "KeyError", 1)


def test_it_takes_as_long_however_much_there_is(report, query_budget):
    with query_budget("operations.verify_student"):
        report()
    for number in range(30):
        state = [OutboxState.PENDING, OutboxState.DEAD][number % 2]
        OutboxMessage.objects.create(kind=f"kind{number}", destination=f"provider{number}", state=state)
        VerificationFactory(status="submitted")
    with query_budget("operations.verify_student"):
        report()
