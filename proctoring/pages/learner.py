"""
What a learner's buttons do: plain forms that come back to the host's page; with htmx that page is loaded again.

Whose attempt it is decides what may be done. One of somebody else is not there, as one that does not exist.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.csrf import csrf_protect
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from proctoring.common.errors import DomainError
from proctoring.conf import config
from proctoring.exceptions import (
    ProctoredExamNotFoundException,
    ProctoredExamPermissionDenied,
    StudentExamAttemptAlreadyExistsException,
    StudentExamAttemptDoesNotExistsException,
    StudentExamAttemptedAlreadyStarted,
)
from proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from proctoring.pages.refusals import by_htmx, refused, too_often
from proctoring.services import access, attempts, exams, links, resetting
from proctoring.statuses import ProctoredExamStudentAttemptStatus as Status

logger = logging.getLogger(__name__)

Attempt = ProctoredExamStudentAttempt
FIRST_WAIT, LONGEST_WAIT = 3, 30
SETTING_UP = {Status.created, Status.download_software_clicked}
# A second press of the same button: what it asks for is there.
DONE_BEFORE = (StudentExamAttemptAlreadyExistsException, StudentExamAttemptedAlreadyStarted)


def _acknowledge(attempt: Attempt) -> None:
    if not config.viewable_past_due:
        raise Http404
    attempts.edit(attempt.pk, is_status_acknowledged=True)


VERBS: dict[str, Callable[[Attempt], object]] = {
    "start": attempts.start,
    "stop": attempts.stop,
    "submit": attempts.submit,
    "decline": attempts.decline,
    "reset_attempt": lambda attempt: resetting.reset(attempt.proctored_exam, attempt.user_id, by=attempt.user),
    "acknowledge": _acknowledge,
}


@method_decorator(csrf_protect, name="dispatch")
class LearnersView(View):
    """Somebody who is signed in, with an account that is not suspended; nothing where special exams are off."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Services open their own transactions, and talk to vendors outside of them."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not config.enabled:
            raise Http404
        if not request.user.is_authenticated:
            return HttpResponseClientRefresh() if by_htmx(request) else redirect_to_login(_next(request) or "/")
        if not request.user.is_active:
            raise PermissionDenied
        response = too_often(request, _next(request) or "/") or super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    @cached_property
    def attempt(self) -> Attempt:
        """The learner's own attempt that the address names."""
        try:
            attempt = attempts.by_id(self.kwargs["attempt_id"])
            access.require_owner(self.request.user, attempt)
        except (StudentExamAttemptDoesNotExistsException, ProctoredExamPermissionDenied):
            raise Http404 from None
        return attempt


class DeedView(LearnersView):
    """A button: it does what it says, and the learner sees the host's page again, or why nothing was done."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        back = _next(request) or self.exam_url or "/"
        try:
            self.do()
        except DONE_BEFORE:
            pass
        except DomainError as refusal:
            return _refused(request, refusal, back)
        return self.onward(back)

    def do(self) -> None:
        """Do it. Raises a refusal."""
        raise NotImplementedError

    def onward(self, back: str) -> HttpResponse:
        """To where the learner goes on."""
        return HttpResponseClientRefresh() if by_htmx(self.request) else HttpResponseRedirect(back)

    @property
    def exam(self) -> ProctoredExam:
        """The exam that it is about."""
        raise NotImplementedError

    @property
    def exam_url(self) -> str:
        """The exam's page in the host; empty where it has none."""
        return links.jump_to(self.exam.course_id, self.exam.content_id)


class BeginView(DeedView):
    """A new attempt: proctored, or without proctoring, which for an exam that is proctored means declining it."""

    @cached_property
    def exam(self) -> ProctoredExam:
        try:
            return exams.by_id(self.kwargs["exam_id"])
        except ProctoredExamNotFoundException:
            raise Http404 from None

    def do(self) -> None:
        learner: Any = self.request.user
        if self.request.POST.get("proctored") == "true":
            if not access.may_take(learner, self.exam):
                raise Http404
            attempts.create(self.exam, learner, proctored=True)
            return
        if self.exam.is_proctored:
            attempts.decline(attempts.create(self.exam, learner, proctored=False))
        else:
            attempts.create_started(self.exam, learner)


class ActView(DeedView):
    """One of the learner's moves with an attempt."""

    @property
    def exam(self) -> ProctoredExam:
        return self.attempt.proctored_exam

    def do(self) -> None:
        if self.kwargs["verb"] not in VERBS:
            raise Http404
        VERBS[self.kwargs["verb"]](self.attempt)

    def onward(self, back: str) -> HttpResponse:
        if self.kwargs["verb"] != "stop" or not self.exam_url:
            return super().onward(back)
        # The clock may stand in any page of the exam; whether to hand in is asked in the exam's own.
        redirect = HttpResponseClientRedirect if by_htmx(self.request) else HttpResponseRedirect
        return redirect(self.exam_url)


class WaitingView(LearnersView):
    """The set-up screen asks whether it is still right: more slowly the longer nothing happens."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self._is_still_right(request.GET.get("status", "")):
            return HttpResponseClientRefresh()
        context = {"attempt_id": self.attempt.pk, "status": self.attempt.status, "seconds": _next_wait(request)}
        return render(request, "proctoring/parts/waiting.html", context)

    def _is_still_right(self, shown: str) -> bool:
        try:
            return self.attempt.status == shown and shown in SETTING_UP
        except Http404:
            # Course staff may have removed it while the learner was waiting.
            if not by_htmx(self.request):
                raise
            return False


def _next_wait(request: HttpRequest) -> int:
    waited = request.GET.get("seconds", "")
    seconds = int(waited) if waited.isascii() and waited.isdecimal() and len(waited) < 4 else FIRST_WAIT
    return max(FIRST_WAIT, min(seconds + 1, LONGEST_WAIT))


def _next(request: HttpRequest) -> str:
    """Where the form wants the learner to come back to; empty where that is not a page of this site."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here else ""


def _refused(request: HttpRequest, refusal: DomainError, back: str) -> HttpResponse:
    logger.info("Refused: code=%s", refusal.code)
    # What stands in the way is how things are, and not the request; unless it is the vendor, or us.
    return refused(request, refusal.detail, back, status=max(refusal.response_status, 409))
