"""Which photos there are, who looked at them, and what reviewers think: for reading."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from proctoring.common.admin import LongListAdmin, ReadOnlyAdmin
from verify_student.models import LocalOpinion, PhotoAccess, SoftwareSecurePhotoVerification, StoredPhoto
from verify_student.services import access


class OfVerificationsAdmin(LongListAdmin, ReadOnlyAdmin):
    """What belongs to photo verifications, and is found by their receipts."""

    list_select_related: ClassVar[tuple[str, ...]] = ("verification",)
    ordering = ("-id",)

    @property
    def search_help_text(self) -> str:  # type: ignore[override]
        if not self.search_person:
            return _("A whole receipt, or a number.")
        return _("A whole receipt, the beginning of a user name, or a number.")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("verification__receipt_id", *super().get_search_fields(request))

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        # Two steps, each with an index: no database joins a million rows for one receipt.
        known = SoftwareSecurePhotoVerification.objects.filter(receipt_id=term)
        ids = list(known.values_list("pk", flat=True))
        if ids or not (self.search_person or term.isdecimal()):
            return queryset.filter(verification__in=ids), False
        return super().get_search_results(request, queryset, search_term)


@admin.register(StoredPhoto)
class StoredPhotoAdmin(OfVerificationsAdmin):
    """Photos are looked at on the page of their verification, where every look is recorded."""

    list_display = ("id", "verification", "kind", "content_type", "size", "created_at", "deleted_at")
    list_filter = ("kind", "deleted_at")
    date_hierarchy = "created_at"
    fields = ("verification", "kind", "content_type", "size", "key_id", "created_at", "deleted_at")


@admin.register(PhotoAccess)
class PhotoAccessAdmin(OfVerificationsAdmin):
    """Looks at photos (W31)."""

    list_display = ("id", "at", "user", "verification", "kind", "purpose")
    list_select_related = ("user", "verification")
    list_filter = ("kind",)
    search_person = "user"
    date_hierarchy = "at"
    fields = ("at", "user", "verification", "kind", "purpose")


@admin.register(LocalOpinion)
class LocalOpinionAdmin(OfVerificationsAdmin):
    """
    Opinions of reviewers. Whoever may decide sees those of others when nothing depends on them any more: two who agree
    have each looked for themselves.
    """

    list_display = ("id", "at", "reviewer", "verification", "approves", "reasons")
    list_select_related = ("reviewer", "verification")
    list_filter = ("approves",)
    search_person = "reviewer"
    date_hierarchy = "at"
    fields = ("at", "reviewer", "verification", "approves", "reasons")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[LocalOpinion]":
        rows = super().get_queryset(request)
        if not request.user.has_perm(access.DECIDE):
            return rows
        return rows.filter(Q(reviewer=request.user) | Q(at__lte=F("verification__status_changed")))
