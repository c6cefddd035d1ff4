"""
``Idempotency-Key``: a request that is made again under its key is not carried out again, and gets its first answer.

For signed-in callers and everything that is not safe to repeat. What vendors send has the inbox for that.
"""

import hashlib
import json
from typing import Any

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from proctoring.common.idempotency import AnswerState
from proctoring.models import IdempotentAnswer
from proctoring.services import idempotency
from proctoring.services.idempotency import Answer, Asked
from proctoring.services.pace import account_of

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"


class AnsweredBefore(Exception):
    """Ends a request whose answer is known."""

    def __init__(self, first: Answer) -> None:
        super().__init__()
        self.response = HttpResponse(first.body, status=first.code, headers={REPLAYED_HEADER: "true"})
        del self.response["Content-Type"]
        if first.content_type:
            self.response["Content-Type"] = first.content_type


def claimed(request: Request) -> IdempotentAnswer | None:
    """A claim to carry the request out, None where nobody asks for one. Raises ``AnsweredBefore`` and refusals."""
    if HEADER not in request.headers or request.method in SAFE_METHODS or not request.user.is_authenticated:
        return None
    key = request.headers[HEADER]
    claim = idempotency.begin(Asked(owner=account_of(request.user), key=key, digest=_digest(request)))
    if claim.state == AnswerState.FINISHED:
        raise AnsweredBefore(idempotency.first_answer(claim))
    return claim


def settled(claim: IdempotentAnswer, response: HttpResponseBase) -> None:
    """Keep what the caller is about to get; a failure on our side may be tried again."""
    if response.status_code >= 500 or not isinstance(response, HttpResponse):
        idempotency.release(claim)
        return
    if hasattr(response, "render"):
        response.render()
    idempotency.keep(claim, Answer(response.status_code, response.get("Content-Type", ""), response.content))


def _digest(request: Request) -> str:
    """Of what is asked for, not of its bytes: a form in parts has another boundary each time."""
    whole = f"{request.method}\n{request.get_full_path()}\n{_said(request.data)}"
    return hashlib.sha256(whole.encode()).hexdigest()


def _said(data: Any) -> str:
    if isinstance(data, QueryDict):
        return data.urlencode()
    return json.dumps(data, sort_keys=True)
