"""What the vendor tells the LMS: rows first, calls later, so that a killed vendor still tells it."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from demo.simulator import reviews
from demo.simulator.faults import Fault, other_id
from demo.simulator.models import Attempt, Callback, Protocol, new_id
from demo.simulator.plans import Plan
from demo.simulator.verdicts import State

READY, REVIEWED = "ready", "reviewed"
READY_BODY = json.dumps({"status": "ready"})
MALFORMED_BODY = '{"status": "passed", "comments": [{"comment": '
# Messages that follow one another keep this distance, in seconds.
APART = 0.15
PATH = "/api/edx_proctoring/v1/proctored_exam/attempt/{attempt}/{kind}"
SOFTWARE_SECURE_PATH = "/api/edx_proctoring/proctoring_review_callback/"


def path_of(callback: Callback) -> str:
    """Where the callback goes, below the LMS's root."""
    if callback.attempt.protocol == Protocol.SOFTWARE_SECURE:
        return SOFTWARE_SECURE_PATH
    attempt = callback.attempt.external_id
    return PATH.format(attempt=other_id(attempt) if callback.fault == Fault.WRONG_ID else attempt, kind=callback.kind)


def after_registration(attempt: Attempt, plan: Plan) -> None:
    """
    The learner's computer will be ready after the plan's delay. Of the Software Secure protocol there is nothing to
    tell: the vendor's browser opens the exam.
    """
    delay = plan.ready_delay
    if plan.callback_fault == Fault.REORDERED:
        send_review(attempt, plan, delay)
        delay += APART
    if attempt.protocol == Protocol.REST:
        _write(Callback(attempt=attempt, kind=READY, body=READY_BODY), delay, plan)


def after_start(attempt: Attempt, plan: Plan) -> None:
    """Nothing, unless messages come out of order."""
    if plan.callback_fault == Fault.REORDERED and not _is_reviewed(attempt):
        send_review(attempt, plan, 0)


def after_submission(attempt: Attempt, plan: Plan) -> None:
    """The review will be done after the plan's delay, with the plan's faults around it."""
    if plan.callback_fault != Fault.REORDERED or not _is_reviewed(attempt):
        send_review(attempt, plan, plan.review_delay)


def send_review(attempt: Attempt, plan: Plan, delay: float) -> list[int]:
    """
    The plan's review in ``delay`` seconds; broken ones before it and repetitions after it, where the plan has any. Ids
    of the callbacks.
    """
    ids: list[int] = []
    if plan.malformed_first:
        ids += _write(_malformed(attempt), delay, plan)
        delay += APART
    body = reviews.body_of(attempt, plan)
    review = Callback(attempt=attempt, kind=REVIEWED, body=body, verdict=plan.status, delivery_id=new_id())
    for number in range(plan.duplicate_callbacks + 1):
        ids += _write(review, delay + APART * number, plan)
    return ids


def _is_reviewed(attempt: Attempt) -> bool:
    return attempt.callbacks.filter(kind=REVIEWED).exists()


def _malformed(attempt: Attempt) -> Callback:
    return Callback(attempt=attempt, kind=REVIEWED, body=MALFORMED_BODY)


def remember_review(callback: Callback) -> None:
    """The LMS has taken the review: it is the vendor's verdict from now on."""
    if callback.verdict:
        Attempt.objects.filter(pk=callback.attempt_id).update(review_status=callback.verdict)


def repeat_review(attempt: Attempt, times: int) -> list[int]:
    """Send the attempt's review as it was sent before, ``times`` more times at once; ids of the callbacks."""
    sent = attempt.callbacks.filter(kind=REVIEWED).exclude(verdict="").order_by("pk").first()
    return [_write_one(sent, sent.fault, 0) for _ in range(times)] if sent else []


def send_malformed_review(attempt: Attempt) -> int:
    """Send a review that cannot be read; id of the callback."""
    return _write_one(_malformed(attempt), "", 0)


def _write(message: Callback, delay: float, plan: Plan) -> list[int]:
    fault = plan.callback_fault
    if fault == Fault.GARBAGE:
        message = Callback(attempt=message.attempt, kind=message.kind, body=MALFORMED_BODY)
    late = plan.slow_seconds if fault == Fault.SLOW else 0
    times = 2 if fault == Fault.DUPLICATE else 1
    return [_write_one(message, fault, delay + late) for _ in range(times)]


def _write_one(message: Callback, fault: str, delay: float) -> int:
    due_at = timezone.now() + timedelta(seconds=delay)
    return Callback.objects.create(
        attempt=message.attempt,
        kind=message.kind,
        body=message.body,
        verdict=message.verdict,
        delivery_id=message.delivery_id,
        fault=fault,
        due_at=due_at,
    ).pk


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
        "fault": callback.fault,
    }
