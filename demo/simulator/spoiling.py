"""Answers to the LMS, and what a fault makes of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from demo.simulator.faults import Fault, other_id

# Closing a line, or leaving it open, is the server's business: it leaves the means in the request's environment.
DROP = "simulator.drop_connection"
KEEP_SILENT = "simulator.keep_silent"
GARBAGE = b'{"id": "\x80\x81, "status": <html>'
ID_MEMBERS = ("id", "ssiRecordLocator")


@dataclass(frozen=True)
class Answer:
    """A JSON answer; ``attempt`` is the vendor's id of the attempt it is about, for the journal, as is ``fault``."""

    body: Any
    status: int = 200
    attempt: str = ""
    fault: str = ""


def respond(request: HttpRequest, answer: Answer, slow_seconds: float) -> HttpResponse:
    """The answer as its fault leaves it. Takes as long as the fault says, so never call it inside a transaction."""
    if answer.fault == Fault.SLOW:
        time.sleep(slow_seconds)
    if answer.fault == Fault.SILENT:
        _do(request, KEEP_SILENT)
    if answer.fault == Fault.GARBAGE:
        return HttpResponse(GARBAGE, content_type="application/json")
    body = _about_another(answer.body) if answer.fault == Fault.WRONG_ID else answer.body
    return JsonResponse(body, status=answer.status, safe=False)


def drop(request: HttpRequest) -> None:
    """Close the line: the answer is lost."""
    _do(request, DROP)


def _do(request: HttpRequest, means: str) -> None:
    act: Callable[[], None] | None = request.META.get(means)
    if act:
        act()


def _about_another(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    return {name: other_id(str(value)) if name in ID_MEMBERS else value for name, value in body.items()}
