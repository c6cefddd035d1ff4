"""Verifications that need no photo: staff vouch, or an identity provider is trusted (contract §1.3, §1.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from verify_student.models.base import IDVerificationAttempt

PROVIDER_MODELS = "common.djangoapps.third_party_auth.models"


class ManualVerification(IDVerificationAttempt):
    """Staff vouch for the learner."""

    reason = models.CharField(_("reason"), max_length=255, blank=True)

    class Meta:
        app_label = "verify_student"
        verbose_name = _("manual verification")
        verbose_name_plural = _("manual verifications")
        # Ours, added by 0006: those that staff vouched for together.
        indexes = [models.Index(fields=["reason"], name="verify_student_manual_reason")]

    def __str__(self) -> str:
        return f"ManualIDVerification for {self.name}, status: {self.status}"

    def should_display_status_to_user(self) -> bool:
        return False


class SSOVerification(IDVerificationAttempt):
    """The identity provider through which the learner signs in is trusted to know them."""

    OAUTH2 = f"{PROVIDER_MODELS}.OAuth2ProviderConfig"
    SAML = f"{PROVIDER_MODELS}.SAMLProviderConfig"
    LTI = f"{PROVIDER_MODELS}.LTIProviderConfig"
    IDENTITY_PROVIDER_TYPE_CHOICES = ((OAUTH2, "OAuth2 Provider"), (SAML, "SAML Provider"), (LTI, "LTI Provider"))

    identity_provider_type = models.CharField(
        _("kind of identity provider"), max_length=100, choices=IDENTITY_PROVIDER_TYPE_CHOICES, default=SAML
    )
    identity_provider_slug = models.SlugField(_("identity provider"), max_length=30, db_index=True, default="default")

    class Meta:
        app_label = "verify_student"
        verbose_name = _("single-sign-on verification")
        verbose_name_plural = _("single-sign-on verifications")

    def __str__(self) -> str:
        return f"SSOIDVerification for {self.name}, status: {self.status}"

    def should_display_status_to_user(self) -> bool:
        return False
