"""Rows on which staff act: buttons on a row's page, actions over the list, and a look at what will follow."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from proctoring.common.acting import AbstractStaffAction, ChangedMeanwhile, StaffActions, Verb, sound_reason
from proctoring.common.acting.records import MAX_REASON
from proctoring.common.acting.work import MAX_ROWS
from proctoring.common.admin.pages import extending, page
from proctoring.common.errors import DomainError

MAX_PLANNED = MAX_ROWS + 1


class ActingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """
    The verbs of ``staff_actions`` for this model, for those who may; nothing is done before somebody has seen what will
    follow, and has said why.
    """

    staff_actions: StaffActions

    def verbs_for(self, request: HttpRequest) -> list[Verb]:
        """What the signed-in person may do to rows of this model."""
        return [verb for verb in self.staff_actions.verbs.of(self.model) if verb.may(request.user)]

    def get_urls(self) -> list[URLPattern]:
        # Verbs talk to vendors, which is not for a transaction.
        view = transaction.non_atomic_requests(self.admin_site.admin_view(self.act_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<path:object_id>/act/<slug:verb_name>/", view, name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if _is_popup(request):
            return super().get_actions(request)
        mine = {verb.name: (_planner(verb), verb.name, str(verb.label)) for verb in self.verbs_for(request)}
        return {**super().get_actions(request), **mine}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        offered = self.verbs_for(request) if object_id and not _is_popup(request) else []
        if isinstance(response, TemplateResponse) and offered:
            extending(response, "change_form.html", verbs=[(verb, self._act_url(object_id, verb)) for verb in offered])
        return response

    def act_view(self, request: HttpRequest, object_id: str, verb_name: str) -> HttpResponse:
        """What will follow for one row; a POST with a reason does it."""
        verb = self.staff_actions.verbs.get(verb_name)
        if verb is None or verb.model is not self.model:
            raise Http404
        if not verb.may(request.user) or not self.has_view_permission(request):
            raise PermissionDenied
        row = self._row(verb, unquote(object_id))
        if request.method == "POST":
            try:
                return self._done(request, self._do(request, verb, row), row)
            except DomainError as refusal:
                # As it is now: it may have changed.
                return self._look(request, verb, self._row(verb, row.pk), refusal)
        return self._look(request, verb, row)

    def _look(self, request: HttpRequest, verb: Verb, row: Any, refusal: DomainError | None = None) -> TemplateResponse:
        foresight = verb.look(row, request.user)
        context = {
            "title": str(verb.label),
            "verb": verb,
            "is_planned": True,
            "foreseen": [foresight],
            "is_possible": not foresight.refusal,
            "total": 1,
            "refusal": refusal.detail if refusal else "",
            "seen": verb.mark(row),
            "reason": request.POST.get("reason", ""),
            "max_reason": MAX_REASON,
            "back": self._change_url(row.pk),
            "opts": self.opts,
            **self.admin_site.each_context(request),
        }
        return TemplateResponse(
            request, page("action.html"), context, status=refusal.response_status if refusal else 200
        )

    def _row(self, verb: Verb, object_id: Any) -> Any:
        try:
            row = verb.rows().filter(pk=object_id).first()
        except (ValidationError, ValueError, OverflowError):
            row = None
        if row is None:
            raise Http404
        return row

    def _do(self, request: HttpRequest, verb: Verb, row: Any) -> AbstractStaffAction:
        # A refusal takes the plan back.
        with transaction.atomic():
            action = self.staff_actions.plan(verb, [row.pk], request.user)
            if action.marks != [request.POST.get("seen", "")]:
                raise ChangedMeanwhile
            reason = sound_reason(request.POST.get("reason", ""))
        return self.staff_actions.confirm(action.pk, request.user, reason)

    def _done(self, request: HttpRequest, action: AbstractStaffAction, row: Any) -> HttpResponse:
        for _pk, sentence in action.refusals:
            self.message_user(request, sentence, messages.ERROR)
        now = self.model._default_manager.filter(pk=row.pk).first()
        if action.done:
            self.message_user(request, _("Done: %(row)s.") % {"row": now or row}, messages.SUCCESS)
        return HttpResponseRedirect(self._change_url(now.pk) if now else self._list_url())

    def _act_url(self, object_id: str | None, verb: Verb) -> str:
        return self._url("act", unquote(object_id or ""), verb.name)

    def _change_url(self, pk: Any) -> str:
        return self._url("change", pk)

    def _list_url(self) -> str:
        return self._url("changelist")

    def _url(self, view: str, *args: Any) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}"
        return reverse(name, args=args, current_app=self.admin_site.name)


def _is_popup(request: HttpRequest) -> bool:
    """Where a row is chosen for a form, nothing else is done to it."""
    return IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST


def _planner(verb: Verb) -> Callable[[ActingAdmin, HttpRequest, Any], HttpResponse | None]:
    """The list's action of ``verb``: the choice is frozen, and looked at on a page of its own."""

    def planned(model_admin: ActingAdmin, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        ids = queryset.order_by("pk").values_list("pk", flat=True)
        try:
            # One more than can be planned is enough to refuse.
            action = model_admin.staff_actions.plan(verb, ids[:MAX_PLANNED], request.user)
        except DomainError as refusal:
            model_admin.message_user(request, refusal.detail, messages.ERROR)
            return None
        opts = model_admin.staff_actions.model._meta
        name = f"admin:{opts.app_label}_{opts.model_name}_look"
        return HttpResponseRedirect(reverse(name, args=[action.pk], current_app=model_admin.admin_site.name))

    return planned
