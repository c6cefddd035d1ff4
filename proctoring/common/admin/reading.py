"""Screens that tell nobody too much, and are not broken by what is sent to them; rows for reading."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse

# Ids of more digits would not fit into any column.
MAX_ID_DIGITS = 18


def is_row_id(text: str) -> bool:
    """Whether a row may have this number."""
    return text.isdecimal() and len(text) <= MAX_ID_DIGITS


class FoundSelect(AutocompleteSelect):
    """A row that was searched for. Django would ask for whatever was sent, and fail where it is no number."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if not one or is_row_id(str(one))], attr)


class GuardedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Whoever may not see rows learns nothing of them, and what cannot be a row's id is refused (400) or not found."""

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        # Django looks for the row first.
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        response: HttpResponse = super().history_view(request, object_id, *args, **kwargs)
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not all(map(is_row_id, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest("A chosen row has no number.")
        response: HttpResponse = super().changelist_view(request, extra_context)
        return response

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # Not every pattern is one to a database, and some keep it busy.
        return not lookup.endswith("regex") and bool(super().lookup_allowed(lookup, value, request))

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", FoundSelect(db_field, self.admin_site, using=kwargs.get("using")))
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows can be looked at by whoever may view the model; nobody adds, changes or deletes them here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def permits(self, request: HttpRequest, codename: str) -> bool:
        """Whether the signed-in person has the permission of this app."""
        return bool(request.user.has_perm(f"{self.opts.app_label}.{codename}"))
