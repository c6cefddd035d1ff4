"""The instructor's dashboard (contract vendors_admin_screens.md §3.8): its address carries a token of the LMS."""

from typing import Any

import jwt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from demo.simulator.models import Attempt, Exam, Protocol

REQUIRED = ["course_id", "user", "iss", "jti", "exp"]
ALGORITHM = "HS256"


@require_GET
@never_cache
def show(request: HttpRequest, client_id: str) -> HttpResponse:
    """A course's attempts, or an exam's, or one of them, or how an exam is set up: whatever the token says."""
    claims = _claims(request.GET.get("jwt", ""), client_id)
    if claims is None:
        return render(request, "simulator/dashboard_refused.html", status=403)
    attempts = Attempt.objects.filter(exam__course_id=claims["course_id"], protocol=Protocol.REST)
    if exam_id := claims.get("exam_id"):
        attempts = attempts.filter(exam__external_id=exam_id)
    if attempt_id := claims.get("attempt_id"):
        attempts = attempts.filter(external_id=attempt_id)
    context = {
        "claims": claims,
        "reader": claims["user"].get("full_name") or claims["user"].get("id"),
        "exam": _exam(claims),
        "is_configuration": claims.get("config") is True,
        "attempts": attempts.select_related("exam").order_by("-pk"),
    }
    return render(request, "simulator/dashboard.html", context)


def _claims(token: str, client_id: str) -> dict[str, Any] | None:
    """What the LMS vouches for; None for a token that it did not make, or that has ended."""
    if client_id != settings.SIMULATOR_CLIENT_ID:
        return None
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.SIMULATOR_CLIENT_SECRET,
            algorithms=[ALGORITHM],
            issuer=client_id,
            options={"require": REQUIRED},
        )
    except jwt.InvalidTokenError:
        return None
    return claims if isinstance(claims["user"], dict) else None


def _exam(claims: dict[str, Any]) -> Exam | None:
    return Exam.objects.filter(external_id=claims.get("exam_id", ""), course_id=claims["course_id"]).first()
