"""
What every call of the protocol goes through: who calls, has this been asked before, which fault is planned, the
journal.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from demo.simulator import behaviour, tokens
from demo.simulator.behaviour import Subject
from demo.simulator.models import Attempt, JournalEntry, KeptAnswer

REPEATABLE = frozenset({"POST", "PATCH"})
DROP = "simulator.drop_connection"


@dataclass(frozen=True)
class Answer:
    """A JSON answer; ``attempt`` is the vendor's id of the attempt it is about, for the journal."""

    body: Any
    status: int = 200
    attempt: str = ""


@dataclass
class Call:
    """A request as the protocol sees it, and what the journal has to say about it."""

    request: HttpRequest
    operation: str
    ids: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    is_duplicate: bool = False
    loses_answer: bool = False

    @property
    def key(self) -> str:
        """The caller's idempotency key, empty for calls that may be repeated anyway."""
        if self.request.method not in REPEATABLE:
            return ""
        return str(self.request.headers.get("Idempotency-Key", ""))[:255]

    @property
    def target(self) -> str:
        """What the key stands for."""
        return f"{self.request.method} {self.request.path}"

    @property
    def subject(self) -> Subject:
        """Whom the call is about."""
        attempt_id = self.ids.get("attempt_id", "")
        attempt = Attempt.objects.select_related("exam").filter(external_id=attempt_id).first() if attempt_id else None
        if attempt:
            return subject_of(attempt)
        learner, email = self.body.get("user_id"), self.body.get("email")
        return Subject(learner=str(learner or ""), email=str(email or ""), exam=self.ids.get("exam_id", ""))


Handler = Callable[[Call], Answer]


def subject_of(attempt: Attempt) -> Subject:
    """The attempt as plans know it."""
    return Subject(attempt.external_id, attempt.user_id, attempt.email, attempt.exam.external_id)


def resource(name: str, **handlers: Handler) -> Callable[..., HttpResponse]:
    """A view of the protocol's resource ``name`` with one handler a method."""

    @csrf_exempt
    def view(request: HttpRequest, **ids: str) -> HttpResponse:
        started = time.monotonic()
        call = Call(request, name, ids)
        # In one transaction, so that the journal tells of all that was done and of nothing else, even when killed here.
        with transaction.atomic():
            answer = _answer(call, handlers)
            record(call, answer, started)
        if call.loses_answer:
            _drop(request)
        return JsonResponse(answer.body, status=answer.status, safe=False)

    return view


def record(call: Call, answer: Answer, started: float) -> None:
    """Write the call into the journal; ``started`` is a monotonic time."""
    JournalEntry.objects.create(
        direction="in",
        operation=call.operation,
        attempt=answer.attempt or call.ids.get("attempt_id", ""),
        method=call.request.method or "",
        path=call.request.path[:600],
        status=answer.status,
        milliseconds=round((time.monotonic() - started) * 1000),
        key=call.key,
        duplicate=call.is_duplicate,
        answer_lost=call.loses_answer,
    )


def _answer(call: Call, handlers: dict[str, Handler]) -> Answer:
    if not tokens.is_authentic(call.request.headers.get("Authorization", "")):
        return Answer({"detail": "a token of this vendor is needed"}, 401)
    handler = handlers.get(call.request.method or "")
    if handler is None:
        return Answer({"detail": "method not allowed"}, 405)
    try:
        call.body = _json_object(call.request.body)
    except ValueError:
        return Answer({"detail": "a JSON object is needed"}, 400)
    if call.request.method == "PATCH":
        call.operation = str(call.body.get("status", ""))[:32]
    return _carry_out(call, handler)


def _json_object(raw: bytes) -> dict[str, Any]:
    body = json.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise ValueError
    return body


def _carry_out(call: Call, handler: Handler) -> Answer:
    kept = KeptAnswer.objects.filter(key=call.key).first() if call.key else None
    if kept and kept.request != call.target:
        return Answer({"detail": "this idempotency key belongs to another request"}, 422)
    if kept:
        call.is_duplicate = True
        return Answer(kept.body, kept.status)
    subject = call.subject
    if behaviour.play_fault(subject, "error_first", call.operation):
        return Answer({"detail": "planned failure"}, 500)
    answer = handler(call)
    if call.key and answer.status < 500:
        KeptAnswer.objects.create(key=call.key, request=call.target, status=answer.status, body=answer.body)
    call.loses_answer = behaviour.play_fault(subject, "lose_answer_first", call.operation)
    return answer


def _drop(request: HttpRequest) -> None:
    # Closing the line is the server's business: it leaves the means in the request's environment.
    drop: Callable[[], None] | None = request.META.get(DROP)
    if drop:
        drop()
