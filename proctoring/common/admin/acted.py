"""The record of what staff did: a look before an action over many rows, how far it is, and what came of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proctoring.common.acting import AbstractStaffAction, ActionState, StaffActions, Verb
from proctoring.common.acting.records import MAX_REASON
from proctoring.common.admin.lists import LongListAdmin
from proctoring.common.admin.pages import looking_again, page
from proctoring.common.admin.reading import ReadOnlyAdmin, is_row_id
from proctoring.common.errors import DomainError

# So many rows are looked at beforehand.
SHOWN = 20


class StaffActionsAdmin(LongListAdmin, ReadOnlyAdmin):
    """What staff did, and what they are about to do."""

    staff_actions: StaffActions
    # What is on record here and was done elsewhere: verb -> what it is called.
    names: Mapping[str, str | Promise] = {}

    list_display = ("id", "what", "by", "state", "total", "done", "refused", "confirmed_at", "reason")
    list_display_links = ("id", "what")
    list_filter = ("state",)
    list_select_related = ("by",)
    search_person = "by"
    date_hierarchy = "created"
    ordering = ("-id",)

    def what(self, action: AbstractStaffAction) -> str:
        verb = self.staff_actions.verbs.get(action.verb)
        return str(verb.label if verb else self.names.get(action.verb, action.verb))

    what.short_description = gettext_lazy("action")  # type: ignore[attr-defined]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Chosen rows are many, and read on the action's own page only."""
        return super().get_queryset(request).defer("ids", "marks", "refusals")

    def get_urls(self) -> list[URLPattern]:
        # Verbs talk to vendors, which is not for a transaction.
        view = transaction.non_atomic_requests(self.admin_site.admin_view(self.look_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_look"
        return [path("<int:action_id>/look/", view, name=name), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """There is one page of an action."""
        pk = unquote(object_id)
        if not is_row_id(pk):
            raise Http404
        return HttpResponseRedirect(self._look_url(int(pk)))

    def look_view(self, request: HttpRequest, action_id: int) -> HttpResponse:
        """What will follow, how far it is, or what came of it; a POST with a reason confirms."""
        action = self._found(action_id)
        is_seen = action is not None and action.by_id == request.user.pk
        if not is_seen and not self.has_view_permission(request):
            raise PermissionDenied
        if action is None:
            raise Http404
        if request.method == "POST":
            try:
                self.staff_actions.confirm(action_id, request.user, request.POST.get("reason", ""))
            except self.model.DoesNotExist:
                raise Http404 from None
            except DomainError as refusal:
                return self._page(request, self._found(action_id) or action, refusal.detail)
            return HttpResponseRedirect(self._look_url(action_id))
        return self._page(request, action)

    def _found(self, action_id: int) -> AbstractStaffAction | None:
        """Without the rows that were chosen: a page that looks again every other second has no use for them."""
        rows: QuerySet[Any] = self.model._default_manager.select_related("by").defer("ids", "marks")
        try:
            return rows.filter(pk=action_id).first()
        except OverflowError:
            return None

    def _page(self, request: HttpRequest, action: AbstractStaffAction, refusal: str = "") -> HttpResponse:
        verb = self.staff_actions.verbs.get(action.verb)
        # What will follow says something of the rows, and is for whoever chose them and may do it.
        is_theirs = verb is not None and action.by_id == request.user.pk and verb.may(request.user)
        planned = action.state == ActionState.PLANNED and is_theirs
        foreseen = self.staff_actions.foresee(action, SHOWN, request.user) if planned else []
        context = {
            "title": self.what(action),
            "verb": verb,
            "action": action,
            "is_running": action.state == ActionState.RUNNING,
            "script": looking_again() if action.state == ActionState.RUNNING else "",
            "is_planned": planned,
            "foreseen": foreseen,
            "is_possible": action.total > SHOWN or not all(one.refusal for one in foreseen),
            "total": action.total,
            "unseen": max(0, action.total - SHOWN),
            "refused": self._refused(action),
            "refusal": refusal,
            "reason": request.POST.get("reason", ""),
            "max_reason": MAX_REASON,
            "back": self._back(verb),
            "opts": self.opts,
            **self.admin_site.each_context(request),
        }
        return TemplateResponse(request, page("action.html"), context, status=400 if refusal else 200)

    def _refused(self, action: AbstractStaffAction) -> Sequence[tuple[str, str]]:
        return [(_("Row %(id)s") % {"id": pk}, sentence) for pk, sentence in action.refusals]

    def _look_url(self, action_id: int) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_look"
        return reverse(name, args=[action_id], current_app=self.admin_site.name)

    def _back(self, verb: Verb | None) -> str:
        """The list of the rows, where this admin has one; otherwise that of actions."""
        try:
            return self._list_of(verb.model if verb else self.model)
        except NoReverseMatch:
            return self._list_of(self.model)

    def _list_of(self, model: Any) -> str:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        return reverse(name, current_app=self.admin_site.name)
