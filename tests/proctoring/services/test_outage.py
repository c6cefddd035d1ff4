"""A vendor that is down for an hour while a thousand attempts are going on."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses
import time_machine
from django.contrib.auth import get_user_model

from proctoring import tasks
from proctoring.common.inbox import Envelope
from proctoring.models import OutboxMessage, ProctoredExamStudentAttempt
from proctoring.services import attempts, inbox
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status
from tests.factories import ExamFactory
from tests.proctoring.backends.rest_vendor import BASE, CLIENT_ID, CLIENT_SECRET, TOKEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lms")]
Attempt = ProctoredExamStudentAttempt
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MANY, BY_HAND, LOST_ANSWERS = 1000, 25, 3
PATCHED = re.compile(rf"{re.escape(BASE)}/api/v1/exam/[^/]+/attempt/([^/]+)/")


class Receiver:
    """The vendor's end: what it was told, by ``Idempotency-Key``, as a vendor that honours it keeps it."""

    def __init__(self, away_until):
        self.away_until = away_until
        self.lost = LOST_ANSWERS
        self.calls = Counter()
        self.calls_when_back = Counter()
        self.told = {}

    def answer(self, request):
        key = request.headers["Idempotency-Key"]
        self.calls[key] += 1
        if datetime.now(UTC) < self.away_until:
            if not self.lost:
                raise requests.ConnectionError
            # It goes down in the middle of its work: what it was told it knows, but nobody hears of that.
            self.lost -= 1
            self.take(request, key)
            raise requests.ReadTimeout
        self.calls_when_back[key] += 1
        self.take(request, key)
        return 200, {}, json.dumps({"status": "ok"})

    def take(self, request, key):
        attempt, status = PATCHED.fullmatch(request.url)[1], json.loads(request.body)["status"]
        self.told.setdefault(attempt, {}).setdefault(key, status)


@pytest.fixture
def vendor(settings, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    settings.PROCTORING_BACKENDS = {
        "DEFAULT": "rest",
        "rest": {
            "class": "proctoring.backends.rest.BaseRestProctoringProvider",
            "base_url": BASE,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        },
    }
    receiver = Receiver(away_until=NOON + HOUR)
    with responses.RequestsMock() as wire:
        wire.post(TOKEN, json={"access_token": "token-1", "expires_in": 36000})
        wire.add_callback("PATCH", PATCHED, receiver.answer)
        yield receiver


def in_flight():
    """Attempts that run, each of which the vendor is still to be told of."""
    exam = ExamFactory(backend="rest", external_id="exam-77")
    OutboxMessage.objects.all().delete()
    model = get_user_model()
    users = model.objects.bulk_create(model(username=f"learner{number}") for number in range(MANY))
    Attempt.objects.bulk_create(
        Attempt(
            user=user,
            proctored_exam=exam,
            attempt_code=f"CODE-{number}",
            external_id=f"attempt-{number}",
            status=Status.started,
            started_at=NOON,
            allowed_time_limit_mins=90,
            deadline_at=NOON + 90 * MINUTE,
            taking_as_proctored=True,
        )
        for number, user in enumerate(users)
    )
    running = list(Attempt.objects.order_by("pk"))
    OutboxMessage.objects.bulk_create(told("vendor.start", attempt) for attempt in running)
    return running


def told(kind, attempt):
    payload = {"backend": "rest", "exam": "exam-77", "attempt": attempt.external_id, "attempt_id": attempt.pk}
    return OutboxMessage(kind=kind, destination="rest", stream=f"vendor:{attempt.pk}", payload=payload)


def hand_in(running):
    """Some as learners do, the others as rows: what counts here is what the vendor is told."""
    for attempt in running[:BY_HAND]:
        attempts.submit(attempt)
    others = running[BY_HAND:]
    Attempt.objects.filter(pk__in=[attempt.pk for attempt in others]).update(
        status=Status.submitted, completed_at=datetime.now(UTC)
    )
    OutboxMessage.objects.bulk_create(told("vendor.stop", attempt) for attempt in others)


def for_a_while(clock, duration):
    """The schedule goes round."""
    for _ in range(duration // MINUTE):
        clock.shift(MINUTE)
        tasks.deliver_outbox()


def test_all_end_right_and_none_is_told_twice(vendor):
    with time_machine.travel(NOON, tick=False) as clock:
        running = in_flight()
        for_a_while(clock, 30 * MINUTE)
        hand_in(running)
        for_a_while(clock, 29 * MINUTE)
        tried = sum(vendor.calls.values())
        assert vendor.calls_when_back == {}
        assert set(Attempt.objects.values_list("status", flat=True)) == {Status.submitted}

        for_a_while(clock, 90 * MINUTE)
        for attempt in running[:BY_HAND]:
            for _ in range(2):
                inbox.receive(Envelope("rest", inbox.REVIEW, attempt.external_id, b'{"status": "passed"}'))

    # Nobody hammers at a vendor that is down.
    assert tried < 60 * 3
    assert set(OutboxMessage.objects.filter(destination="rest").values_list("state", flat=True)) == {"done"}
    wanted = {f"attempt-{number}": ["started", "submitted"] for number in range(MANY)}
    assert {attempt: list(statuses.values()) for attempt, statuses in vendor.told.items()} == wanted
    assert set(vendor.calls_when_back.values()) == {1}
    assert len(vendor.calls_when_back) == 2 * MANY
    reviewed = Attempt.objects.filter(pk__in=[attempt.pk for attempt in running[:BY_HAND]])
    assert set(reviewed.values_list("status", flat=True)) == {Status.verified}
    assert Attempt.objects.filter(status=Status.submitted).count() == MANY - BY_HAND
