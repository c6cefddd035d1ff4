"""How somebody is told why nothing was done: in a sentence for htmx, which has a place for it, or on a page."""

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from proctoring.services import pace

TEMPLATE = "proctoring/refused.html"


def by_htmx(request: HttpRequest) -> bool:
    """Whether a script asks, which puts the answer into the page that is open."""
    return request.headers.get("HX-Request") == "true"


def refused(request: HttpRequest, detail: str, back: str, *, status: int, template: str = TEMPLATE) -> HttpResponse:
    """Why nothing was done, with the way ``back``."""
    if by_htmx(request):
        return HttpResponse(detail, content_type="text/plain; charset=utf-8", status=status)
    return render(request, template, {"detail": detail, "back_url": back}, status=status)


def too_often(request: HttpRequest, back: str, *, template: str = TEMPLATE) -> HttpResponse | None:
    """What an account is told that changes things too often (``THROTTLE_RATES``); None lets it, and counts it."""
    if request.method in pace.READING:
        return None
    wait = pace.seconds_to_wait(pace.scope_of(request.user, request.method), pace.account_of(request.user))
    if wait is None:
        return None
    seconds = max(math.ceil(wait), 1)
    text = ngettext(
        "This was more than we can do for one person at a time. Wait for {seconds} second, then try again.",
        "This was more than we can do for one person at a time. Wait for {seconds} seconds, then try again.",
        seconds,
    )
    answer = refused(request, text.format(seconds=seconds), back, status=429, template=template)
    answer.headers["Retry-After"] = str(seconds)
    return answer
