"""Rows for reading."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


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
