"""
What every call of the protocols goes through: who calls, has this been asked before, which fault is planned, the
journal.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from demo.simulator import behaviour, spoiling, tokens
from demo.simulator.behaviour import Subject
from demo.simulator.faults import ANSWER_FAULTS, CALLBACK_FAULTS, HEADER, Fault
from demo.simulator.models import Attempt, JournalEntry, KeptAnswer
from demo.simulator.plans import Plan
from demo.simulator.spoiling import Answer

REPEATABLE = frozenset({"POST", "PATCH"})


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
    def asked_fault(self) -> str:
        """The fault that the caller wishes for in a header."""
        return str(self.request.headers.get(HEADER, "")).strip()

    @property
    def fault(self) -> str:
        """What is wrong with the answer, as the caller wishes or as planned."""
        return self.asked_fault if self.asked_fault in ANSWER_FAULTS else self.plan.answer_fault

    @cached_property
    def plan(self) -> Plan:
        """How to treat the subject; a fault of messages that the caller wishes for holds for what the call leads to."""
        plan = behaviour.plan_for(self.subject)
        only_of_messages = self.asked_fault in CALLBACK_FAULTS - ANSWER_FAULTS
        return replace(plan, callback_fault=self.asked_fault) if only_of_messages else plan

    @cached_property
    def subject(self) -> Subject:
        """Whom the call is about."""
        attempt_id = self.ids.get("attempt_id", "")
        attempt = Attempt.objects.select_related("exam").filter(external_id=attempt_id).first() if attempt_id else None
        if attempt:
            return subject_of(attempt)
        extra = self.body.get("orgExtra")
        said = self.body | (extra if isinstance(extra, dict) else {})
        learner, email = said.get("user_id"), said.get("email")
        return Subject(learner=str(learner or ""), email=str(email or ""), exam=self.ids.get("exam_id", ""))


Handler = Callable[[Call], Answer]
Guard = Callable[[HttpRequest], Answer | None]


def subject_of(attempt: Attempt) -> Subject:
    """The attempt as plans know it."""
    return Subject(attempt.external_id, attempt.user_id, attempt.email, attempt.exam.external_id)


def needs_token(request: HttpRequest) -> Answer | None:
    """The refusal of a caller without a token of the vendor's."""
    if tokens.is_authentic(request.headers.get("Authorization", "")):
        return None
    return Answer({"detail": "a token of this vendor is needed"}, 401)


def resource(name: str, guard: Guard = needs_token, **handlers: Handler) -> Callable[..., HttpResponse]:
    """A view of the protocol's resource ``name`` with one handler a method, for callers that ``guard`` lets in."""

    @csrf_exempt
    def view(request: HttpRequest, **ids: str) -> HttpResponse:
        started = time.monotonic()
        call = Call(request, name, ids)
        # In one transaction, so that the journal tells of all that was done and of nothing else, even when killed here.
        with transaction.atomic():
            answer = _refused(call, guard, handlers) or _carry_out(call, handlers[request.method or ""])
            record(call, answer, started)
        if call.loses_answer:
            spoiling.drop(request)
        return spoiling.respond(request, answer, call.plan.slow_seconds)

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
        fault=answer.fault,
    )


def _refused(call: Call, guard: Guard, handlers: dict[str, Handler]) -> Answer | None:
    """What is wrong with the call before anything is done; otherwise its body has been read."""
    if refusal := guard(call.request):
        return refusal
    if (call.request.method or "") not in handlers:
        return Answer({"detail": "method not allowed"}, 405)
    if call.asked_fault and call.asked_fault not in ANSWER_FAULTS | CALLBACK_FAULTS:
        return Answer({"detail": f"{HEADER}: one of {', '.join(Fault)}"}, 400)
    try:
        call.body = json_object(call.request.body)
    except ValueError:
        return Answer({"detail": "a JSON object is needed"}, 400)
    if call.request.method == "PATCH":
        call.operation = str(call.body.get("status", ""))[:32]
    return None


def json_object(raw: bytes) -> dict[str, Any]:
    """The body as an object, empty for no body. Raises ``ValueError``."""
    body = json.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise ValueError
    return body


def _carry_out(call: Call, handler: Handler) -> Answer:
    if call.fault == Fault.ERROR:
        return Answer({"detail": "planned failure"}, 500, fault=call.fault)
    return replace(_answer(call, handler), fault=call.fault)


def _answer(call: Call, handler: Handler) -> Answer:
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
