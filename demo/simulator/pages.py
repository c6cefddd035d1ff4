"""Pages for the people who run the demo: what each attempt went through, and what the vendor shall do next."""

import math
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from demo.simulator import behaviour, callbacks, faults, plans
from demo.simulator.gateway import subject_of
from demo.simulator.models import Attempt, JournalEntry, Protocol
from demo.simulator.plans import COMMENTS, PlanError
from demo.simulator.reviews import STATUSES

SHOWN = 200
TITLES = {
    "passed": "Passed",
    "violation": "Rules violation",
    "suspicious": "Suspicious",
    "not_reviewed": "Not reviewed",
}
DONE = {
    "faults": "The faults have been set. They hold until you change them.",
    "review": "The review is on its way to the LMS. Reload this page to see what came of it.",
}


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The newest attempts, and what can be asked of the simulator."""
    attempts = Attempt.objects.select_related("exam").order_by("-pk")[:SHOWN]
    every = {fault.name: fault for fault in (*faults.ANSWERS, *faults.CALLBACKS)}
    context = {"attempts": attempts, "header": faults.HEADER, "faults": every.values()}
    return render(request, "simulator/index.html", context)


@require_safe
@never_cache
def attempt(request: HttpRequest, attempt_id: str) -> HttpResponse:
    """One attempt."""
    return _page(request, _attempt(attempt_id))


@require_POST
def set_faults(request: HttpRequest, attempt_id: str) -> HttpResponse:
    """Choose the attempt's faults."""
    subject = _attempt(attempt_id)
    form = request.POST
    try:
        behaviour.set_faults(
            subject_of(subject),
            answer=form.get("answer_fault", ""),
            callback=form.get("callback_fault", ""),
            slow_seconds=_seconds(form.get("slow_seconds", "")),
        )
    except PlanError as error:
        return _page(request, subject, problem=str(error))
    return _back(attempt_id, "faults")


@require_POST
def send_review(request: HttpRequest, attempt_id: str) -> HttpResponse:
    """Send a review now."""
    subject = _attempt(attempt_id)
    form = request.POST
    status = form.get("status", "")
    if status not in plans.REVIEW_STATUSES:
        return _page(request, subject, problem="Choose a verdict for the review.")
    plan = behaviour.plan_for(subject_of(subject))
    comments = COMMENTS[status] if "comments" in form else ()
    callbacks.send_review(subject, replace(plan, status=status, comments=comments, recording="recording" in form), 0)
    return _back(attempt_id, "review")


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The page behind the vendor's download address. A learner who has a code goes on to their attempt."""
    code = request.GET.get("code", "").strip()
    found = Attempt.objects.filter(code=code).exclude(code="").first()
    if found:
        return redirect("attempt", found.external_id)
    return render(request, "simulator/download.html", {"code": code})


@require_GET
def recording(request: HttpRequest, attempt_id: str, player: str) -> HttpResponse:
    """The page behind the address of a recording."""
    return render(request, "simulator/recording.html", {"attempt": _attempt(attempt_id), "player": player})


def _back(attempt_id: str, done: str) -> HttpResponse:
    """To the attempt's page, which says what has been done."""
    return redirect(f"{reverse('attempt', args=[attempt_id])}?{urlencode({'done': done})}")


def _attempt(attempt_id: str) -> Attempt:
    found = Attempt.objects.select_related("exam").filter(external_id=attempt_id).first()
    if found is None:
        raise Http404
    return found


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if math.isnan(seconds):
        raise PlanError("slow_seconds: a number of seconds")
    return seconds


def _page(request: HttpRequest, shown: Attempt, problem: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "attempt": shown,
        "is_software_secure": shown.protocol == Protocol.SOFTWARE_SECURE,
        "plan": behaviour.plan_for(subject_of(shown)),
        "groups": [
            {"name": "answer_fault", "legend": "Answers to the LMS’s calls", "faults": faults.ANSWERS},
            {"name": "callback_fault", "legend": "Messages to the LMS", "faults": faults.CALLBACKS},
        ],
        "verdicts": [(status, TITLES[status]) for status in STATUSES],
        "longest": plans.MAXIMA["slow_seconds"],
        "callbacks": shown.callbacks.order_by("pk"),
        "journal": JournalEntry.objects.filter(attempt=shown.external_id).order_by("-pk")[:SHOWN],
        "done": DONE.get(request.GET.get("done", "")),
        "problem": problem,
    }
    return render(request, "simulator/attempt.html", context, status=400 if problem else 200)
