"""Legal holds, certificates of erasure, and what waits to be erased."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from proctoring.common.admin import ActingAdmin, LongListAdmin, ReadOnlyAdmin
from proctoring.common.admin.retention import CertificatesAdmin, HoldsAdmin
from proctoring.models import ErasureCertificate, PendingErasure, RetentionHold, VendorErasure
from proctoring.services import certificates, holds, staff_actions

LIFTED = ("lifted_at", "lifted_by", "lifted_because")


@admin.register(RetentionHold)
class RetentionHoldAdmin(HoldsAdmin):
    """The app's own."""

    staff_actions = staff_actions.actions
    list_display = ("id", "user", "course_id", "case_reference", "placed_at", "placed_by", "lifted_at", "lifted_by")
    search_exact = ("course_id", "case_reference")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        placed = ("user", "course_id", "case_reference", "reason")
        return placed if obj is None else (*placed, "placed_at", "placed_by", *LIFTED)

    def place(self, request: HttpRequest, hold: Any) -> RetentionHold:
        return holds.place(
            request.user, hold.reason, case=hold.case_reference, learner=hold.user, course_id=hold.course_id
        )


@admin.register(ErasureCertificate)
class ErasureCertificateAdmin(CertificatesAdmin):
    """The app's own."""

    def document(self, certificate: Any) -> dict[str, Any]:
        return certificates.document(certificate)


@admin.register(VendorErasure)
class VendorErasureAdmin(ActingAdmin, LongListAdmin, ReadOnlyAdmin):
    """Who was asked to delete a learner, and has confirmed it or not; staff note what was answered in writing."""

    staff_actions = staff_actions.actions

    list_display = ("id", "vendor", "learner", "asked_at", "confirmed_at")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter),)
    search_exact = ("learner",)
    ordering = ("-id",)


@admin.register(PendingErasure)
class PendingErasureAdmin(LongListAdmin, ReadOnlyAdmin):
    """Erasures that were asked for and are not complete."""

    list_display = ("id", "user_id", "asked_at", "asked_by", "is_held")
    list_filter = ("is_held",)
    search_exact = ("user_id",)
    ordering = ("-id",)
    exclude = ("erased", "withheld")
