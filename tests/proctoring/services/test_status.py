"""What operators have to know of exams and their vendors."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proctoring.common.http import circuit_of
from proctoring.common.operations import Level
from proctoring.common.outbox import OutboxState
from proctoring.conf import SCHEDULES
from proctoring.models import OutboxMessage
from proctoring.services import delivery, status
from tests.factories import AttemptFactory, ExamFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
REST = {"class": "proctoring.backends.rest.BaseRestProctoringProvider", "base_url": "https://vendor.example"}


@pytest.fixture
def report():
    """Rows by the keys of their section and of their own, as they are when asked for."""

    def made():
        return {(section.key, row.key): row for section in status.report() for row in section.rows}

    return made


def test_a_site_without_any_work_is_well_but_for_its_schedule(report):
    rows = report()
    assert {key for key, row in rows.items() if row.level is not Level.OK} == {
        ("schedule", schedule.task) for schedule in SCHEDULES
    }
    assert {row.level for row in rows.values()} == {Level.OK, Level.ATTENTION}


@pytest.mark.parametrize(("late", "level"), [(1, Level.OK), (6, Level.ATTENTION), (16, Level.BROKEN)])
def test_attempts_that_nobody_closes(report, late, level):
    exam = ExamFactory(timed=True)
    AttemptFactory(proctored_exam=exam, started=True, deadline_at=timezone.now() - late * MINUTE)
    AttemptFactory(proctored_exam=exam, started=True, deadline_at=timezone.now() + MINUTE)
    AttemptFactory(proctored_exam=exam, submitted=True, deadline_at=timezone.now() - 99 * MINUTE)
    row = report()["stuck", "attempts.overdue"]
    assert (row.count, row.level) == (1, level)


def test_each_configured_vendor_is_told_of_with_its_breaker(report, settings):
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "theirs",
        "theirs": REST | {"client_id": "a", "client_secret": "b"},
        "null": {},
        "gone": {"class": "no.such.Plugin"},
    }
    rows = {key: row.breaker for (section, key), row in report().items() if section == "contacts"}
    assert rows == {"theirs": "closed", "null": "", "gone": ""}
    circuit_of("vendor.example", 1, 30.0).record(False)
    row = report()["contacts", "theirs"]
    assert (row.breaker, row.level) == ("open", Level.ATTENTION)


def test_what_became_of_calls_is_known(report, vendor):
    attempt = AttemptFactory(proctored_exam__timed=True)
    payload = {"backend": "watcher", "exam": "e", "attempt": "a", "attempt_id": attempt.pk}
    OutboxMessage.objects.create(kind="vendor.error", destination="watcher", payload=payload)
    OutboxMessage.objects.create(kind="unheard.of", destination="other")
    OutboxMessage.objects.create(kind="unheard.of", destination="lms")
    delivery.deliver_due()
    rows = report()
    assert rows["contacts", "watcher"].succeeded_at is not None
    other = rows["contacts", "other"]
    assert (other.failing_since == other.failed_at, other.error_code, other.waiting) == (True, "KeyError", 1)
    assert ("contacts", "lms") not in rows


def test_it_takes_as_long_however_much_there_is(report, query_budget):
    with query_budget("operations.proctoring"):
        report()
    for number in range(30):
        state = [OutboxState.PENDING, OutboxState.DEAD][number % 2]
        OutboxMessage.objects.create(kind=f"kind{number}", destination=f"vendor{number}", state=state)
        AttemptFactory(started=True, deadline_at=timezone.now())
    with query_budget("operations.proctoring"):
        report()
