"""Photo verifications: looked up here, decided on the page of local review."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from proctoring.common.admin import ActingAdmin, ChoiceFilter, LongListAdmin, ReadOnlyAdmin
from verify_student.admin.review import ReviewPages
from verify_student.backends import known_names
from verify_student.models import SoftwareSecurePhotoVerification
from verify_student.services import staff_actions


class ProviderFilter(ChoiceFilter):
    """Who reviews, without asking the verifications."""

    title = _("provider")
    parameter_name = "provider"

    def choices_of(self, model_admin: Any) -> Iterable[str]:
        return known_names()


@admin.register(SoftwareSecurePhotoVerification)
class PhotoVerificationAdmin(ReviewPages, ActingAdmin, LongListAdmin, ReadOnlyAdmin):
    """Everything is for reading (W73); whoever may decide finds the way to the photos and the decision."""

    staff_actions = staff_actions.actions
    list_display = ("id", "user", "status", "receipt_id", "submitted_at", "updated_at")
    list_select_related = ("user",)
    list_filter = ("status", ProviderFilter)
    search_person = "user"
    search_exact = ("receipt_id",)
    date_hierarchy = "created_at"
    ordering = ("-id",)
    # Keys and columns that nothing writes any more are nobody's to read.
    fields = (
        "user",
        "name",
        "status",
        "status_changed",
        "provider",
        "receipt_id",
        "created_at",
        "queued_at",
        "submitted_at",
        "expiration_date",
        "expiry_email_date",
        "reviewing_user",
        "reviewing_service",
        "error_msg",
        "error_code",
        "copy_id_photo_from",
        "updated_at",
    )
