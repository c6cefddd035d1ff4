"""Legal holds, and what is left to show once data was erased."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from proctoring.common.acting import sound_reason
from proctoring.common.admin.acting import ActingAdmin
from proctoring.common.admin.lists import LongListAdmin
from proctoring.common.admin.reading import ReadOnlyAdmin
from proctoring.common.errors import DomainError
from proctoring.common.retention.holds import NothingToHold


class HoldForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new hold, which ``place`` of the app's admin puts in force."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self) -> str:
        try:
            return sound_reason(self.cleaned_data["reason"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.detail) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("user") and not cleaned.get("course_id", "").strip():
            raise forms.ValidationError(NothingToHold().detail)
        return cleaned


class HoldsAdmin(ActingAdmin, LongListAdmin):
    """Holds are placed and lifted, each with a reason; they are neither changed nor deleted."""

    form = HoldForm
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user", "placed_by", "lifted_by")
    raw_id_fields = ("user",)
    search_person = "user"
    ordering = ("-id",)

    def place(self, request: HttpRequest, hold: Any) -> Any:
        """Put it in force; the hold. Raises ``DomainError``."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.hold_data")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request) or super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = self.place(request, obj).pk


class CertificatesAdmin(LongListAdmin, ReadOnlyAdmin):
    """Certificates of erasure; the document is a file. Learners are known by hashes only."""

    list_display = ("id", "erased_at", "learner", "download")
    search_exact = ("learner",)
    ordering = ("-id",)
    fields = ("erased_at", "learner", "sha256", "download", "told")
    readonly_fields = ("download", "told")

    def document(self, certificate: Any) -> dict[str, Any]:
        """What is handed out."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download_view)
        return [path("<int:pk>/certificate.json", view, name=self._url_name), *super().get_urls()]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        certificate = self.get_queryset(request).filter(pk=pk).first()
        if certificate is None:
            raise Http404
        text = json.dumps(self.document(certificate), indent=2, ensure_ascii=False)
        name = f'attachment; filename="erasure-{self.opts.app_label}-{pk}.json"'
        return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": name})

    @admin.display(description=_("document"))
    def download(self, certificate: Any) -> SafeString:
        address = reverse(f"{self.admin_site.name}:{self._url_name}", args=[certificate.pk])
        return format_html('<a href="{}">{}</a>', address, _("Download certificate %(id)s") % {"id": certificate.pk})

    @admin.display(description=_("what it says"))
    def told(self, certificate: Any) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(self.document(certificate), indent=2, ensure_ascii=False))

    @property
    def _url_name(self) -> str:
        return f"{self.opts.app_label}_erasurecertificate_download"
