"""The course's attempts: found, opened, started over, let go on."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from proctoring.common.errors import DomainError
from proctoring.common.tables import written
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.pages.base import CoursePage, searched_for, turned_to
from proctoring.services import course_attempts, resuming, starting_over
from proctoring.services.course_attempts import Place, Wanted
from proctoring.services.wording import STATUSES, kinds_of

OLDEST = "oldest"


class AttemptsPage(CoursePage):
    """A page of the list. What is looked for stands in the address, so that it can be kept and passed on."""

    tab = "attempts"
    template_name = "proctoring/instructor/attempts.html"
    part_name = "proctoring/instructor/attempts_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exams = course_attempts.exams_of(self.course_id)
        query = self.request.GET
        wanted = wanted_of(query, exams)
        page, kinds = course_attempts.page(exams, wanted), kinds_of(exams)
        return super().get_context_data(
            exams=exams,
            wanted=wanted,
            search=wanted.search,
            page=page,
            rows=[(row, kinds[row.latest.proctored_exam_id]) for row in page.rows],
            statuses=STATUSES.items(),
            next_url=_beside(query, "after", page.next),
            previous_url=_beside(query, "before", page.previous),
            is_narrowed=any(query.get(name) for name in ("q", "exam", "status")),
            **kwargs,
        )


class AttemptsFile(CoursePage):
    """All attempts of the course as a comma-separated file."""

    tab = "attempts"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The file, sent while it is read."""
        headers = {"Content-Disposition": 'attachment; filename="attempts.csv"'}
        rows = written(course_attempts.as_table(course_attempts.exams_of(self.course_id)))
        return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


class AttemptPage(CoursePage):
    """Something that staff do with a learner's attempts at an exam: first what will follow, then the deed."""

    tab = "attempts"

    @cached_property
    def row(self) -> course_attempts.Row:
        """The learner's attempts at the exam; another course's are not there."""
        attempt = ProctoredExamStudentAttempt.objects.get_exam_attempt_by_id(self.kwargs["attempt_id"])
        if attempt is None or attempt.proctored_exam.course_id != self.course_id:
            raise Http404
        return course_attempts.row_of(attempt)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(row=self.row, list_url=self.list_url, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, and go back to the list; a refusal is told there."""
        try:
            told = self.do(self.row)
        except DomainError as refusal:
            messages.error(request, str(refusal.detail))
        else:
            messages.success(request, told)
        return HttpResponseRedirect(self.list_url)

    def do(self, row: course_attempts.Row) -> str:
        """Do it, and say so."""
        raise NotImplementedError

    @property
    def list_url(self) -> str:
        """The list's address."""
        return reverse("edx_proctoring:pages.attempts", args=[self.course_id])


class ResetPage(AttemptPage):
    """All attempts of the learner at the exam go, and what the LMS keeps because of them."""

    template_name = "proctoring/instructor/reset.html"

    def do(self, row: course_attempts.Row) -> str:
        latest = row.latest
        starting_over.remove_all(latest.proctored_exam_id, latest.user_id, by=self.request.user)  # type: ignore[arg-type]
        return _("The attempts have been removed. The learner can begin the exam anew.")


class ResumePage(AttemptPage):
    """The learner may go on after an error, with the time that was left."""

    template_name = "proctoring/instructor/resume.html"

    def do(self, row: course_attempts.Row) -> str:
        resuming.approve(row.latest.pk, by=self.request.user)  # type: ignore[arg-type]
        return _("The learner can go on with the exam, with the time that was left.")


def wanted_of(query: Mapping[str, str], exams: list[ProctoredExam]) -> Wanted:
    """What an address asks for; what makes no sense in it is as if it were not there."""
    exam = query.get("exam", "")
    status = query.get("status", "")
    return Wanted(
        exam_id=next((one.pk for one in exams if str(one.pk) == exam), None),
        statuses=frozenset({status} & set(STATUSES)),
        search=searched_for(query),
        oldest_first=query.get("sort") == OLDEST,
        after=Place.read(query.get("after", "")),
        before=Place.read(query.get("before", "")),
    )


def _beside(query: Mapping[str, str], way: str, place: Place | None) -> str:
    """The address of the page beside this one; empty where there is none."""
    if place is None:
        return ""
    return turned_to(((name, query.get(name)) for name in ("q", "exam", "status", "sort")), way, place)
