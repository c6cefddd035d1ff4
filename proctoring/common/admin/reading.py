"""Rows for reading."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


class GuardedHistoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Whoever may not see rows learns nothing from their histories: Django looks for the row first."""

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        response: HttpResponse = super().history_view(request, object_id, *args, **kwargs)
        return response


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
