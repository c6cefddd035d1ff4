"""The review of an attempt: the vendor's remarks along the time of the exam, and the decision of a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from proctoring.common.acting import ActionRefused, sound_reason
from proctoring.common.acting.log import log_line
from proctoring.common.acting.records import MAX_REASON
from proctoring.common.errors import DomainError
from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.pages.base import CoursePage
from proctoring.services import access, audit, second_reviews
from proctoring.services.dashboards import has_dashboard
from proctoring.services.second_reviews import Prospect
from proctoring.services.timeline import Mark, Timeline, timeline
from proctoring.services.vendors import backend_if_configured, backend_name
from proctoring.services.wording import REVIEW_STATUSES, vendor_words

WIDTH, LANE = 1000, 24
REVIEW_ATTEMPTS = "proctoring.review_attempts"


@dataclass(frozen=True, slots=True)
class Interval:
    """A mark of the timeline where it is drawn."""

    number: int
    mark: Mark
    x: float
    y: int
    width: float


class ReviewPage(CoursePage):
    """Staff of the course look; whoever may review for the vendor, or decide in the admin, decides."""

    tab = "attempts"
    template_name = "proctoring/instructor/review.html"

    @cached_property
    def attempt(self) -> ProctoredExamStudentAttempt:
        """The attempt; another course's is not there."""
        attempt = ProctoredExamStudentAttempt.objects.get_exam_attempt_by_id(self.kwargs["attempt_id"])
        if attempt is None or attempt.proctored_exam.course_id != self.course_id:
            raise Http404
        return attempt

    @cached_property
    def review(self) -> ProctoredExamSoftwareSecureReview:
        """Its review."""
        review = ProctoredExamSoftwareSecureReview.get_review_by_attempt_code(self.attempt.attempt_code)
        if review is None:
            raise Http404
        return review

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The vendor's remarks are evidence: that somebody looks is on record before they do, also after a refusal."""
        audit.record("review.looked_at", self.review, actor=self.request.user, with_message=False)
        backend = backend_if_configured(self.attempt.proctored_exam)
        line = timeline(self.attempt, list(self.review.proctoredexamsoftwaresecurecomment_set.all()))
        return super().get_context_data(
            attempt=self.attempt,
            review=self.review,
            line=line,
            intervals=list(_intervals(line)),
            ticks=[line.seconds * part // 4 for part in range(5)],
            width=WIDTH,
            lane=LANE,
            height=max(line.lanes, 1) * LANE,
            may_decide=self._may_decide(),
            seen=second_reviews.seen(self.review, self.attempt),
            max_reason=MAX_REASON,
            choices=list(self._choices()) if self._may_decide() else (),
            vendor=vendor_words(self.attempt.proctored_exam, backend),
            dashboard_url=self._dashboard_url() if has_dashboard(backend) else "",
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The decision; a refusal is told on the page."""
        if not self._may_decide():
            return self.render_to_response(self.get_context_data(), status=403)
        typed = request.POST.get("reason", "").replace("\0", "")
        try:
            reason = sound_reason(typed)
        except ActionRefused:
            return self._again(_("Say why in %(number)s characters at most.") % {"number": MAX_REASON}, typed)
        try:
            decided = second_reviews.decide(
                self.review,
                reviewer=request.user,  # type: ignore[arg-type]
                decision=request.POST.get("decision", ""),
                reason=reason,
                looked_at=request.POST.get("seen", ""),
            )
        except DomainError as refusal:
            return self._again(refusal.detail, reason)
        log_line(type(self.review), self.review.pk, request.user, decided.logged(reason))
        messages.success(request, _("Your decision is recorded. %(told)s") % {"told": decided.prospect.told})
        return HttpResponseRedirect(request.path)

    def _again(self, refusal: str, reason: str) -> HttpResponse:
        """The page as things stand now, with what was typed."""
        messages.error(self.request, refusal)
        for known in ("review", "attempt"):
            self.__dict__.pop(known, None)
        return self.render_to_response(self.get_context_data(reason=reason[:MAX_REASON]), status=400)

    def _choices(self) -> Iterator[tuple[Prospect, Any]]:
        reviewer: Any = self.request.user
        for prospect in second_reviews.prospects(self.review, self.attempt, reviewer):
            yield prospect, REVIEW_STATUSES[prospect.decision]

    def _may_decide(self) -> bool:
        user: Any = self.request.user
        backend = backend_name(self.attempt.proctored_exam)
        return bool(user.has_perm(REVIEW_ATTEMPTS)) or access.is_reviewer_of(user, backend)

    def _dashboard_url(self) -> str:
        if not self.attempt.external_id:
            return ""
        args = [self.course_id, self.attempt.proctored_exam_id]
        return f"{reverse('edx_proctoring:instructor_dashboard_exam', args=args)}?attempt={self.attempt.external_id}"


def _intervals(line: Timeline) -> Iterator[Interval]:
    for number, mark in enumerate(line.marks, start=1):
        yield Interval(number, mark, mark.begin * WIDTH, mark.lane * LANE, mark.length * WIDTH)
