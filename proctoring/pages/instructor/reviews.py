"""The review of an attempt: the vendor's remarks along the time of the exam, and the decision of a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from proctoring.common.errors import DomainError
from proctoring.models import ProctoredExamSoftwareSecureReview, ProctoredExamStudentAttempt
from proctoring.pages.base import CoursePage
from proctoring.services import access, reviews
from proctoring.services.dashboards import has_dashboard
from proctoring.services.timeline import Mark, Timeline, timeline
from proctoring.services.vendors import backend_if_configured, backend_name
from proctoring.services.wording import REVIEW_STATUSES, vendor_words

WIDTH, LANE = 1000, 24
CHANGE_REVIEW = "proctoring.change_proctoredexamsoftwaresecurereview"


@dataclass(frozen=True, slots=True)
class Interval:
    """A mark of the timeline where it is drawn."""

    number: int
    mark: Mark
    x: float
    y: int
    width: float


class ReviewPage(CoursePage):
    """Staff of the course look; whoever may review for the vendor, or change reviews in the admin, decides."""

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
        viewer: Any = self.request.user
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
            choices=[
                (status, REVIEW_STATUSES[status], target)
                for status, target in reviews.verdicts(self.review, self.attempt, viewer).items()
            ],
            vendor=vendor_words(self.attempt.proctored_exam, backend),
            dashboard_url=self._dashboard_url() if has_dashboard(backend) else "",
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The decision; a refusal is told on the page."""
        if not self._may_decide():
            return self.render_to_response(self.get_context_data(), status=403)
        if request.POST.get("seen") != str(self.review.modified.timestamp()):
            messages.error(request, _("The review has changed since you opened it. Please look at it again."))
            return HttpResponseRedirect(request.path)
        try:
            decided: Any = request.user
            reviews.decide(self.review, reviewer=decided, review_status=request.POST.get("decision", ""))
        except DomainError as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("Your decision is recorded, and what follows from it is under way."))
        return HttpResponseRedirect(request.path)

    def _may_decide(self) -> bool:
        user: Any = self.request.user
        return access.may_review(user, backend_name(self.attempt.proctored_exam)) or user.has_perm(CHANGE_REVIEW)

    def _dashboard_url(self) -> str:
        if not self.attempt.external_id:
            return ""
        args = [self.course_id, self.attempt.proctored_exam_id]
        return f"{reverse('edx_proctoring:instructor_dashboard_exam', args=args)}?attempt={self.attempt.external_id}"


def _intervals(line: Timeline) -> Iterator[Interval]:
    for number, mark in enumerate(line.marks, start=1):
        yield Interval(number, mark, mark.begin * WIDTH, mark.lane * LANE, mark.length * WIDTH)
