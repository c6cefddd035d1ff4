"""
A page that plays the vendor on developers' machines (contract §2.9): its buttons send results for the caller's photos.

It shows the vendor's access key to whoever has signed in, so it is there only where a switch says so.
"""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from verify_student.conf import config
from verify_student.models import SoftwareSecurePhotoVerification


@method_decorator(never_cache, name="dispatch")
class VendorStubView(LoginRequiredMixin, View):
    """``FEATURES["ENABLE_SOFTWARE_SECURE_FAKE"]``."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not config.vendor_stub:
            raise Http404
        if request.user.is_authenticated and not request.user.is_active:
            # Some platforms let suspended accounts keep their sessions.
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page, for the caller's verification that changed last."""
        learner: Any = request.user
        latest = SoftwareSecurePhotoVerification.objects.filter(user=learner).order_by("-updated_at").first()
        about = {
            "receipt_id": latest.receipt_id if latest else "",
            "access_key": config.software_secure.get("API_ACCESS_KEY", ""),
        }
        return render(request, "verify_student/vendor_stub.html", about)
