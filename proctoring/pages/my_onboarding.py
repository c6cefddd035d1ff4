"""The learner's onboarding panel, for the course's home page or by itself (contract vendors_admin_screens.md §6.10)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from proctoring.conf import config
from proctoring.exceptions import (
    OnboardingProfilesNotKept,
    ProctoredExamNotFoundException,
    ProctoredExamPermissionDenied,
    UserNotFoundException,
)
from proctoring.pages.base import Page
from proctoring.pages.refusals import by_htmx
from proctoring.services import access, onboarding
from proctoring.statuses import IN_PROGRESS
from proctoring.statuses import InstructorDashboardOnboardingAttemptStatus as Shown
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

NOTHING_HERE = (
    OnboardingProfilesNotKept,
    ProctoredExamNotFoundException,
    ProctoredExamPermissionDenied,
    UserNotFoundException,
)


class Standing(StrEnum):
    """Where a learner stands, as the panel says it."""

    NOT_STARTED = "not started"
    STARTED = "started"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    APPROVED_ELSEWHERE = "approved elsewhere"
    REJECTED = "rejected"
    ERROR = "error"
    EXPIRES_SOON = "expires soon"
    EXPIRED = "expired"


STANDINGS: dict[str, Standing] = {
    **dict.fromkeys(IN_PROGRESS, Standing.STARTED),
    **dict.fromkeys((Status.submitted, Status.timed_out, Status.second_review_required), Standing.SUBMITTED),
    Status.verified: Standing.VERIFIED,
    Shown.other_course_approved: Standing.APPROVED_ELSEWHERE,
    Status.rejected: Standing.REJECTED,
    Status.error: Standing.ERROR,
    Status.expired: Standing.EXPIRED,
}
TONES = {
    Standing.SUBMITTED: "wait",
    Standing.VERIFIED: "good",
    Standing.APPROVED_ELSEWHERE: "good",
    Standing.EXPIRES_SOON: "wait",
}
CONTENT = {Standing.SUBMITTED, Standing.VERIFIED, Standing.APPROVED_ELSEWHERE}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the panel's template reads; ``link`` is empty while the exam cannot be opened."""

    standing: Standing
    tone: str
    until: datetime | None
    is_own: bool
    link: str
    past_due: bool
    opens: datetime | None
    requirements_url: str

    @property
    def needs_exam(self) -> bool:
        """Whether the learner has the onboarding exam to take, or would do well to."""
        return self.standing not in CONTENT


def standing_of(found: onboarding.LearnerOnboarding, now: datetime) -> Standing:
    """An approval that has ended, or will soon, is told as that; a renewal that has begun is told instead of it."""
    ends = found.has_expired(now) or found.expires_soon(now)
    renewal = STANDINGS.get(found.renewal or "", Standing.NOT_STARTED) if ends else Standing.NOT_STARTED
    if renewal is not Standing.NOT_STARTED:
        return renewal
    if ends:
        return Standing.EXPIRED if found.has_expired(now) else Standing.EXPIRES_SOON
    return STANDINGS.get(found.status or "", Standing.NOT_STARTED)


def shape_of(panel: onboarding.Panel, now: datetime, *, is_own: bool) -> Shape:
    """What there is to say and to do."""
    standing = standing_of(panel.onboarding, now)
    release = panel.choice.release_date
    return Shape(
        standing=standing,
        tone=TONES.get(standing, "bad"),
        until=panel.onboarding.expiration_date,
        is_own=is_own,
        link=panel.link(is_learning_mfe=False) or "",
        past_due=panel.past_due,
        opens=release if release is not None and release > now else None,
        requirements_url=panel.review_requirements_url or (config.link_urls or {}).get("tech_requirements", ""),
    )


class MyOnboardingPage(Page):
    """
    Where the learner stands with the course's onboarding; for its staff, where the learner called ``username`` does.

    Where there is nothing to show a host's page stays as it is, and a page of its own does not exist.
    """

    template_name = "proctoring/onboarding_panel_page.html"
    part_name = "proctoring/onboarding_panel.html"

    def authorise(self, user: Any) -> None:
        """Everybody sees their own."""

    def handle_no_permission(self) -> Any:
        """No sign-in page appears in the middle of a host's page."""
        return HttpResponse(status=204) if by_htmx(self.request) else super().handle_no_permission()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except NOTHING_HERE:
            if by_htmx(request):
                return HttpResponse(status=204)
            raise Http404 from None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        course_id, now = str(self.kwargs["course_id"]), timezone.now()
        learner = self._learner(course_id)
        panel = onboarding.panel_of(course_id, learner, now)
        shape = shape_of(panel, now, is_own=learner == self.request.user)
        return super().get_context_data(panel=shape, **kwargs)

    def _learner(self, course_id: str) -> Any:
        username, viewer = self.request.GET.get("username", ""), self.request.user
        if not username or username == viewer.get_username():
            return viewer
        access.require_course_staff(viewer, course_id)
        return onboarding.learner_named(username)
