"""The vendor's token endpoint (contract vendors_admin_screens.md §3.2)."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from demo.simulator import tokens
from demo.simulator.gateway import Call, record
from demo.simulator.spoiling import Answer


@csrf_exempt
@require_POST
def access_token(request: HttpRequest) -> HttpResponse:
    """Client credentials in a form; a signed token with its lifetime in seconds."""
    started = time.monotonic()
    answer = _answer(request)
    record(Call(request, "token", {}), answer, started)
    return JsonResponse(answer.body, status=answer.status)


def _answer(request: HttpRequest) -> Answer:
    form = request.POST
    if form.get("grant_type") != "client_credentials":
        return Answer({"error": "unsupported_grant_type"}, 400)
    client_id = form.get("client_id", "")
    if not tokens.is_client(client_id, form.get("client_secret", "")):
        return Answer({"error": "invalid_client"}, 401)
    return Answer({"access_token": tokens.issue(client_id), "expires_in": settings.TOKEN_SECONDS, "token_type": "JWT"})
