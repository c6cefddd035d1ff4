"""Inspection and control for the story and for people: nothing a real vendor has."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from demo.simulator import behaviour, callbacks, journal, plans
from demo.simulator.gateway import subject_of
from demo.simulator.models import Attempt, Callback

MAX_REPEATS = 100


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether the process answers and its tables are there; ``last_sequence`` is the end of the journal."""
    return JsonResponse({"status": "ok", "last_sequence": journal.last_sequence()})


@require_GET
def show_journal(request: HttpRequest) -> HttpResponse:
    """Calls after ``since`` (0: all)."""
    given = request.GET.get("since", "0")
    return JsonResponse({"entries": journal.since(int(given) if given.isdecimal() else 0)})


@require_GET
def show_attempts(request: HttpRequest) -> HttpResponse:
    """All attempts in the order of registration, with their callbacks; ``learner`` narrows to an e-mail's name."""
    attempts = Attempt.objects.select_related("exam").prefetch_related("callbacks").order_by("pk")
    if learner := request.GET.get("learner"):
        attempts = attempts.filter(email__startswith=f"{learner}@")
    return JsonResponse({"attempts": [_shown(attempt) for attempt in attempts]})


def _shown(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.external_id,
        "exam": attempt.exam.external_id,
        "content_id": attempt.exam.content_id,
        "user_id": attempt.user_id,
        "learner": attempt.email.partition("@")[0],
        "status": attempt.status,
        "review_status": attempt.review_status,
        "protocol": attempt.protocol,
        "code": attempt.code,
        "exam_url": attempt.exam_url,
        "callbacks": [callbacks.shown(callback) for callback in attempt.callbacks.all()],
    }


def _reads_json(view: Callable[[dict[str, Any]], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    @csrf_exempt
    @require_POST
    def reading(request: HttpRequest) -> HttpResponse:
        # A page of another site cannot send this content type without asking first, so it cannot steer the simulator.
        if request.content_type != "application/json":
            return _refused("send application/json", 415)
        try:
            body = json.loads(request.body)
        except ValueError:
            return _refused("not JSON")
        return view(body) if isinstance(body, dict) else _refused("a JSON object is needed")

    return reading


def _refused(detail: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)


@_reads_json
def set_plan(body: dict[str, Any]) -> HttpResponse:
    """``{"attempt" | "learner" | "exam": id, …members of a plan}``; exam and attempt ids are the vendor's."""
    scopes = [scope for scope in behaviour.SCOPES if scope in body]
    if len(scopes) != 1:
        return _refused(f"name one of {', '.join(behaviour.SCOPES)}")
    scope = scopes[0]
    target = body.pop(scope)
    if not isinstance(target, str) or not target:
        return _refused(f"{scope}: an id")
    try:
        plan = plans.parse(body)
    except plans.PlanError as error:
        return _refused(str(error))
    behaviour.set_plan(scope, target, plan)
    return JsonResponse({scope: target, "plan": plan.as_json()})


@_reads_json
def send_review(body: dict[str, Any]) -> HttpResponse:
    """
    ``{"attempt": id}`` and ``"times": n`` send the review again, ``"malformed": true`` a broken one, ``"new": true``
    the one of the attempt's plan as if the vendor had just reviewed.
    """
    attempt = Attempt.objects.filter(external_id=str(body.get("attempt"))).first()
    if attempt is None:
        return _refused("no such attempt", 404)
    if body.get("new") is True:
        ids = callbacks.send_review(attempt, behaviour.plan_for(subject_of(attempt)), 0)
    elif body.get("malformed") is True:
        ids = [callbacks.send_malformed_review(attempt)]
    else:
        times = body.get("times", 1)
        if not isinstance(times, int) or not 1 <= times <= MAX_REPEATS:
            return _refused(f"times: 1 to {MAX_REPEATS}")
        ids = callbacks.repeat_review(attempt, times)
    if not ids:
        return _refused("this attempt has no review yet", 409)
    return JsonResponse({"callbacks": [callbacks.shown(each) for each in _with_ids(ids)]})


def _with_ids(ids: list[int]) -> list[Callback]:
    return list(Callback.objects.filter(pk__in=ids).select_related("attempt").order_by("pk"))
