"""Rows that are deleted one at a time."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class SinglyDeletedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """No request deletes many of them: something follows from each, and takes its time."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        return {name: action for name, action in actions.items() if name != "delete_selected"}
