"""What learners of the course have been granted: seen, granted to many, changed, taken back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proctoring.common.errors import DomainError
from proctoring.models import ProctoredExamStudentAllowance
from proctoring.pages.base import CoursePage, beside, searched_for
from proctoring.pages.instructor.allowance_forms import GrantForm, ValueForm
from proctoring.services import allowances

PAGE_SIZE = 25
MOST_TOLD = 50


class AllowancesPage(CoursePage):
    """A page of learners, each with what they have been granted."""

    tab = "allowances"
    template_name = "proctoring/instructor/allowances.html"
    part_name = "proctoring/instructor/allowances_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = searched_for(self.request.GET)
        page = Paginator(self._learners(search), PAGE_SIZE).get_page(self.request.GET.get("page"))
        granted = allowances.of_learners(self.course_id, list(page))
        return super().get_context_data(
            search=search,
            granted=granted.items(),
            **beside(page, [("q", search)]),
            **kwargs,
        )

    def _learners(self, search: str) -> Any:
        if not search:
            return allowances.CountedLearners(self.course_id)
        username = get_user_model().USERNAME_FIELD
        learners = allowances.learners_of_course(self.course_id)
        return learners.filter(Q(**{f"{username}__icontains": search}) | Q(email__icontains=search))


class GrantPage(CoursePage):
    """The form for many learners and many exams at once."""

    tab = "allowances"
    template_name = "proctoring/instructor/allowance_grant.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or GrantForm(self.course_id)
        return super().get_context_data(form=form, list_url=list_url(self.course_id), **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Grant it. What could not be granted is told on the form, with all that was typed in still there."""
        form = GrantForm(self.course_id, request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        wanted = form.cleaned_data
        exams = {exam.pk: exam for exam in wanted["exams"]}
        try:
            kind, value = wanted["kind"], wanted["value"]
            outcomes = allowances.grant_in_bulk(exams, wanted["learners"], kind, value, exams, request.user)
        except DomainError as refusal:
            form.add_error("value", refusal.detail)
            return self.render_to_response(self.get_context_data(form=form), status=400)
        failed = [outcome for outcome in outcomes if outcome.error]
        done = len(outcomes) - len(failed)
        if done:
            messages.success(request, _granted(done))
        if failed:
            return self.render_to_response(self.get_context_data(form=form, failed=_told(failed)), status=400)
        return HttpResponseRedirect(list_url(self.course_id))


class AllowancePage(CoursePage):
    """One allowance of the course; another course's is not there."""

    tab = "allowances"

    @cached_property
    def allowance(self) -> ProctoredExamStudentAllowance:
        """The allowance."""
        found = allowances.for_course(self.course_id).filter(pk=self.kwargs["allowance_id"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(allowance=self.allowance, list_url=list_url(self.course_id), **kwargs)


class ChangePage(AllowancePage):
    """Another value."""

    template_name = "proctoring/instructor/allowance_change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or ValueForm(initial={"value": self.allowance.value})
        return super().get_context_data(form=form, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Store it; a value that cannot be is told at its field."""
        form = ValueForm(request.POST)
        if form.is_valid():
            allowance = self.allowance
            try:
                place = allowance.proctored_exam_id, allowance.user_id, allowance.key
                allowances.grant(*place, form.cleaned_data["value"], by=request.user)
            except DomainError as refusal:
                form.add_error("value", refusal.detail)
            else:
                messages.success(request, _("The allowance is changed. Who sits the exam now has it at once."))
                return HttpResponseRedirect(list_url(self.course_id))
        return self.render_to_response(self.get_context_data(form=form), status=400)


class TakeBackPage(AllowancePage):
    """First what will follow, then the deed."""

    template_name = "proctoring/instructor/allowance_take_back.html"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Take it back."""
        allowance = self.allowance
        allowances.remove(allowance.proctored_exam_id, allowance.user_id, allowance.key, by=request.user)
        messages.success(request, _("The allowance is taken back."))
        return HttpResponseRedirect(list_url(self.course_id))


def _granted(number: int) -> str:
    return ngettext("{number} allowance is granted.", "{number} allowances are granted.", number).format(number=number)


def _told(failed: list[allowances.Outcome]) -> list[str]:
    """Each refusal in words, by learner; not more of them than anybody reads."""
    sentences = dict.fromkeys(f"{outcome.learner}: {outcome.error.detail}" for outcome in failed if outcome.error)
    return list(sentences)[:MOST_TOLD]


def list_url(course_id: str) -> str:
    """The list's address."""
    return reverse("edx_proctoring:pages.allowances", args=[course_id])
