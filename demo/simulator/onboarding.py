"""Onboarding statuses of a course (contract vendors_admin_screens.md §3.9), derived from the learners' rehearsals."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone

from demo.simulator import behaviour
from demo.simulator.behaviour import Subject
from demo.simulator.gateway import Call
from demo.simulator.models import Attempt
from demo.simulator.spoiling import Answer

GOOD_FOR = timedelta(days=365)
PAGE_SIZE = 100
NO_PROFILE = "no-profile"
EXPIRED = "expired"
APPROVED_HERE, APPROVED_ELSEWHERE = "approved-in-course", "approved-in-different-course"


def statuses(call: Call) -> Answer:
    """One learner's status with ``user_id``; otherwise a page of those whose status is in ``status`` (empty: any)."""
    query, course_id = call.request.GET, call.ids["course_id"]
    if user_id := query.get("user_id"):
        return Answer(_profile(user_id, course_id, _rehearsals().filter(user_id=user_id)))
    wanted = {status for status in query.get("status", "").split(",") if status}
    profiles = [profile for profile in _profiles(course_id) if not wanted or profile["status"] in wanted]
    page_size = query.get("page_size", "")
    pages = Paginator(
        profiles, int(page_size) if page_size.isdecimal() and int(page_size) else len(profiles) or PAGE_SIZE
    )
    page = pages.get_page(query.get("page"))
    return Answer(
        {
            "results": list(page.object_list),
            "count": pages.count,
            "num_pages": pages.num_pages,
            "next": page.next_page_number() if page.has_next() else None,
            "previous": page.previous_page_number() if page.has_previous() else None,
        }
    )


def _rehearsals() -> Any:
    return Attempt.objects.filter(is_sample=True).select_related("exam").order_by("pk")


def _profiles(course_id: str) -> list[dict[str, Any]]:
    by_learner: dict[str, list[Attempt]] = {}
    for attempt in _rehearsals():
        by_learner.setdefault(attempt.user_id, []).append(attempt)
    return [_profile(user_id, course_id, attempts) for user_id, attempts in by_learner.items()]


def _profile(user_id: str, course_id: str, attempts: Iterable[Attempt]) -> dict[str, Any]:
    if planned := behaviour.plan_for(Subject(learner=user_id)).onboarding_status:
        return _shown(user_id, planned, _planned_end(planned))
    status, expires = NO_PROFILE, None
    for attempt in attempts:
        here = attempt.exam.course_id == course_id
        if attempt.review_status == "passed":
            status, expires = (APPROVED_HERE if here else APPROVED_ELSEWHERE), attempt.registered_at + GOOD_FOR
        elif here and expires is None:
            status = _unapproved(attempt) or status
    if expires and expires < timezone.now():
        status = EXPIRED
    return _shown(user_id, status, expires)


def _planned_end(status: str) -> datetime | None:
    ends = {APPROVED_HERE: GOOD_FOR, APPROVED_ELSEWHERE: GOOD_FOR, EXPIRED: -timedelta(days=1)}
    return timezone.now() + ends[status] if status in ends else None


def _shown(user_id: str, status: str, expires: datetime | None) -> dict[str, Any]:
    return {"user_id": user_id, "status": status, "expiration_date": expires.date().isoformat() if expires else None}


def _unapproved(attempt: Attempt) -> str:
    if attempt.review_status:
        return "rejected"
    return "pending" if attempt.status == "submitted" else ""
