"""Which photos there are, who looked at them, and what reviewers think: for reading."""

from django.contrib import admin

from proctoring.common.admin import ReadOnlyAdmin
from verify_student.models import LocalOpinion, PhotoAccess, StoredPhoto


@admin.register(StoredPhoto)
class StoredPhotoAdmin(ReadOnlyAdmin):
    """Photos are looked at on the page of their verification, where every look is recorded."""

    list_display = ("id", "verification", "kind", "content_type", "size", "created_at", "deleted_at")
    list_select_related = ("verification",)
    list_filter = ("kind", "deleted_at")
    search_fields = ("=verification__receipt_id",)
    fields = ("verification", "kind", "content_type", "size", "key_id", "created_at", "deleted_at")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(PhotoAccess)
class PhotoAccessAdmin(ReadOnlyAdmin):
    """Looks at photos (W31)."""

    list_display = ("id", "at", "user", "verification", "kind", "purpose")
    list_select_related = ("user", "verification")
    list_filter = ("kind", "at")
    search_fields = ("user__username", "=verification__receipt_id")
    fields = ("at", "user", "verification", "kind", "purpose")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(LocalOpinion)
class LocalOpinionAdmin(ReadOnlyAdmin):
    """Opinions of reviewers."""

    list_display = ("id", "at", "reviewer", "verification", "approves", "reasons")
    list_select_related = ("reviewer", "verification")
    list_filter = ("approves", "at")
    search_fields = ("reviewer__username", "=verification__receipt_id")
    fields = ("at", "reviewer", "verification", "approves", "reasons")
    ordering = ("-id",)
    show_full_result_count = False
