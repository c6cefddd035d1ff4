"""
Verifications that need no photo: by staff, by single sign-on, by plug-ins.

A status is never typed: it is moved, with everything that follows from the move (W73).
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from verify_student.models import ManualVerification, SSOVerification, VerificationAttempt
from verify_student.services import manual, plugin_attempts
from verify_student.statuses import VerificationAttemptStatus


class NamedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the three kinds share: only the fields that were changed are written."""

    list_select_related = ("user",)
    ordering = ("-id",)
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Any, form: "forms.ModelForm[Any]", change: bool) -> None:
        obj.save(update_fields=[*form.changed_data, "updated_at"])


class VouchForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom staff vouch for. The name comes from the profile."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        learner = (cleaned or {}).get("user")
        if learner is not None and manual.recent(learner) is not None:
            raise ValidationError({"user": _("Staff have vouched for this learner already.")})
        return cleaned


@admin.register(ManualVerification)
class ManualVerificationAdmin(NamedAdmin):
    """Staff vouch for a learner by adding a row, and take it back by deleting it."""

    list_display = ("id", "user", "status", "reason", "created_at", "updated_at")
    search_fields = ("user__username", "reason")
    raw_id_fields = ("user",)

    def get_fields(self, request: HttpRequest, obj: ManualVerification | None = None) -> tuple[str, ...]:
        known = ("user", "status", "name", "reason", "expiration_date", "status_changed", "created_at", "updated_at")
        return known if obj else ("user", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: ManualVerification | None = None) -> tuple[str, ...]:
        return ("user", "status", "status_changed", "created_at", "updated_at") if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = VouchForm
        return super().get_form(request, obj, change, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: ManualVerification, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.pk = manual.vouch(obj.user, reason=obj.reason).pk
            obj.refresh_from_db()


@admin.register(SSOVerification)
class SSOVerificationAdmin(NamedAdmin):
    """Sign-on makes these; nobody adds them by hand."""

    list_display = ("id", "user", "status", "identity_provider_slug", "created_at", "updated_at")
    search_fields = ("user__username", "identity_provider_slug")
    readonly_fields = (
        "user",
        "status",
        "identity_provider_slug",
        "identity_provider_type",
        "status_changed",
        "created_at",
        "updated_at",
    )
    fields = ("name", "expiration_date", *readonly_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(VerificationAttempt)
class VerificationAttemptAdmin(NamedAdmin):
    """Plug-ins make these. A decision of staff is told to the host like one of the plug-in's."""

    list_display = ("id", "user", "name", "status", "expiration_datetime")
    search_fields = ("user__username", "name")
    readonly_fields = ("user", "status", "status_changed", "created_at", "updated_at")
    fields = ("name", "expiration_datetime", "hide_status_from_user", *readonly_fields)
    actions = ("approve", "deny")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Approve"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: "QuerySet[VerificationAttempt]") -> None:
        self._move(request, queryset, VerificationAttemptStatus.APPROVED)

    @admin.action(description=_("Deny"), permissions=["change"])
    def deny(self, request: HttpRequest, queryset: "QuerySet[VerificationAttempt]") -> None:
        self._move(request, queryset, VerificationAttemptStatus.DENIED)

    def _move(
        self, request: HttpRequest, queryset: "QuerySet[VerificationAttempt]", status: VerificationAttemptStatus
    ) -> None:
        moved = 0
        for attempt in queryset.exclude(status=status).order_by("pk"):
            plugin_attempts.update(attempt.pk, None, status)
            self.log_change(request, attempt, f"status: {status.value}")
            moved += 1
        self.message_user(request, _("Decided on: %(number)s") % {"number": moved}, messages.SUCCESS)
