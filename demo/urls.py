"""Addresses of the demo LMS."""

from django.contrib import admin
from django.urls import include, path
from oauth2_provider.views import TokenView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("oauth2/access_token", TokenView.as_view(), name="oauth2_access_token"),
    path("api/", include("proctoring.urls")),
    path("api/user/v1/accounts/", include("verify_student.urls.accounts")),
    path("verify_student/", include("verify_student.urls")),
    path("", include("verify_student.urls.pages")),
    path("", include("demo.lms.urls")),
]
