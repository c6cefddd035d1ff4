"""The addresses about one account; hosts mount them under ``api/user/v1/accounts/`` (contract §4.5)."""

from django.urls import re_path

from verify_student.rest.accounts import VerificationStatusView, VerificationsView

USERNAME = r"(?P<username>[\w.@+-]+)"

urlpatterns = [
    re_path(rf"^{USERNAME}/verification_status/$", VerificationStatusView.as_view(), name="verification_status"),
    re_path(rf"^{USERNAME}/verifications/$", VerificationsView.as_view(), name="verification_details"),
]
