"""
Verifications that need no photo: by staff, by single sign-on, by plug-ins.

A status is never typed: it is moved, with everything that follows from the move (W73).
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting.log import called
from proctoring.common.admin import ActingAdmin, LongListAdmin, SinglyDeletedAdmin
from verify_student.models import ManualVerification, SSOVerification, VerificationAttempt
from verify_student.services import audit, manual, staff_actions


class NamedAdmin(ActingAdmin, SinglyDeletedAdmin, LongListAdmin):
    """
    What the three kinds share: only the fields that were changed are written, and nobody changes their own.

    For how long somebody counts as verified is a decision, and no field.
    """

    staff_actions = staff_actions.actions
    list_select_related = ("user",)
    search_person = "user"
    date_hierarchy = "created_at"
    ordering = ("-id",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_own(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_own(request, obj) and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        facts = {"learner": obj.user_id, "status": audit.code(obj.status)}
        with transaction.atomic():
            audit.record("verification.removed", obj, actor=request.user, **facts)
            super().delete_model(request, obj)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return _unnamed(super().log_addition(request, obj, message), obj)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return _unnamed(super().log_change(request, obj, message), obj)

    def save_model(self, request: HttpRequest, obj: Any, form: "forms.ModelForm[Any]", change: bool) -> None:
        obj.save(update_fields=[*form.changed_data, "updated_at"])


def _unnamed(entry: LogEntry, row: Any) -> LogEntry:
    """The log outlives the learner's retirement, and the row's own text has the learner's name."""
    entry.object_repr = called(type(row), row.pk)
    entry.save(update_fields=["object_repr"])
    return entry


def _is_own(request: HttpRequest, row: Any) -> bool:
    return row is not None and row.user_id == request.user.pk


class VouchForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom the person ``by`` vouches for. The name comes from the profile."""

    by: Any
    reason = forms.CharField(label=_("Reason"), max_length=255, help_text=_("Nobody vouches without saying why."))

    def clean_user(self) -> Any:
        learner = self.cleaned_data["user"]
        if learner.pk == self.by.pk:
            raise ValidationError(_("Nobody vouches for themselves: somebody else does."))
        if manual.recent(learner) is not None:
            raise ValidationError(_("Staff have vouched for this learner already."))
        return learner


@admin.register(ManualVerification)
class ManualVerificationAdmin(NamedAdmin):
    """Staff vouch for a learner by adding a row. Taking it back is an action, with a reason."""

    list_display = ("id", "user", "status", "reason", "created_at", "updated_at")
    search_exact = ("reason",)
    raw_id_fields = ("user",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: ManualVerification | None = None) -> tuple[str, ...]:
        known = ("user", "status", "name", "reason", "expiration_date", "status_changed", "created_at", "updated_at")
        return known if obj else ("user", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: ManualVerification | None = None) -> tuple[str, ...]:
        known = ("user", "status", "expiration_date", "status_changed", "created_at", "updated_at")
        return known if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = type("VouchForm", (VouchForm,), {"by": request.user})
        return super().get_form(request, obj, change, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: ManualVerification, form: "forms.ModelForm[Any]", change: bool
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.pk = manual.vouch(obj.user, reason=obj.reason, by=request.user).pk
            obj.refresh_from_db()


@admin.register(SSOVerification)
class SSOVerificationAdmin(NamedAdmin):
    """Sign-on makes these; nobody adds them by hand."""

    list_display = ("id", "user", "status", "identity_provider_slug", "created_at", "updated_at")
    search_exact = ("identity_provider_slug",)
    readonly_fields = (
        "expiration_date",
        "user",
        "status",
        "identity_provider_slug",
        "identity_provider_type",
        "status_changed",
        "created_at",
        "updated_at",
    )
    fields = ("name", *readonly_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(VerificationAttempt)
class VerificationAttemptAdmin(NamedAdmin):
    """Plug-ins make these. A decision of staff is told to the host like one of the plug-in's."""

    list_display = ("id", "user", "name", "status", "expiration_datetime")
    list_filter = ("status",)
    search_exact = ("name",)
    readonly_fields = ("expiration_datetime", "user", "status", "status_changed", "created_at", "updated_at")
    fields = ("name", "hide_status_from_user", *readonly_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
