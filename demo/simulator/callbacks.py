"""What the vendor tells the LMS: rows first, calls later, so that a killed vendor still tells it."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from demo.simulator.models import Attempt, Callback
from demo.simulator.plans import Plan
from demo.simulator.verdicts import State

READY, REVIEWED = "ready", "reviewed"
READY_BODY = json.dumps({"status": "ready"})
MALFORMED_BODY = '{"status": "passed", "comments": [{"comment": '
# A broken review and the repetitions of a right one keep this distance, in seconds.
APART = 0.15
PATH = "/api/edx_proctoring/v1/proctored_exam/attempt/{attempt}/{kind}"


def path_of(callback: Callback) -> str:
    """Where the callback goes, below the LMS's root."""
    return PATH.format(attempt=callback.attempt.external_id, kind=callback.kind)


def plan_ready(attempt: Attempt, plan: Plan) -> None:
    """The learner's computer will be ready after the plan's delay."""
    _write(attempt, READY, READY_BODY, plan.ready_delay)


def plan_review(attempt: Attempt, plan: Plan) -> None:
    """The review will be done after the plan's delay, with the plan's faults around it."""
    if plan.malformed_first:
        _write(attempt, REVIEWED, MALFORMED_BODY, plan.review_delay)
    delay = plan.review_delay + APART * plan.malformed_first
    body = json.dumps(plan.review)
    for number in range(plan.duplicate_callbacks + 1):
        _write(attempt, REVIEWED, body, delay + APART * number)


def remember_review(callback: Callback) -> None:
    """The LMS has taken the review: it is the vendor's verdict from now on."""
    verdict = json.loads(callback.body)["status"]
    Attempt.objects.filter(pk=callback.attempt_id).update(review_status=verdict)


def repeat_review(attempt: Attempt, times: int) -> list[int]:
    """Send the attempt's review as it was sent before, ``times`` more times at once; ids of the callbacks."""
    sent = attempt.callbacks.filter(kind=REVIEWED).exclude(body=MALFORMED_BODY).order_by("pk").first()
    return [_write(attempt, REVIEWED, sent.body, 0) for _ in range(times)] if sent else []


def send_malformed_review(attempt: Attempt) -> int:
    """Send a review that cannot be read; id of the callback."""
    return _write(attempt, REVIEWED, MALFORMED_BODY, 0)


def _write(attempt: Attempt, kind: str, body: str, delay: float) -> int:
    due_at = timezone.now() + timedelta(seconds=delay)
    return Callback.objects.create(attempt=attempt, kind=kind, body=body, due_at=due_at).pk


def due(now: datetime) -> list[Callback]:
    """Callbacks whose time has come, the oldest first."""
    waiting = Callback.objects.filter(state=State.PENDING, due_at__lte=now)
    return list(waiting.select_related("attempt").order_by("due_at", "pk")[:50])


def shown(callback: Callback) -> dict[str, Any]:
    """The callback for inspection, without its body."""
    return {
        "id": callback.pk,
        "attempt": callback.attempt.external_id,
        "kind": callback.kind,
        "state": callback.state,
        "tries": callback.tries,
        "status": callback.status,
    }
