"""Effects that are written again while attempts move, on a database with row locks."""

import pytest
from django.db import connection

from proctoring.models import OutboxMessage
from proctoring.services import reapplying
from proctoring.services.transitions import change_status
from proctoring.statuses import Actor
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import AttemptFactory, ExamFactory
from tests.proctoring.services.test_concurrency import WORKERS, together

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs row locks; `make test-services` runs this"),
    pytest.mark.django_db(transaction=True),
]


def test_the_last_word_on_credit_is_what_the_attempt_has_become(lms, vendor):
    exam = ExamFactory(backend="watcher")
    attempts = [AttemptFactory(proctored_exam=exam, submitted=True) for _ in range(WORKERS)]
    turn = iter(attempts)

    def move_or_repeat():
        attempt = next(turn)
        if attempt.pk % 2:
            for _ in range(3):
                list(reapplying.apply_again(exam, 4))
        else:
            for moved in attempts:
                change_status(moved.pk, Status.verified, actor=Actor.STAFF)

    assert set(together(move_or_repeat)) == {None}
    credit = OutboxMessage.objects.filter(kind="credit").order_by("pk").values_list("stream", "payload")
    assert {payload["status"] for payload in dict(credit).values()} == {"satisfied"}
